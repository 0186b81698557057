package io.walrus.cli;

import io.vertx.core.buffer.Buffer;
import io.walrus.client.WalrusClientOptions;
import io.walrus.protocol.TopicName;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The root: what all commands share, and the prompt when no command is named. */
@Command(
        name = "walrus",
        description = "A distributed log. Without a command: a prompt.",
        mixinStandardHelpOptions = true,
        versionProvider = CliVersion.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done (an empty topic included)",
            "1:the server answered ERR",
            "2:the command is written wrongly",
            "3:cannot connect, or no answer in time"
        })
final class WalrusCommand implements Callable<Integer>, AutoCloseable {

    private final CliStreams streams;
    private final EntryWriter writer;
    private ServerConnection connection;

    @Mixin private ServerOptions server;
    @Spec private CommandSpec spec;

    WalrusCommand(CliStreams streams) {
        this.streams = streams;
        this.writer = new EntryWriter(streams);
    }

    @Override
    public Integer call() {
        connect(spec.commandLine(), server);
        return new Repl(this, streams).run();
    }

    /** The root above a command, however deep it stands. */
    static WalrusCommand rootOf(CommandSpec spec) {
        return (WalrusCommand) spec.root().userObject();
    }

    CliStreams streams() {
        return streams;
    }

    /** The connection of this run; opened by the first command that asks. */
    ServerConnection connect(CommandLine command, ServerOptions options) {
        if (connection == null) {
            connection = new ServerConnection(clientOptions(command, options));
        }
        return connection;
    }

    /** The options of a client for the server that was named, here or before the command. */
    WalrusClientOptions clientOptions(CommandLine command, ServerOptions options) {
        try {
            return options.clientOptions(server);
        } catch (IllegalArgumentException wrongAddress) {
            throw new CommandLine.ParameterException(
                    command, "--addr: " + wrongAddress.getMessage());
        }
    }

    /** The connection that the prompt opened. */
    ServerConnection connection() {
        return connection;
    }

    /** A topic's name as it was typed, or the usage error it is. */
    static String topic(CommandLine command, String name) {
        if (!TopicName.isLegal(name)) {
            try {
                TopicName.check(name);
            } catch (IllegalArgumentException illegal) {
                throw new CommandLine.ParameterException(command, "TOPIC: " + illegal.getMessage());
            }
        }
        return name;
    }

    /** The usage error of a group that was called without one of its commands. */
    static CommandLine.ParameterException subcommandMissing(CommandSpec group) {
        return new CommandLine.ParameterException(
                group.commandLine(),
                group.name() + " wants one of: " + String.join(", ", group.subcommands().keySet()));
    }

    /** Writes an entry, byte for byte and a newline; the caller flushes. */
    void writeEntry(Buffer payload) {
        writer.write(payload.getBytes(), 0);
    }

    void writeLine(String text) {
        writeEntry(Buffer.buffer(text));
        flush();
    }

    void flush() {
        writer.flush();
    }

    /** Says something that is no data. */
    void note(String text) {
        writer.note(text);
    }

    @Override
    public void close() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }
}
