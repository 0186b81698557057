package io.walrus.cli;

import io.walrus.protocol.Command;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code walrus register TOPIC}. */
@CommandLine.Command(
        name = "register",
        description = "Creates a topic; fine if it exists.",
        mixinStandardHelpOptions = true)
final class RegisterCommand implements Runnable {

    @ParentCommand private WalrusCommand root;
    @Spec private CommandSpec spec;
    @Mixin private ServerOptions server;

    @Parameters(paramLabel = "TOPIC", description = "1-128 of A-Z a-z 0-9 . _ -")
    private String topic;

    @Override
    public void run() {
        Command.Register command =
                new Command.Register(WalrusCommand.topic(spec.commandLine(), topic));
        root.connect(spec.commandLine(), server).call(command);
        root.note("OK");
    }
}
