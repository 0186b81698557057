package io.walrus.node.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.node.storage.AppendOutcome.Appended;
import io.walrus.node.storage.AppendOutcome.NotHere;
import io.walrus.wal.FsyncPolicy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lease that is lost and found again while appends wait in the writer's queue. */
class AppendTurnTest {

    private static final StoredSegment SEGMENT = new StoredSegment(new StoredTopic("events", 1), 1);

    @TempDir private Path dir;

    private final AtomicBoolean holdsLease = new AtomicBoolean();

    @Test
    void behindAnAppendThatALostLeaseTurnedBackNothingOfItsTurnIsWritten() {
        var store =
                new SegmentStore(
                        new StorageOptions(dir, FsyncPolicy.none(), 100, 1 << 20, 1),
                        (segment, epoch) -> holdsLease.get(),
                        full -> {},
                        StorageObserver.NONE);
        store.open(Runnable::run);
        try {
            store.openSegment(SEGMENT, 1, DurableQuorum.of(1, List.of(1), 1))
                    .toCompletableFuture()
                    .join();
            var turn = new AppendTurn();
            assertThat(append(store, "a", turn)).isInstanceOf(NotHere.class);
            holdsLease.set(true);
            assertThat(append(store, "b", turn)).isInstanceOf(NotHere.class);
            assertThat(append(store, "a", new AppendTurn()))
                    .isEqualTo(new Appended(SEGMENT.id(), 0, 1));
        } finally {
            store.close();
        }
    }

    private static AppendOutcome append(SegmentStore store, String payload, AppendTurn turn) {
        var outcome = new CompletableFuture<AppendOutcome>();
        store.append(
                SEGMENT,
                AppendRequest.of(
                        List.of(ByteBuffer.wrap(payload.getBytes(UTF_8))),
                        turn,
                        outcome::complete));
        return outcome.join();
    }
}
