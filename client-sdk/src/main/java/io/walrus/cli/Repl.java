package io.walrus.cli;

import io.vertx.core.buffer.Buffer;
import io.walrus.protocol.TopicName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;

/**
 * The prompt: one command a line, with history and completion for a person, plain lines from a
 * pipe.
 *
 * <p>A person's mistakes end nothing. From a pipe every line is tried, the exit code is that of the
 * first that failed, and a server that cannot be reached ends it.
 */
final class Repl {

    private static final String HELP =
            """
            register TOPIC              create a topic
            put TOPIC DATA              append the rest of the line; one pair of quotes around it is taken off
            get TOPIC [-n N] [--follow] take the next entries
            tail TOPIC [-n N] [--follow] show the last entries, and take none
            fetch TOPIC SEGMENT OFFSET  read one entry by its place
            topic list                  all topics
            topic create TOPIC          create one; also: topic delete TOPIC --yes
            cursor list TOPIC           its named cursors; also: cursor commit TOPIC CURSOR PLACE
            topic describe TOPIC        segments and leaders of one, as a table
            state TOPIC                 segments and leaders, as JSON
            cluster nodes               the nodes; also: info, health, leases
            stat [TOPIC...]             appends a second, a line a second
            metrics                     the cluster, as JSON
            help                        this
            exit                        leave (or end of input)""";

    private final WalrusCommand root;
    private final CliStreams streams;
    private final CommandLine commands;
    private final LiveTopics topics;

    Repl(WalrusCommand root, CliStreams streams) {
        this.root = root;
        this.streams = streams;
        this.commands = WalrusCommandLine.forPrompt(root, streams);
        this.topics = new LiveTopics(root.connection().client());
    }

    int run() {
        try {
            return streams.inIsTerminal() ? converse() : obey();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private int converse() throws IOException {
        try (ReplTerminal terminal =
                ReplTerminal.open(streams, new ReplCompletion(commands, topics::now))) {
            terminal.onInterrupt(Thread.currentThread()::interrupt);
            root.note("Type help for the commands, exit to leave.");
            for (String line = terminal.readLine(); line != null; line = terminal.readLine()) {
                if (ReplLine.parse(line).isExit()) {
                    break;
                }
                execute(line, StandardCharsets.UTF_8);
                // Ctrl-C ends a command that runs, and nothing after it.
                Thread.interrupted();
            }
        }
        return ExitCode.OK;
    }

    private int obey() throws IOException {
        LineSource lines = new LineSource(streams.in());
        int exitCode = ExitCode.OK;
        for (byte[] bytes = lines.next(); bytes != null; bytes = lines.next()) {
            // One char per byte, so that data passes as it is.
            String line = new String(bytes, StandardCharsets.ISO_8859_1);
            if (ReplLine.parse(line).isExit()) {
                break;
            }
            int lineCode = execute(line, StandardCharsets.ISO_8859_1);
            exitCode = exitCode == ExitCode.OK ? lineCode : exitCode;
            if (lineCode == ExitCode.UNREACHABLE) {
                break;
            }
        }
        return exitCode;
    }

    private int execute(String text, Charset charset) {
        ReplLine line = ReplLine.parse(text);
        if (line.isBlank()) {
            return ExitCode.OK;
        }
        if (line.isHelp()) {
            root.note(HELP);
            return ExitCode.OK;
        }
        List<String> words = line.words();
        if (words.size() > 1 && TopicName.isLegal(words.get(1))) {
            topics.add(words.get(1));
        }
        return line.isPut() ? put(line, charset) : commands.execute(words.toArray(String[]::new));
    }

    /** Not by way of the arguments: the rest of the line is data, dashes, spaces and all. */
    private int put(ReplLine line, Charset charset) {
        CommandLine command = commands.getSubcommands().get("put");
        try {
            if (line.data() == null) {
                throw new CliFailure(ExitCode.USAGE, "put wants a topic and data: put TOPIC DATA");
            }
            String topic = WalrusCommand.topic(command, line.words().get(1));
            Buffer payload = Buffer.buffer(line.data().getBytes(charset));
            PutCommand.putOne(root, root.connection(), topic, payload);
            return ExitCode.OK;
        } catch (CliFailure failure) {
            root.note("walrus: " + failure.getMessage());
            return failure.exitCode();
        } catch (CommandLine.ParameterException illegal) {
            root.note("walrus: " + illegal.getMessage());
            return ExitCode.USAGE;
        }
    }
}
