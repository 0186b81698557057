package io.walrus.cli;

import io.walrus.protocol.Command;
import io.walrus.protocol.Reply;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code walrus cluster …}: how the cluster stands. */
@CommandLine.Command(
        name = "cluster",
        description = "Shows how the cluster stands.",
        mixinStandardHelpOptions = true,
        subcommands = {
            ClusterInfoCommand.class,
            ClusterHealthCommand.class,
            ClusterNodesCommand.class,
            ClusterLeasesCommand.class
        })
final class ClusterCommand implements Runnable {

    @ParentCommand private WalrusCommand root;
    @Spec private CommandSpec spec;

    WalrusCommand root() {
        return root;
    }

    static Reply.Json metrics(ServerConnection connection) {
        return (Reply.Json) connection.call(new Command.Metrics());
    }

    @Override
    public void run() {
        throw WalrusCommand.subcommandMissing(spec);
    }
}
