package io.walrus.cli;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.walrus.client.WalrusClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether all is well: every node of the cluster answers, all name the same metadata leader, every
 * topic is led by a node that answers, and no sealed segment is missing.
 *
 * @param nodes what each node of the cluster said of itself
 * @param topics how many topics were looked at
 * @param problems what is not well, one sentence each; empty if all is
 */
record ClusterHealth(List<NodeAnswer> nodes, int topics, List<String> problems) {

    /** One node: what it said, or null if it did not answer. */
    record NodeAnswer(int id, String address, ClusterView view) {}

    /** Asks all nodes at once, by the addresses that the connected one knows. */
    static ClusterHealth ask(ServerConnection connection) {
        ClusterView cluster = ClusterView.of(StateTable.parse(ClusterCommand.metrics(connection)));
        List<NodeAnswer> nodes = askNodes(connection, cluster);
        Map<String, JsonObject> topics = TopicStates.of(connection, TopicStates.names(connection));
        List<String> problems = new ArrayList<>();
        addNodeProblems(problems, nodes);
        addLeaderProblems(problems, cluster, nodes);
        addTopicProblems(problems, topics, nodes);
        return new ClusterHealth(nodes, topics.size(), problems);
    }

    boolean isWell() {
        return problems.isEmpty();
    }

    long answering() {
        return nodes.stream().filter(node -> node.view() != null).count();
    }

    String sentence() {
        String scope =
                "%d of %s, %s"
                        .formatted(
                                answering(),
                                counted(nodes.size(), "node")
                                        + (answering() == 1 ? " answers" : " answer"),
                                counted(topics, "topic"));
        return isWell()
                ? "Healthy: " + scope + "."
                : "NOT healthy: " + String.join("; ", problems) + ". (" + scope + ")";
    }

    private static String counted(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    private static List<NodeAnswer> askNodes(ServerConnection connection, ClusterView cluster) {
        Map<Integer, Future<ClusterView>> asked = new LinkedHashMap<>();
        cluster.nodes()
                .forEach((id, node) -> asked.put(id, ask(connection, node.reachableAddress())));
        List<NodeAnswer> answers = new ArrayList<>();
        asked.forEach(
                (id, view) ->
                        answers.add(
                                new NodeAnswer(
                                        id,
                                        cluster.nodes().get(id).clientAddress(),
                                        ServerConnection.await(view))));
        return answers;
    }

    /** What the node there says; null if it does not, or cannot be addressed. */
    private static Future<ClusterView> ask(ServerConnection connection, String address) {
        WalrusClient client;
        try {
            client = connection.clientOf(address == null ? "" : address);
        } catch (IllegalArgumentException noAddress) {
            return Future.succeededFuture();
        }
        return client.metrics()
                .map(ClusterView::of)
                .otherwise((ClusterView) null)
                .onComplete(done -> client.close());
    }

    private static void addNodeProblems(List<String> problems, List<NodeAnswer> nodes) {
        for (NodeAnswer node : nodes) {
            if (node.view() == null) {
                problems.add("node " + node.id() + " at " + node.address() + " does not answer");
            } else if (node.view().nodeId() != null && node.view().nodeId() != node.id()) {
                problems.add(
                        "node " + node.view().nodeId() + " answers in the place of " + node.id());
            }
        }
    }

    private static void addLeaderProblems(
            List<String> problems, ClusterView cluster, List<NodeAnswer> nodes) {
        if (!cluster.hasLeader()) {
            problems.add("node " + cluster.nodeId() + " knows no metadata leader");
        }
        Set<Integer> leaders =
                nodes.stream()
                        .filter(node -> node.view() != null && node.view().hasLeader())
                        .map(node -> node.view().leader())
                        .collect(Collectors.toSet());
        if (leaders.size() > 1) {
            problems.add("the nodes name different metadata leaders: " + leaders);
        }
    }

    private static void addTopicProblems(
            List<String> problems, Map<String, JsonObject> topics, List<NodeAnswer> nodes) {
        Set<Integer> silent =
                nodes.stream()
                        .filter(node -> node.view() == null)
                        .map(NodeAnswer::id)
                        .collect(Collectors.toSet());
        topics.forEach(
                (topic, state) -> {
                    Integer leader = state.getInteger("leader_node");
                    if (leader == null || silent.contains(leader)) {
                        problems.add("topic " + topic + " is led by no node that answers");
                    }
                    JsonArray missing = state.getJsonArray("missing_segments");
                    if (missing != null && !missing.isEmpty()) {
                        problems.add("topic " + topic + " misses segments " + missing.encode());
                    }
                });
    }
}
