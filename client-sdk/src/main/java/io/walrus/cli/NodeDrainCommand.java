package io.walrus.cli;

import io.walrus.protocol.Command;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code walrus node drain}. */
@CommandLine.Command(
        name = "drain",
        description = {
            "Has the node at --addr hand over all that it leads.",
            "It leads nothing new until --undo or its next start."
        },
        mixinStandardHelpOptions = true)
final class NodeDrainCommand implements Runnable {

    @Spec private CommandSpec spec;
    @Mixin private ServerOptions server;

    @Option(names = "--undo", description = "The node may be given segments again.")
    private boolean undo;

    @Override
    public void run() {
        WalrusCommand root = WalrusCommand.rootOf(spec);
        root.connect(spec.commandLine(), server)
                .call(undo ? new Command.Undrain() : new Command.Drain());
        root.note(undo ? "OK, it takes segments again" : "OK, it leads nothing");
    }
}
