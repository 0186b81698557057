package io.walrus.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code walrus cluster leases}. */
@CommandLine.Command(
        name = "leases",
        description = "Shows which node may write the open segment of each topic.",
        mixinStandardHelpOptions = true)
final class ClusterLeasesCommand implements Runnable {

    @ParentCommand private ClusterCommand group;
    @Spec private CommandSpec spec;
    @Mixin private ServerOptions server;

    @Option(names = "--node", paramLabel = "ID", description = "Only what this node leads.")
    private Integer node;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table (the default) or json.")
    private OutputFormat format;

    @Override
    public void run() {
        ServerConnection connection = group.root().connect(spec.commandLine(), server);
        Map<String, JsonObject> states = TopicStates.of(connection, TopicStates.names(connection));
        if (node != null) {
            states.values().removeIf(state -> !node.equals(state.getInteger("leader_node")));
        }
        group.root().writeLine(format == OutputFormat.JSON ? json(states) : table(states));
    }

    private static String table(Map<String, JsonObject> states) {
        TextTable table =
                new TextTable()
                        .numbers("LEADER")
                        .words("TOPIC")
                        .numbers("SEGMENT")
                        .numbers("EPOCH");
        states.forEach(
                (topic, state) ->
                        table.row(
                                state.getValue("leader_node"),
                                topic,
                                state.getValue("current_segment"),
                                state.getValue("epoch")));
        return table.text();
    }

    private static String json(Map<String, JsonObject> states) {
        JsonArray leases = new JsonArray();
        states.forEach(
                (topic, state) ->
                        leases.add(
                                new JsonObject()
                                        .put("leader", state.getValue("leader_node"))
                                        .put("topic", topic)
                                        .put("segment", state.getValue("current_segment"))
                                        .put("epoch", state.getValue("epoch"))));
        return leases.encode();
    }
}
