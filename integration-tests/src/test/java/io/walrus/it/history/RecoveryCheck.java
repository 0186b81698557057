package io.walrus.it.history;

import io.walrus.it.history.HistoryChecker.Report;
import io.walrus.it.history.Operation.Get;
import io.walrus.it.history.Operation.GetAnswer;
import io.walrus.it.history.Operation.Put;
import io.walrus.it.history.Operation.Read;
import io.walrus.it.history.Operation.ReadAnswer;
import java.util.List;

/** After a fault is healed and the time to recover is over, calls succeed, and somebody writes. */
final class RecoveryCheck {
    private final TopicHistory topic;
    private final List<Mark> marks;
    private final Report report;

    RecoveryCheck(TopicHistory topic, List<Mark> marks, Report report) {
        this.topic = topic;
        this.marks = marks;
        this.report = report;
    }

    void run() {
        for (int i = 0; i < marks.size(); i++) {
            if (marks.get(i) instanceof Mark.MustWork healed) {
                long until = i + 1 < marks.size() ? marks.get(i + 1).stamp() : Call.NEVER;
                callsSucceed(healed, until);
            }
        }
        if (!marks.isEmpty() && marks.get(marks.size() - 1) instanceof Mark.MustWork last) {
            somebodyWrites(last);
        }
    }

    /** A call that was still under way when the next fault began may fail. */
    private void callsSucceed(Mark.MustWork healed, long until) {
        topic.operations().stream()
                .filter(operation -> healed.stamp() < operation.call().startStamp())
                .filter(operation -> operation.call().startStamp() < until)
                .filter(operation -> until == Call.NEVER || operation.call().endStamp() < until)
                .filter(RecoveryCheck::failed)
                .findFirst()
                .ifPresent(
                        operation ->
                                report.add(
                                        Defect.NOT_RECOVERED,
                                        "a call failed after " + healed.fault() + " was healed",
                                        operation));
    }

    /** Only asked of topics that had an acknowledged append before. */
    private void somebodyWrites(Mark.MustWork healed) {
        boolean before = false;
        boolean after = false;
        for (Put put : topic.puts()) {
            before |= put.isAcked() && put.call().endStamp() < healed.stamp();
            after |= put.isAcked() && healed.stamp() < put.call().startStamp();
        }
        if (before && !after) {
            report.add(
                    Defect.NOT_RECOVERED,
                    "no append was acknowledged after " + healed.fault() + " was healed",
                    List.of());
        }
    }

    private static boolean failed(Operation operation) {
        if (operation instanceof Put put) {
            return !put.isAcked();
        }
        if (operation instanceof Get get) {
            return get.answer() instanceof GetAnswer.Refused
                    || get.answer() instanceof GetAnswer.Unknown;
        }
        return operation instanceof Read read && read.answer() instanceof ReadAnswer.Failed;
    }
}
