package io.walrus.cli;

import io.walrus.protocol.Command;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code walrus topic roll TOPIC}. */
@CommandLine.Command(
        name = "roll",
        description = "Seals the open segment and opens the next one at the next leader.",
        mixinStandardHelpOptions = true)
final class TopicRollCommand implements Runnable {

    @Spec private CommandSpec spec;
    @Mixin private ServerOptions server;

    @Parameters(paramLabel = "TOPIC", description = "The topic.")
    private String topic;

    @Override
    public void run() {
        WalrusCommand root = WalrusCommand.rootOf(spec);
        var roll = new Command.Roll(WalrusCommand.topic(spec.commandLine(), topic));
        root.connect(spec.commandLine(), server).call(roll);
        root.note("OK");
    }
}
