package io.walrus.node.observe;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.walrus.wal.RecoveryReport;
import io.walrus.wal.WalStats;

/** One node as JSON. */
final class NodeReport {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private NodeReport() {}

    static ObjectNode of(Vitals vitals, ObjectNode health) {
        NodeFacts facts = vitals.facts();
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("id", facts.nodeId());
        node.put("version", facts.version());
        node.put("clientAddress", facts.clientAddress());
        node.put("dataDir", facts.dataDir());
        node.put("fsync", facts.fsync());
        node.put("startedMillis", facts.startedMillis());
        node.put("connections", vitals.clientDoor().open());
        node.put("leaseMillisLeft", Math.max(0, vitals.leaseNanosLeft()) / NANOS_PER_MILLI);
        node.put("forwardedEntries", vitals.forwardedEntries());
        node.put("forwardedRequests", vitals.forwardedQuestions());
        node.set("health", health);
        node.set("log", log(vitals.log()));
        node.set("disk", disk(vitals.disk()));
        node.set("recovery", recovery(vitals.recovery()));
        return node;
    }

    private static ObjectNode log(WalStats stats) {
        ObjectNode log = JsonNodeFactory.instance.objectNode();
        log.put("streams", stats.topics());
        log.put("syncs", stats.syncs());
        log.put("syncMillis", stats.syncNanos() / NANOS_PER_MILLI);
        log.put("bytesOnDisk", stats.bytesOnDisk());
        log.put("failed", stats.failed());
        return log;
    }

    private static ObjectNode disk(Vitals.DiskSpace space) {
        ObjectNode disk = JsonNodeFactory.instance.objectNode();
        disk.put("freeBytes", space.free());
        disk.put("totalBytes", space.total());
        return disk;
    }

    private static ObjectNode recovery(RecoveryReport report) {
        ObjectNode recovery = JsonNodeFactory.instance.objectNode();
        recovery.put("millis", report.took().toMillis());
        recovery.put("cuts", report.cuts().size());
        recovery.put("damages", report.damages().size());
        recovery.put("summary", report.summary());
        return recovery;
    }
}
