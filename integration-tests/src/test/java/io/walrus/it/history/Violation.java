package io.walrus.it.history;

import java.util.List;

/**
 * One broken promise.
 *
 * @param message what was expected and what came
 * @param evidence the calls that cannot all be true, in the order of their start
 */
public record Violation(Defect defect, String topic, String message, List<Operation> evidence) {
    public Violation {
        evidence = List.copyOf(evidence);
    }

    public Promise promise() {
        return defect.promise();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(promise().title());
        text.append(" broken on ")
                .append(topic)
                .append(" (")
                .append(defect)
                .append("): ")
                .append(message);
        evidence.forEach(operation -> text.append("\n    ").append(operation));
        return text.toString();
    }
}
