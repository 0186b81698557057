package io.walrus.metadata.spec;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What TLC said about one model. */
sealed interface Verdict {
    Pattern BROKEN = Pattern.compile("(?:Invariant|Action property) (\\w+) is violated");
    Pattern STATES =
            Pattern.compile(
                    "(?m)^\\d+ states generated, (\\d+) distinct states found, (\\d+) states left on queue");

    String output();

    /** Searched to the end: no promise was broken in any of the states. */
    record Holds(long distinctStates, String output) implements Verdict {}

    /**
     * A promise was broken; {@link #output} shows the history, step by step.
     *
     * @param promise its name; empty for progress, where TLC does not say which one
     */
    record Broken(Optional<String> promise, String output) implements Verdict {}

    /** TLC did not come to a verdict: a mistake in spec or model, memory, disk. Never a proof. */
    record Unclear(String output) implements Verdict {}

    static Verdict of(String output) {
        Matcher broken = BROKEN.matcher(output);
        if (broken.find()) {
            return new Broken(Optional.of(broken.group(1)), output);
        }
        if (output.contains("Temporal properties were violated")) {
            return new Broken(Optional.empty(), output);
        }
        Matcher states = STATES.matcher(output);
        if (output.contains("No error has been found")
                && states.find()
                && states.group(2).equals("0")) {
            return new Holds(Long.parseLong(states.group(1)), output);
        }
        return new Unclear(output);
    }

    /**
     * Passes only a search that ended, found nothing, and saw at least so many different states: a
     * model that can do nothing keeps every promise.
     */
    default Holds orElseThrow(long distinctStatesMin) {
        if (!(this instanceof Holds holds)) {
            throw new AssertionError("expected every promise to hold, but TLC said:\n" + output());
        }
        if (holds.distinctStates() < distinctStatesMin) {
            throw new AssertionError(
                    "expected TLC to see at least "
                            + distinctStatesMin
                            + " distinct states, it saw "
                            + holds.distinctStates()
                            + ": an action can no longer be taken, or the world became too small");
        }
        return holds;
    }
}
