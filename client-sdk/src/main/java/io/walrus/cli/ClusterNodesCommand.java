package io.walrus.cli;

import io.walrus.protocol.Reply;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code walrus cluster nodes}. */
@CommandLine.Command(
        name = "nodes",
        description = "Shows the nodes, where they listen, and how far each has the metadata.",
        mixinStandardHelpOptions = true)
final class ClusterNodesCommand implements Runnable {

    @ParentCommand private ClusterCommand group;
    @Spec private CommandSpec spec;
    @Mixin private ServerOptions server;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table (the default) or json: the whole of METRICS.")
    private OutputFormat format;

    @Override
    public void run() {
        WalrusCommand root = group.root();
        Reply.Json metrics = ClusterCommand.metrics(root.connect(spec.commandLine(), server));
        root.writeLine(
                format == OutputFormat.JSON
                        ? metrics.text()
                        : table(ClusterView.of(StateTable.parse(metrics))));
    }

    private static String table(ClusterView cluster) {
        TextTable table =
                new TextTable()
                        .numbers("NODE")
                        .words("ROLE")
                        .words("CLIENTS")
                        .words("RAFT")
                        .numbers("REPLICATED");
        cluster.nodes()
                .forEach(
                        (id, node) ->
                                table.row(
                                        id,
                                        role(cluster, id),
                                        node.clientAddress(),
                                        node.raftAddress(),
                                        cluster.replicated().get(id)));
        return table.text();
    }

    private static String role(ClusterView cluster, Integer id) {
        if (id.equals(cluster.leader())) {
            return "leader";
        }
        return cluster.voters().contains(id) ? "voter" : "not voting";
    }
}
