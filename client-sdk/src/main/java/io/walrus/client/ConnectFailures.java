package io.walrus.client;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Why each of the addresses could not be reached when it was tried last, and what to look at. One
 * context.
 */
final class ConnectFailures {

    private final Map<String, String> reasons = new LinkedHashMap<>();
    private String advice = ConnectReason.advice(null);

    void refused(String address, Throwable failure) {
        reasons.put(address, ConnectReason.of(failure));
        advice = ConnectReason.advice(failure);
    }

    /** A connection that was there. */
    void lost(String address, String why) {
        reasons.put(address, why);
        advice = ConnectReason.advice(null);
    }

    /** What is the same everywhere is said once. */
    @Override
    public String toString() {
        Set<String> different = Set.copyOf(reasons.values());
        return switch (different.size()) {
                    case 0 -> "no answer yet";
                    case 1 -> different.iterator().next();
                    default ->
                            String.join(
                                    "; ",
                                    reasons.entrySet().stream()
                                            .map(one -> one.getKey() + ": " + one.getValue())
                                            .toList());
                }
                + advice;
    }
}
