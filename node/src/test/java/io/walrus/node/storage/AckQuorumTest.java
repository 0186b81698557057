package io.walrus.node.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.walrus.wal.FsyncPolicy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The writer acknowledges what enough copies hold, in order, and shows nothing before. */
class AckQuorumTest {

    private static final StoredSegment SEGMENT = new StoredSegment(new StoredTopic("events", 1), 1);

    @TempDir private Path dir;

    private final List<AppendOutcome> told = new CopyOnWriteArrayList<>();

    @Test
    void anEntryThatTooFewCopiesHoldIsNeitherAcknowledgedNorRead() {
        var store =
                new SegmentStore(
                        new StorageOptions(dir, FsyncPolicy.none(), 100, 1 << 20, 1),
                        (segment, epoch) -> true,
                        full -> {},
                        StorageObserver.NONE);
        store.open(Runnable::run);
        try {
            DurableQuorum quorum = DurableQuorum.of(1, List.of(1, 2), 2);
            store.openSegment(SEGMENT, 1, quorum).toCompletableFuture().join();
            append(store, "a");
            append(store, "b");
            await().until(() -> store.stats().entriesAppended() == 2);
            assertThat(told).isEmpty();
            assertThat(store.readableCount(SEGMENT)).isZero();
            quorum.durable(2, 1);
            await().until(() -> told.size() == 1);
            assertThat(store.readableCount(SEGMENT)).isEqualTo(1);
            quorum.durable(2, 2);
            await().until(() -> told.size() == 2);
            assertThat(told)
                    .containsExactly(
                            new AppendOutcome.Appended(SEGMENT.id(), 0, 1),
                            new AppendOutcome.Appended(SEGMENT.id(), 1, 1));
        } finally {
            store.close();
        }
    }

    private void append(SegmentStore store, String payload) {
        store.append(
                SEGMENT,
                AppendRequest.of(
                        List.of(ByteBuffer.wrap(payload.getBytes(UTF_8))),
                        new AppendTurn(),
                        told::add));
    }
}
