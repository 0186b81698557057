package io.walrus.node.observe;

import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.CursorPosition;
import io.walrus.metadata.SegmentMetadata;
import io.walrus.metadata.TopicMetadata;
import io.walrus.metadata.raft.RaftStatus;
import io.walrus.wal.RecoveryReport;
import io.walrus.wal.WalStats;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A node that serves, with knobs. */
final class FakeVitals implements Vitals {

    boolean serving = true;
    boolean logFailed;
    int leader = 1;
    long leaseNanosLeft = 1;
    ClusterMetadata view = ClusterMetadata.EMPTY;

    @Override
    public NodeFacts facts() {
        return new NodeFacts(1, "0", "127.0.0.1:1", "/data", "each", 0);
    }

    @Override
    public ClusterMetadata view() {
        return view;
    }

    @Override
    public RaftStatus raft() {
        return new RaftStatus(
                1, "Leader", 1, leader, 1, 1, new TreeSet<>(), new TreeSet<>(), new TreeMap<>());
    }

    @Override
    public SortedSet<Integer> liveNodes() {
        return new TreeSet<>(view.nodes().keySet());
    }

    @Override
    public long leaseNanosLeft() {
        return leaseNanosLeft;
    }

    @Override
    public boolean isServing() {
        return serving;
    }

    @Override
    public WalStats log() {
        return new WalStats(0, 0, 0, 0, 0, 0, logFailed);
    }

    @Override
    public RecoveryReport recovery() {
        return new RecoveryReport(0, 0, 0, List.of(), List.of(), Duration.ZERO);
    }

    @Override
    public DiskSpace disk() {
        return new DiskSpace(1, 2);
    }

    @Override
    public DoorCounts clientDoor() {
        return new DoorCounts();
    }

    @Override
    public DoorCounts httpDoor() {
        return new DoorCounts();
    }

    @Override
    public long forwardedEntries() {
        return 0;
    }

    @Override
    public long forwardedQuestions() {
        return 0;
    }

    @Override
    public OptionalLong readableCount(TopicMetadata topic, SegmentMetadata segment) {
        return OptionalLong.empty();
    }

    @Override
    public CompletionStage<CursorPosition> cursor(TopicMetadata topic) {
        return CompletableFuture.completedFuture(CursorPosition.START);
    }
}
