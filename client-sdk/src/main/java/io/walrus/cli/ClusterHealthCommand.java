package io.walrus.cli;

import io.vertx.core.json.JsonObject;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code walrus cluster health}. */
@CommandLine.Command(
        name = "health",
        description =
                "Asks every node, looks at every topic, and says in one sentence whether all is well.",
        mixinStandardHelpOptions = true,
        footer = {"", "Exits with 1 if it is not."})
final class ClusterHealthCommand implements Callable<Integer> {

    @ParentCommand private ClusterCommand group;
    @Spec private CommandSpec spec;
    @Mixin private ServerOptions server;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table (the default) or json.")
    private OutputFormat format;

    @Override
    public Integer call() {
        ClusterHealth health = ClusterHealth.ask(group.root().connect(spec.commandLine(), server));
        group.root().writeLine(format == OutputFormat.JSON ? json(health) : table(health));
        return health.isWell() ? ExitCode.OK : ExitCode.REFUSED;
    }

    private static String table(ClusterHealth health) {
        TextTable table =
                new TextTable()
                        .numbers("NODE")
                        .words("CLIENTS")
                        .words("ANSWERS")
                        .words("ROLE")
                        .numbers("LEADER")
                        .numbers("TERM")
                        .numbers("APPLIED");
        for (ClusterHealth.NodeAnswer node : health.nodes()) {
            ClusterView view = node.view();
            table.row(
                    node.id(),
                    node.address(),
                    view == null ? "no" : "yes",
                    view == null ? null : view.role(),
                    view == null ? null : view.leader(),
                    view == null ? null : view.term(),
                    view == null ? null : view.appliedIndex());
        }
        return table.text() + "\n" + health.sentence();
    }

    private static String json(ClusterHealth health) {
        return new JsonObject()
                .put("healthy", health.isWell())
                .put("nodes", health.nodes().size())
                .put("nodes_answering", health.answering())
                .put("topics", health.topics())
                .put("problems", health.problems())
                .encode();
    }
}
