package io.walrus.cli;

import picocli.CommandLine;

/** Says in one way everywhere that a number is too small or too large. */
final class Limits {

    private Limits() {}

    /** Throws the usage error that a number outside of its limits is. */
    static void check(CommandLine command, String name, long value, long min, long max) {
        if (value < min || max < value) {
            String range = max == Long.MAX_VALUE ? "at least " + min : min + " to " + max;
            throw new CommandLine.ParameterException(
                    command, name + ": " + range + " is wanted; came: " + value);
        }
    }
}
