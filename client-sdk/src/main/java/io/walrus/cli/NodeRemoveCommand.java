package io.walrus.cli;

import io.walrus.protocol.Command;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code walrus node remove N}. */
@CommandLine.Command(
        name = "remove",
        description = {
            "Has the cluster at --addr forget a node that is gone for good.",
            "Refused while that node is alive, and while it holds entries that no other node has."
        },
        mixinStandardHelpOptions = true)
final class NodeRemoveCommand implements Runnable {

    @Spec private CommandSpec spec;
    @Mixin private ServerOptions server;

    @Parameters(paramLabel = "NODE", description = "The id of the node that is gone.")
    private int node;

    @Option(
            names = "--force",
            description = "Also if entries are given up that only that node held.")
    private boolean force;

    @Override
    public void run() {
        WalrusCommand root = WalrusCommand.rootOf(spec);
        root.connect(spec.commandLine(), server).call(new Command.Remove(node, force));
        root.note("OK, node " + node + " is no member any more");
        root.note("what only it held cannot be read: 'state' lists it as missing_segments");
    }
}
