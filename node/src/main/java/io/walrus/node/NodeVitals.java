package io.walrus.node;

import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.CursorPosition;
import io.walrus.metadata.SegmentMetadata;
import io.walrus.metadata.TopicMetadata;
import io.walrus.metadata.raft.RaftMetadata;
import io.walrus.metadata.raft.RaftStatus;
import io.walrus.node.observe.DoorCounts;
import io.walrus.node.observe.NodeFacts;
import io.walrus.node.observe.Vitals;
import io.walrus.node.peer.PeerLinks;
import io.walrus.node.storage.StoredTopic;
import io.walrus.wal.RecoveryReport;
import io.walrus.wal.WalStats;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/** Collects from the rooms what the observing room tells; before a room is open, its nothing. */
final class NodeVitals implements Vitals {

    private final NodeOptions options;
    private final NodeWiring wiring;
    private final LongSupplier clockNanos;
    private final DoorCounts httpDoor = new DoorCounts();
    private final long startedMillis = System.currentTimeMillis();

    NodeVitals(NodeOptions options, NodeWiring wiring, LongSupplier clockNanos) {
        this.options = options;
        this.wiring = wiring;
        this.clockNanos = clockNanos;
    }

    @Override
    public NodeFacts facts() {
        return new NodeFacts(
                options.nodeId(),
                WalrusVersion.current(),
                wiring.clientPort() > 0 ? options.clientHost() + ":" + wiring.clientPort() : "none",
                options.directory().toAbsolutePath().normalize().toString(),
                options.fsync(),
                startedMillis);
    }

    private Optional<RaftMetadata> metadata() {
        return Optional.ofNullable(wiring.metadata());
    }

    @Override
    public ClusterMetadata view() {
        return metadata().map(RaftMetadata::view).orElse(ClusterMetadata.EMPTY);
    }

    @Override
    public RaftStatus raft() {
        return metadata()
                .map(RaftMetadata::status)
                .orElseGet(
                        () ->
                                new RaftStatus(
                                        options.nodeId(),
                                        "Learner",
                                        0,
                                        0,
                                        0,
                                        0,
                                        new TreeSet<>(),
                                        new TreeSet<>(),
                                        new TreeMap<>()));
    }

    @Override
    public SortedSet<Integer> liveNodes() {
        return metadata().map(RaftMetadata::liveNodes).orElseGet(TreeSet::new);
    }

    @Override
    public long leaseNanosLeft() {
        return metadata().map(m -> m.leaseDeadlineNanos() - clockNanos.getAsLong()).orElse(0L);
    }

    @Override
    public boolean isServing() {
        return wiring.router().isPresent();
    }

    @Override
    public WalStats log() {
        return wiring.store().stats();
    }

    @Override
    public RecoveryReport recovery() {
        return wiring.store().recovery();
    }

    @Override
    public DiskSpace disk() {
        try {
            FileStore disk = Files.getFileStore(options.directory());
            return new DiskSpace(disk.getUsableSpace(), disk.getTotalSpace());
        } catch (IOException unknown) {
            throw new UncheckedIOException(unknown);
        }
    }

    @Override
    public DoorCounts clientDoor() {
        return wiring.clientDoor();
    }

    @Override
    public DoorCounts httpDoor() {
        return httpDoor;
    }

    @Override
    public long forwardedEntries() {
        return wiring.peers().map(PeerLinks::forwardedEntries).orElse(0L);
    }

    @Override
    public long forwardedQuestions() {
        return wiring.peers().map(PeerLinks::forwardedQuestions).orElse(0L);
    }

    @Override
    public OptionalLong readableCount(TopicMetadata topic, SegmentMetadata segment) {
        return segment.leaderNode() == options.nodeId()
                ? OptionalLong.of(
                        wiring.store().readableCount(stored(topic).segment(segment.number())))
                : OptionalLong.empty();
    }

    @Override
    public CompletionStage<CursorPosition> cursor(TopicMetadata topic) {
        return wiring.store().cursor(stored(topic));
    }

    private static StoredTopic stored(TopicMetadata topic) {
        return new StoredTopic(topic.name(), topic.id());
    }
}
