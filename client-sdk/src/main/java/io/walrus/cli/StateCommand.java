package io.walrus.cli;

import io.walrus.protocol.Command;
import io.walrus.protocol.Reply;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code walrus state TOPIC}. */
@CommandLine.Command(
        name = "state",
        description = "Shows the segments of a topic and who leads them.",
        mixinStandardHelpOptions = true)
final class StateCommand implements Runnable {

    @ParentCommand private WalrusCommand root;
    @Spec private CommandSpec spec;
    @Mixin private ServerOptions server;

    @Parameters(paramLabel = "TOPIC", description = "The topic.")
    private String topic;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "json",
            description = "json (the default) or table.")
    private OutputFormat format;

    @Override
    public void run() {
        Command.State command = new Command.State(WalrusCommand.topic(spec.commandLine(), topic));
        Reply reply = root.connect(spec.commandLine(), server).call(command);
        StateTable.write(root, (Reply.Json) reply, format);
    }
}
