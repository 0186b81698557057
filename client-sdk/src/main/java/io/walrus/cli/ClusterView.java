package io.walrus.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one node's reply to METRICS says about the cluster; what it leaves out is null or empty.
 *
 * @param nodeId who was asked
 * @param role what it is in the metadata's Raft group
 * @param leader the metadata leader it knows; null or 0 for none
 * @param term the Raft term
 * @param lastIndex its last log index
 * @param appliedIndex how far it has applied its log
 * @param voters the members that vote
 * @param nodes all nodes by id
 * @param replicated how far each member has the log, as the leader sees it
 */
record ClusterView(
        Integer nodeId,
        String role,
        Integer leader,
        Long term,
        Long lastIndex,
        Long appliedIndex,
        List<Integer> voters,
        Map<Integer, Node> nodes,
        Map<Integer, Long> replicated) {

    /** Where a node listens, for other nodes and for clients. */
    record Node(String raftAddress, String clientAddress) {

        /** The client address, with a host that can be reached where it names any interface. */
        String reachableAddress() {
            if (clientAddress == null || raftAddress == null) {
                return clientAddress;
            }
            int port = clientAddress.lastIndexOf(':');
            String host = port < 0 ? clientAddress : clientAddress.substring(0, port);
            boolean isAny = host.equals("0.0.0.0") || host.equals("::") || host.equals("[::]");
            int raftPort = raftAddress.lastIndexOf(':');
            return isAny && raftPort > 0
                    ? raftAddress.substring(0, raftPort) + clientAddress.substring(port)
                    : clientAddress;
        }
    }

    static ClusterView of(JsonObject metrics) {
        JsonObject membership = object(object(metrics, "membership_config"), "membership");
        Map<Integer, Node> nodes = new TreeMap<>();
        JsonObject listed = object(membership, "nodes");
        for (String id : listed.fieldNames()) {
            JsonObject node = object(listed, id);
            nodes.put(
                    Integer.valueOf(id),
                    new Node(node.getString("addr"), node.getString("client_addr")));
        }
        Map<Integer, Long> replicated = new TreeMap<>();
        JsonObject replication = object(metrics, "replication");
        for (String id : replication.fieldNames()) {
            replicated.put(Integer.valueOf(id), object(replication, id).getLong("index"));
        }
        return new ClusterView(
                metrics.getInteger("id"),
                metrics.getString("state"),
                metrics.getInteger("current_leader"),
                metrics.getLong("current_term"),
                metrics.getLong("last_log_index"),
                object(metrics, "last_applied").getLong("index"),
                voters(membership),
                nodes,
                replicated);
    }

    boolean hasLeader() {
        return leader != null && leader > 0;
    }

    private static List<Integer> voters(JsonObject membership) {
        List<Integer> voters = new ArrayList<>();
        JsonArray configs = membership.getJsonArray("configs", new JsonArray());
        if (!configs.isEmpty()) {
            for (Object voter : configs.getJsonArray(0)) {
                voters.add(((Number) voter).intValue());
            }
        }
        return voters;
    }

    private static JsonObject object(JsonObject from, String key) {
        JsonObject found = from.getJsonObject(key);
        return found == null ? new JsonObject() : found;
    }
}
