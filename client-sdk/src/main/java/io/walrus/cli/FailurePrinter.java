package io.walrus.cli;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;

/**
 * Turns whatever goes wrong into one clear line on standard error and an exit code; never a stack
 * trace.
 */
final class FailurePrinter
        implements CommandLine.IParameterExceptionHandler, CommandLine.IExecutionExceptionHandler {

    private static final System.Logger LOGGER = System.getLogger("io.walrus.cli");

    @Override
    public int handleParseException(CommandLine.ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(line(failure.getMessage()) + suggestion(failure));
        err.println(
                "Try '"
                        + command.getCommandSpec().qualifiedName()
                        + " --help' for how it is used.");
        err.flush();
        return ExitCode.USAGE;
    }

    @Override
    public int handleExecutionException(
            Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        if (failure instanceof CliFailure known) {
            return print(command, known.getMessage(), known.exitCode());
        }
        LOGGER.log(System.Logger.Level.ERROR, "a command failed in an unforeseen way", failure);
        return print(command, "unforeseen failure, see the log: " + failure, ExitCode.REFUSED);
    }

    private static int print(CommandLine command, String message, int exitCode) {
        command.getErr().println(line(message));
        command.getErr().flush();
        return exitCode;
    }

    /** How a failure is told. */
    static String line(String message) {
        return "walrus: " + message.replace('\n', ' ');
    }

    private static String suggestion(CommandLine.ParameterException failure) {
        if (!(failure instanceof CommandLine.UnmatchedArgumentException unmatched)) {
            return "";
        }
        List<String> suggestions = unmatched.getSuggestions();
        if (!suggestions.isEmpty()) {
            return "; did you mean " + String.join(" or ", suggestions) + "?";
        }
        boolean isEntryOfWords =
                failure.getCommandLine().getCommand() instanceof PutCommand
                        && unmatched.getUnmatched().stream().noneMatch(one -> one.startsWith("-"));
        return isEntryOfWords ? "; quote an entry of several words: put TOPIC 'two words'" : "";
    }
}
