package io.walrus.it.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Says which promises a history breaks.
 *
 * <p>Pure; work grows as n log n. It raises no false alarm: whatever may have happened in the order
 * that the stamps leave open is allowed, an unknown append may be there once or not at all, an
 * unknown GET may have moved its cursor by one. So an empty answer does not prove the run right; a
 * run that ends with a {@link Operation.Scan} and with GETs until EMPTY gives it the most to see.
 *
 * <p>It takes for granted that each cursor starts at the first entry, and that nothing is deleted
 * or retired while the history runs.
 */
public final class HistoryChecker {
    private HistoryChecker() {}

    /** All violations that were found, the earliest first; none for a good history. */
    public static List<Violation> check(History history) {
        List<Violation> violations = new ArrayList<>();
        for (TopicHistory topic : TopicHistory.split(history)) {
            Report report = new Report(topic.name(), violations);
            new SourceCheck(topic, report).run();
            new PlaceCheck(topic, report).run();
            new ScanCheck(topic, report).run();
            topic.cursors()
                    .forEach((name, gets) -> new CursorCheck(topic, name, gets, report).run());
            new RecoveryCheck(topic, history.marks(), report).run();
        }
        violations.sort(Comparator.comparingLong(HistoryChecker::firstStamp));
        return List.copyOf(violations);
    }

    private static long firstStamp(Violation violation) {
        return violation.evidence().stream()
                .mapToLong(operation -> operation.call().startStamp())
                .min()
                .orElse(Call.NEVER);
    }

    /** Where the checks of one topic write what they found. */
    record Report(String topic, List<Violation> violations) {
        void add(Defect defect, String message, Operation... evidence) {
            add(defect, message, List.of(evidence));
        }

        void add(Defect defect, String message, List<? extends Operation> evidence) {
            List<Operation> byStart = new ArrayList<>(evidence);
            byStart.sort(Comparator.comparingLong(operation -> operation.call().startStamp()));
            violations.add(new Violation(defect, topic, message, byStart));
        }
    }
}
