package io.walrus.node.observe;

import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.CursorPosition;
import io.walrus.metadata.SegmentMetadata;
import io.walrus.metadata.TopicMetadata;
import io.walrus.metadata.raft.RaftStatus;
import io.walrus.wal.RecoveryReport;
import io.walrus.wal.WalStats;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.concurrent.CompletionStage;

/**
 * What the rooms of a node know about themselves at this moment.
 *
 * <p>Any thread may call. Only {@link #disk} touches the file system, and may block for that long.
 */
public interface Vitals {

    /** What does not change while the node runs. */
    NodeFacts facts();

    /** What the cluster agrees on, as this node knows it; empty until the node is a member. */
    ClusterMetadata view();

    RaftStatus raft();

    /** The nodes that the metadata leader counts as alive. */
    SortedSet<Integer> liveNodes();

    /** How long this node may still write without a heartbeat; 0 or less: it may not. */
    long leaseNanosLeft();

    /** True once requests are served, until the node stops. */
    boolean isServing();

    /** The log engine's counters. */
    WalStats log();

    /** What opening the log found. */
    RecoveryReport recovery();

    /** The disk under the data directory. */
    DiskSpace disk();

    /** Who comes to the client port. */
    DoorCounts clientDoor();

    /** Who comes to the HTTP port. */
    DoorCounts httpDoor();

    /** Entries that were sent on to their leader. */
    long forwardedEntries();

    /** Requests other than appends that were sent on. */
    long forwardedQuestions();

    /** Entries of a segment that may be read here; empty if this node does not lead it. */
    OptionalLong readableCount(TopicMetadata topic, SegmentMetadata segment);

    /** The shared cursor of a topic as this node's store keeps it. */
    CompletionStage<CursorPosition> cursor(TopicMetadata topic);

    /**
     * Room on a disk, in bytes.
     *
     * @param free what this process may still take
     * @param total the whole file system
     */
    record DiskSpace(long free, long total) {}
}
