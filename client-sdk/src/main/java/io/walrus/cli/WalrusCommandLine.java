package io.walrus.cli;

import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;
import picocli.CommandLine;

/**
 * Builds and runs the command {@code walrus}.
 *
 * <p>Exit codes: 0 done, 1 the server said ERR, 2 written wrongly, 3 cannot connect or no answer in
 * time. Blocks the calling thread, never ends the process.
 */
public final class WalrusCommandLine {

    private WalrusCommandLine() {}

    /**
     * The command line with the client's commands and, after them, others: objects of classes
     * annotated with picocli's {@code Command}, which also tells their names.
     */
    public static CommandLine create(CliStreams streams, Object... moreSubcommands) {
        WalrusCommand root = new WalrusCommand(streams);
        CommandLine commandLine = plain(root, streams);
        for (Object subcommand : moreSubcommands) {
            commandLine.addSubcommand(subcommand);
        }
        commandLine.addSubcommand(new CommandLine.HelpCommand());
        return complete(commandLine, root, streams);
    }

    private static CommandLine complete(
            CommandLine commandLine, WalrusCommand root, CliStreams streams) {
        configure(commandLine, streams);
        CommandLine.IExecutionStrategy strategy = commandLine.getExecutionStrategy();
        commandLine.setExecutionStrategy(
                parsed -> {
                    try {
                        return strategy.execute(parsed);
                    } finally {
                        root.close();
                    }
                });
        return commandLine;
    }

    /**
     * Does what the arguments ask for if that is one plain request, such as {@code put TOPIC DATA},
     * in a fraction of the time that {@link #run} takes; returns the exit code. Empty: nothing was
     * done, and {@link #run} is to be called.
     */
    public static OptionalInt runPlain(CliStreams streams, String[] arguments) {
        PlainRequest request = PlainRequest.of(arguments, streams.argumentCharset());
        return request == null
                ? OptionalInt.empty()
                : new PlainCall(request, new EntryWriter(streams), System::nanoTime).run();
    }

    /**
     * Runs the command that the arguments name, or the prompt if they name none; returns the exit
     * code.
     *
     * @param moreSubcommands asked for only if a command of the client is not named first: building
     *     all commands takes longer than a PUT
     */
    public static int run(
            CliStreams streams, String[] arguments, Supplier<Object[]> moreSubcommands) {
        Object only = commandNamedFirst(arguments);
        if (only == null) {
            return create(streams, moreSubcommands.get()).execute(arguments);
        }
        WalrusCommand root = new WalrusCommand(streams);
        CommandLine commandLine = new CommandLine(root).addSubcommand(only);
        return complete(commandLine, root, streams).execute(arguments);
    }

    /**
     * Behind nothing but an address, if at all; null: the arguments have to be looked at closer.
     */
    private static Object commandNamedFirst(String[] arguments) {
        int at = arguments.length > 2 && arguments[0].equals("--addr") ? 2 : 0;
        return switch (arguments.length > at ? arguments[at] : "") {
            case "register" -> new RegisterCommand();
            case "put" -> new PutCommand();
            case "get" -> new GetCommand();
            case "tail" -> new TailCommand();
            case "fetch" -> new FetchCommand();
            case "state" -> new StateCommand();
            case "metrics" -> new MetricsCommand();
            default -> null;
        };
    }

    /** What a client may ask of one node as a member, as subcommands of the command for nodes. */
    public static CommandLine withMemberCommands(Object nodeCommand) {
        return new CommandLine(nodeCommand)
                .addSubcommand(new NodeDrainCommand())
                .addSubcommand(new NodeLeaveCommand())
                .addSubcommand(new NodeRemoveCommand());
    }

    /**
     * The client's commands over a root that may be connected already, as the prompt needs them.
     */
    static CommandLine forPrompt(WalrusCommand root, CliStreams streams) {
        CommandLine commandLine = plain(root, streams);
        configure(commandLine, streams);
        return commandLine;
    }

    private static CommandLine plain(WalrusCommand root, CliStreams streams) {
        return new CommandLine(root)
                .addSubcommand(new RegisterCommand())
                .addSubcommand(new PutCommand())
                .addSubcommand(new GetCommand())
                .addSubcommand(new TailCommand())
                .addSubcommand(new FetchCommand())
                .addSubcommand(new StateCommand())
                .addSubcommand(new MetricsCommand())
                .addSubcommand(new TopicCommand())
                .addSubcommand(cursorCommand())
                .addSubcommand(new ClusterCommand())
                .addSubcommand(new StatCommand(System::nanoTime))
                .addSubcommand(new BenchCommand())
                .addSubcommand(new CompletionCommand());
    }

    /** A time ago is a place that begins like an option: {@code -1h}. */
    private static CommandLine cursorCommand() {
        CommandLine cursor = new CommandLine(new CursorCommand());
        CommandLine seek = new CommandLine(new CursorCommitCommand());
        // Not an alias: what is told about it names the command that was typed.
        seek.getCommandSpec().name("seek").usageMessage().description("The same as commit.");
        cursor.addSubcommand(seek);
        for (String name : List.of("commit", "seek")) {
            cursor.getSubcommands().get(name).setUnmatchedOptionsArePositionalParams(true);
        }
        return cursor;
    }

    private static void configure(CommandLine commandLine, CliStreams streams) {
        FailurePrinter failures = new FailurePrinter();
        commandLine
                .setCaseInsensitiveEnumValuesAllowed(true)
                // An entry may begin with @.
                .setExpandAtFiles(false)
                .setOut(
                        new PrintWriter(
                                new OutputStreamWriter(streams.out(), StandardCharsets.UTF_8),
                                true))
                .setErr(new PrintWriter(streams.err(), true))
                .setColorScheme(
                        CommandLine.Help.defaultColorScheme(
                                streams.colour()
                                        ? CommandLine.Help.Ansi.ON
                                        : CommandLine.Help.Ansi.OFF))
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures);
    }
}
