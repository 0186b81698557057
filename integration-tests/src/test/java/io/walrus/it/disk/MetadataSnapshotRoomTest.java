package io.walrus.it.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.walrus.metadata.CursorPosition;
import io.walrus.metadata.MetadataCommand.Barrier;
import io.walrus.metadata.MetadataCommand.CommitCursor;
import io.walrus.metadata.MetadataCommand.CreateTopic;
import io.walrus.metadata.MetadataCommand.Placement;
import io.walrus.metadata.TopicMetadata;
import io.walrus.metadata.raft.RaftMetadata;
import io.walrus.metadata.raft.RaftMetadataOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Members of the metadata whose disk has no room for a snapshot, their own or one that they are
 * sent: they stay, and go on when there is room.
 */
class MetadataSnapshotRoomTest {

    private static final Duration WAIT = Duration.ofSeconds(60);
    private static final int DISK_MEGABYTES = 32;
    private static final int ENTRIES_PER_SNAPSHOT = 100;

    /** Long, so that the log of the leader begins anew soon and the state has a size. */
    private static final String CURSOR = "c".repeat(120);

    @TempDir private Path dir;

    private final Vertx vertx = Vertx.vertx();
    private final List<RaftMetadata> members = new ArrayList<>();

    @BeforeEach
    void needsADisk() throws IOException {
        LoopDisk.requireRootAnd("mkfs.ext4", "losetup");
    }

    @AfterEach
    void stopAll() {
        members.forEach(member -> waitFor(member.close()));
        waitFor(vertx.close().toCompletionStage());
    }

    private static <T> T waitFor(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
    }

    private static boolean isDone(CompletionStage<Void> stage) {
        return stage.handle((done, failure) -> failure == null)
                .toCompletableFuture()
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
    }

    private static boolean hasFailed(RaftMetadata member) {
        return member.failure().toCompletableFuture().isDone();
    }

    private RaftMetadata start(int id, Path data) {
        List<String> others =
                members.stream().map(other -> "127.0.0.1:" + other.actualPort()).toList();
        RaftMetadata member =
                waitFor(
                        RaftMetadata.start(
                                vertx,
                                new RaftMetadataOptions()
                                        .nodeId(id)
                                        .dataDir(data)
                                        .raftPort(0)
                                        .snapshotEveryEntries(ENTRIES_PER_SNAPSHOT)
                                        .bootstrap(id == 1)
                                        .join(others)));
        members.add(member);
        waitFor(member.ready());
        return member;
    }

    @Test
    void aSnapshotThatDoesNotFitIsMadeWhenThereIsRoom() throws IOException {
        try (LoopDisk disk = LoopDisk.of("ext4", dir, DISK_MEGABYTES)) {
            RaftMetadata member = start(1, disk.dir());
            assertThat(waitFor(member.propose(new Barrier())).isApplied()).isTrue();
            disk.fill();
            // The first one may still fit into what the member has in reserve.
            await().atMost(WAIT)
                    .until(
                            () ->
                                    waitFor(member.propose(new Barrier())).isApplied()
                                            && !isDone(member.snapshot()));
            assertThat(waitFor(member.propose(new Barrier())).isApplied()).isTrue();
            assertThat(hasFailed(member)).isFalse();
            disk.empty();
            await().atMost(WAIT).until(() -> isDone(member.snapshot()));
            assertThat(hasFailed(member)).isFalse();
            stopAndForget(member);
        }
    }

    @Test
    void aMemberThatIsSentASnapshotOnAFullDiskCatchesUpWhenThereIsRoom() throws IOException {
        try (LoopDisk disk = LoopDisk.of("ext4", dir, DISK_MEGABYTES)) {
            RaftMetadata leader = start(1, dir.resolve("one"));
            start(2, dir.resolve("two"));
            RaftMetadata full = start(3, disk.dir());
            waitFor(leader.propose(new CreateTopic("events", Placement.single(1))));
            disk.fill();
            long last = commitUntilLeftBehind(leader, full);
            assertThat(hasFailed(full)).isFalse();
            disk.empty();
            await().atMost(WAIT).until(() -> at(full) == last);
            assertThat(hasFailed(full)).isFalse();
            stopAndForget(full);
        }
    }

    /** Until what the full member lacks is no longer in the leader's log, and some more. */
    private static long commitUntilLeftBehind(RaftMetadata leader, RaftMetadata full) {
        long place = 0;
        long snapshots = 0;
        while (snapshots < 5) {
            assertThat(place).as("commits on a full disk").isLessThan(50_000);
            for (int i = 0; i < ENTRIES_PER_SNAPSHOT; i++) {
                commit(leader, ++place);
            }
            if (place - at(full) > 2 * ENTRIES_PER_SNAPSHOT) {
                waitFor(leader.snapshot());
                snapshots++;
            }
        }
        return place;
    }

    private static void commit(RaftMetadata leader, long place) {
        TopicMetadata topic = leader.view().topic("events").orElseThrow();
        waitFor(
                leader.propose(
                        new CommitCursor(
                                topic.name(), topic.id(), CURSOR, new CursorPosition(1, place))));
    }

    private static long at(RaftMetadata member) {
        return member.view()
                .topic("events")
                .map(topic -> topic.namedCursors().get(CURSOR))
                .map(CursorPosition::offset)
                .orElse(0L);
    }

    /** Its disk goes before the others stop. */
    private void stopAndForget(RaftMetadata member) {
        waitFor(member.close());
        members.remove(member);
    }
}
