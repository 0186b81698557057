package io.walrus.cli;

import io.walrus.protocol.Reply;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code walrus cluster info}. */
@CommandLine.Command(
        name = "info",
        description = "Shows what the asked node says of itself and of the cluster.",
        mixinStandardHelpOptions = true)
final class ClusterInfoCommand implements Runnable {

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
        return new TextTable()
                .words("WHAT")
                .words("VALUE")
                .row("asked node", cluster.nodeId())
                .row("its role", cluster.role())
                .row("metadata leader", cluster.hasLeader() ? cluster.leader() : "none")
                .row("term", cluster.term())
                .row("last log index", cluster.lastIndex())
                .row("applied index", cluster.appliedIndex())
                .row("voters", cluster.voters())
                .row("nodes", cluster.nodes().keySet())
                .text();
    }
}
