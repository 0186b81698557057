package io.walrus.cli;

import io.walrus.protocol.Command;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code walrus node leave}. */
@CommandLine.Command(
        name = "leave",
        description = {
            "Has the node at --addr hand over, leave its cluster and stop.",
            "Refused while it holds entries that no other node has."
        },
        mixinStandardHelpOptions = true)
final class NodeLeaveCommand implements Runnable {

    @Spec private CommandSpec spec;
    @Mixin private ServerOptions server;

    @Option(
            names = "--force",
            description = "Also if entries cannot be read any more when it has left.")
    private boolean force;

    @Override
    public void run() {
        WalrusCommand root = WalrusCommand.rootOf(spec);
        root.connect(spec.commandLine(), server).call(new Command.Leave(force));
        root.note("OK, it has left and stops");
    }
}
