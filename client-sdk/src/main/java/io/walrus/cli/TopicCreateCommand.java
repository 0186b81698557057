package io.walrus.cli;

import io.walrus.protocol.Command;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code walrus topic create TOPIC…}. */
@CommandLine.Command(
        name = "create",
        description = "Creates topics; fine if they exist.",
        mixinStandardHelpOptions = true)
final class TopicCreateCommand implements Runnable {

    @ParentCommand private TopicCommand group;
    @Spec private CommandSpec spec;
    @Mixin private ServerOptions server;

    @Parameters(
            arity = "1..*",
            paramLabel = "TOPIC",
            description = "1-128 of A-Z a-z 0-9 . _ -; several are created one after the other.")
    private List<String> topics;

    @Override
    public void run() {
        // All names are checked before the first is sent: a typing mistake changes nothing.
        List<Command> commands = new ArrayList<>();
        for (String topic : topics) {
            commands.add(new Command.Register(WalrusCommand.topic(spec.commandLine(), topic)));
        }
        ServerConnection connection = group.root().connect(spec.commandLine(), server);
        commands.forEach(connection::call);
        group.root().note("OK");
    }
}
