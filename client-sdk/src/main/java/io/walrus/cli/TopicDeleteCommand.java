package io.walrus.cli;

import io.walrus.protocol.Command;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code walrus topic delete TOPIC…}. */
@CommandLine.Command(
        name = "delete",
        description = "Removes topics and everything in them, for good.",
        mixinStandardHelpOptions = true)
final class TopicDeleteCommand implements Runnable {

    @ParentCommand private TopicCommand group;
    @Spec private CommandSpec spec;
    @Mixin private ServerOptions server;

    @Parameters(arity = "1..*", paramLabel = "TOPIC", description = "The topics.")
    private List<String> topics;

    @Option(names = "--yes", description = "Yes, for good. Without it nothing is done.")
    private boolean isMeant;

    @Override
    public void run() {
        List<Command> commands = new ArrayList<>();
        for (String topic : topics) {
            commands.add(new Command.Delete(WalrusCommand.topic(spec.commandLine(), topic)));
        }
        if (!isMeant) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    "topic delete removes every entry of "
                            + String.join(", ", topics)
                            + " for good; if that is meant, say --yes");
        }
        ServerConnection connection = group.root().connect(spec.commandLine(), server);
        commands.forEach(connection::call);
        group.root().note("OK");
    }
}
