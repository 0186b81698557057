package io.walrus.cli;

import io.walrus.protocol.Command;
import io.walrus.protocol.Reply;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code walrus fetch TOPIC SEGMENT OFFSET}. */
@CommandLine.Command(
        name = "fetch",
        description = "Reads one entry by its place; no cursor moves.",
        mixinStandardHelpOptions = true)
final class FetchCommand implements Runnable {

    @ParentCommand private WalrusCommand root;
    @Spec private CommandSpec spec;
    @Mixin private ServerOptions server;

    @Parameters(index = "0", paramLabel = "TOPIC", description = "The topic.")
    private String topic;

    @Parameters(index = "1", paramLabel = "SEGMENT", description = "The segment's number, from 1.")
    private int segment;

    @Parameters(
            index = "2",
            paramLabel = "OFFSET",
            description = "The offset within the segment, from 0.")
    private long offset;

    @Override
    public void run() {
        Reply reply = root.connect(spec.commandLine(), server).call(command());
        if (reply instanceof Reply.Fetched fetched) {
            root.writeEntry(fetched.payload());
            root.flush();
            root.note("next offset: " + fetched.nextOffset());
        } else {
            root.note("EMPTY: " + topic + " has no entry at " + segment + ":" + offset);
        }
    }

    private Command.Fetch command() {
        String name = WalrusCommand.topic(spec.commandLine(), topic);
        try {
            return new Command.Fetch(name, segment, offset);
        } catch (IllegalArgumentException outOfRange) {
            throw new CommandLine.ParameterException(spec.commandLine(), outOfRange.getMessage());
        }
    }
}
