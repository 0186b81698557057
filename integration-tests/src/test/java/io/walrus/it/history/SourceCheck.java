package io.walrus.it.history;

import io.walrus.it.history.HistoryChecker.Report;
import io.walrus.it.history.Operation.PlacedValue;
import io.walrus.it.history.Operation.Put;
import io.walrus.it.history.Operation.PutAnswer;
import io.walrus.it.history.Operation.Scan;
import java.util.HashSet;
import java.util.Set;

/** Whatever is read was sent before, and not refused. Each wrong value is reported once. */
final class SourceCheck {
    private final TopicHistory topic;
    private final Report report;
    private final Set<String> reported = new HashSet<>();

    SourceCheck(TopicHistory topic, Report report) {
        this.topic = topic;
        this.report = report;
    }

    void run() {
        for (Operation operation : topic.operations()) {
            TopicHistory.valueRead(operation).ifPresent(value -> look(value, operation));
            if (operation instanceof Scan scan) {
                for (PlacedValue entry : scan.entries()) {
                    look(entry.value(), scan);
                }
            }
        }
    }

    private void look(String value, Operation read) {
        Put put = topic.putOf(value);
        if (put == null) {
            add(Defect.PHANTOM, value, "read " + value + ", which nobody wrote", read);
        } else if (read.call().endedBefore(put.call())) {
            add(Defect.PHANTOM, value, "read " + value + " before it was sent", read, put);
        } else if (put.answer() instanceof PutAnswer.Refused) {
            add(
                    Defect.REFUSED_YET_THERE,
                    value,
                    "read " + value + ", whose append was refused",
                    put,
                    read);
        }
    }

    private void add(Defect defect, String value, String message, Operation... evidence) {
        if (reported.add(value)) {
            report.add(defect, message, evidence);
        }
    }
}
