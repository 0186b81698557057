package io.walrus.node.observe;

import java.util.Locale;

/**
 * Every metric of a node, declared once: name, type, unit and help. The docs are printed from it.
 */
enum MetricName {
    APPENDED_ENTRIES(
            "appended.entries",
            Type.COUNTER,
            "",
            "Entries that this node acknowledged as a leader"),
    APPENDED_BYTES("appended", Type.COUNTER, "bytes", "Payload bytes of them"),
    REPEATED_ENTRIES(
            "appended.repeats",
            Type.COUNTER,
            "",
            "Numbered entries that came again and were not stored twice; they count as appended once"),
    APPEND(
            "append",
            Type.HISTOGRAM,
            "seconds",
            "From the hand-over of entries to the storage room until their ack"),
    APPENDS_FAILED(
            "appends.failed",
            Type.COUNTER,
            "",
            "Hand-overs that were refused or whose outcome is unknown; a full segment's rest counts"
                    + " too, and is tried again at the next leader"),
    FENCED_WRITES(
            "writes.fenced",
            Type.COUNTER,
            "",
            "Writes that the gate refused: no lease, or another epoch"),
    SYNC("sync", Type.HISTOGRAM, "seconds", "Time of one force of a file"),
    UNSYNCED_AGE(
            "unsynced.age",
            Type.GAUGE,
            "seconds",
            "About how long the oldest acknowledged entry waits for its sync; 0 under --fsync each"),
    STORAGE_FAILED(
            "storage.failed",
            Type.GAUGE,
            "",
            "1 once a sync has failed: restart the node, look at the disk"),
    STREAMS("log.streams", Type.GAUGE, "", "Segments and cursors that the log engine holds"),
    LOG_SIZE("log.size", Type.GAUGE, "bytes", "Bytes of all files of the log engine"),
    DISK_FREE("disk.free", Type.GAUGE, "bytes", "Room on the disk under the data directory"),
    ROLLOVERS(
            "rollovers", Type.COUNTER, "", "Segments that this node sealed because they were full"),
    ROLLOVER(
            "rollover",
            Type.HISTOGRAM,
            "seconds",
            "From a full segment until the cluster knows its seal and the next leader"),
    LEASE_LEFT(
            "lease.left",
            Type.GAUGE,
            "seconds",
            "How long this node may still write without a heartbeat; 0: it may not"),
    FORWARDED_ENTRIES(
            "forwarded.entries",
            Type.COUNTER,
            "",
            "Entries sent on to the node that leads their topic"),
    FORWARDED_REQUESTS(
            "forwarded.requests",
            Type.COUNTER,
            "",
            "Requests other than appends sent on to another node"),
    CURSOR_LAG(
            "cursor.lag",
            Type.GAUGE,
            "",
            "Entries that a cursor has before it; told by the topic's leader, for 1,000 cursors at"
                    + " most; labels topic and cursor, which is (shared) for the one of GET"),
    CONNECTIONS("connections", Type.GAUGE, "", "Open client connections"),
    CONNECTIONS_REFUSED(
            "connections.refused",
            Type.COUNTER,
            "",
            "Client connections that were one too many: see connectionsMax"),
    CONNECTIONS_LATE(
            "connections.late",
            Type.COUNTER,
            "",
            "Client connections that were closed because a request, the rest of a frame or the"
                    + " taking of replies took too long"),
    HTTP_CONNECTIONS("http.connections", Type.GAUGE, "", "Open connections of the HTTP port"),
    HTTP_CONNECTIONS_REFUSED(
            "http.connections.refused",
            Type.COUNTER,
            "",
            "HTTP connections that were one too many: see httpConnectionsMax"),
    HTTP_CONNECTIONS_LATE(
            "http.connections.late",
            Type.COUNTER,
            "",
            "HTTP connections that were closed because no whole request came in time: see"
                    + " httpRequestMillis"),
    TOPICS("topics", Type.GAUGE, "", "Topics of the cluster"),
    LED_SEGMENTS("segments.led", Type.GAUGE, "", "Open segments that this node leads"),
    LIVE_NODES("nodes.live", Type.GAUGE, "", "Nodes that the metadata leader counts as alive"),
    RAFT_LEADER("raft.leader", Type.GAUGE, "", "Node id of the metadata leader; 0: none is known"),
    RAFT_TERM("raft.term", Type.GAUGE, "", "Term of the metadata group"),
    RAFT_LAST_INDEX("raft.index.last", Type.GAUGE, "", "Newest entry of this node's Raft log"),
    RAFT_APPLIED_INDEX(
            "raft.index.applied", Type.GAUGE, "", "Newest Raft entry in this node's state"),
    RECOVERY("recovery", Type.GAUGE, "seconds", "Time that opening the log took"),
    RECOVERY_CUT(
            "recovery.cut", Type.GAUGE, "bytes", "Bytes of torn tails that opening the log cut"),
    RECOVERY_DAMAGED(
            "recovery.damaged", Type.GAUGE, "", "Damaged places that opening the log found");

    /** What a metric can be, in Prometheus' words. */
    enum Type {
        COUNTER,
        GAUGE,
        HISTOGRAM
    }

    final String id;
    final Type type;
    final String unit;
    final String help;

    MetricName(String id, Type type, String unit, String help) {
        this.id = "walrus." + id;
        this.type = type;
        this.unit = unit;
        this.help = help;
    }

    /** The name under which Prometheus finds it. */
    String exposed() {
        String name = id.replace('.', '_') + (unit.isEmpty() ? "" : "_" + unit);
        return type == Type.COUNTER ? name + "_total" : name;
    }

    /** The page's table, one row for each metric. */
    static String table() {
        var table = new StringBuilder("| metric | type | what |\n|---|---|---|\n");
        for (MetricName metric : values()) {
            table.append(
                    "| `%s` | %s | %s |%n"
                            .formatted(
                                    metric.exposed(),
                                    metric.type.name().toLowerCase(Locale.ROOT),
                                    metric.help));
        }
        return table.toString();
    }
}
