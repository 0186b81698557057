package io.walrus.node.observe;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.NodeMetadata;
import io.walrus.metadata.SegmentState;
import io.walrus.metadata.raft.RaftStatus;

/** The members and how the metadata group stands, as JSON. */
final class ClusterReport {

    private ClusterReport() {}

    static ObjectNode of(Vitals vitals) {
        ClusterMetadata view = vitals.view();
        RaftStatus raft = vitals.raft();
        ObjectNode cluster = JsonNodeFactory.instance.objectNode();
        cluster.put("id", view.clusterId());
        cluster.put("version", view.version());
        cluster.set("raft", raft(raft));
        ArrayNode nodes = cluster.putArray("nodes");
        view.nodes().values().forEach(node -> nodes.add(node(node, vitals, raft)));
        return cluster;
    }

    private static ObjectNode raft(RaftStatus status) {
        ObjectNode raft = JsonNodeFactory.instance.objectNode();
        raft.put("role", status.role());
        raft.put("term", status.term());
        raft.put("leader", status.leader());
        raft.put("lastIndex", status.lastLogIndex());
        raft.put("appliedIndex", status.lastAppliedIndex());
        return raft;
    }

    private static ObjectNode node(NodeMetadata node, Vitals vitals, RaftStatus raft) {
        ObjectNode row = JsonNodeFactory.instance.objectNode();
        row.put("id", node.id());
        row.put("clientAddress", node.clientHost() + ":" + node.clientPort());
        row.put("raftAddress", node.raftAddress());
        row.put("live", vitals.liveNodes().contains(node.id()));
        row.put("draining", vitals.view().isDraining(node.id()));
        row.put("voter", raft.voters().contains(node.id()));
        row.put("boot", node.boot());
        row.put("segmentsLed", segmentsLed(vitals.view(), node.id()));
        Long index = raft.replicatedIndex().get(node.id());
        if (index != null) {
            row.put("replicatedIndex", index);
        }
        return row;
    }

    private static long segmentsLed(ClusterMetadata view, int node) {
        return view.topics().values().stream()
                .map(topic -> topic.lastSegment())
                .filter(last -> last.state() == SegmentState.OPEN && last.leaderNode() == node)
                .count();
    }
}
