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

/** {@code walrus topic describe TOPIC}. */
@CommandLine.Command(
        name = "describe",
        description = "Shows the segments of a topic, who leads them and how much is sealed.",
        mixinStandardHelpOptions = true)
final class TopicDescribeCommand implements Runnable {

    @ParentCommand private TopicCommand group;
    @Spec private CommandSpec spec;
    @Mixin private ServerOptions server;

    @Parameters(paramLabel = "TOPIC", description = "The topic.")
    private String topic;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table (the default) or json.")
    private OutputFormat format;

    @Override
    public void run() {
        Command.State command = new Command.State(WalrusCommand.topic(spec.commandLine(), topic));
        Reply reply = group.root().connect(spec.commandLine(), server).call(command);
        StateTable.write(group.root(), (Reply.Json) reply, format);
    }
}
