package io.walrus.metadata.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.alipay.sofa.jraft.entity.PeerId;
import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.MetadataCommand.FoundCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The vote, the snapshot's state and the identity: back as they were, or refused, never "empty, so
 * fresh".
 */
final class SmallFilesTest {
    private static final Duration WAIT = Duration.ofSeconds(30);

    @TempDir Path directory;
    private final List<Throwable> failures = new ArrayList<>();

    @Test
    void voteComesBack() {
        FileVoteStorage votes = votes();
        assertThat(votes.init(null)).isTrue();
        assertThat(votes.getTerm()).isZero();
        assertThat(votes.getVotedFor().isEmpty()).isTrue();
        votes.setTermAndVotedFor(7, PeerId.parsePeer("127.0.0.1:6001"));
        FileVoteStorage again = votes();
        assertThat(again.init(null)).isTrue();
        assertThat(again.getTerm()).isEqualTo(7);
        assertThat(again.getVotedFor()).isEqualTo(PeerId.parsePeer("127.0.0.1:6001"));
        again.setTerm(8);
        again.setVotedFor(PeerId.emptyPeer());
        FileVoteStorage third = votes();
        assertThat(third.init(null)).isTrue();
        assertThat(third.getTerm()).isEqualTo(8);
        assertThat(third.getVotedFor().isEmpty()).isTrue();
    }

    @Test
    void damagedVoteIsRefused() throws IOException {
        FileVoteStorage votes = votes();
        votes.init(null);
        votes.setTerm(7);
        byte[] bytes = Files.readAllBytes(directory.resolve("vote"));
        bytes[14] = '9';
        Files.write(directory.resolve("vote"), bytes);
        FileVoteStorage again = votes();
        assertThat(again.init(null)).isFalse();
        assertThat(again.setTerm(9)).as("no vote after a failure").isFalse();
        assertThat(failures).isNotEmpty();
    }

    @Test
    void voteThatCannotBeWrittenIsNoVote() throws IOException {
        FileVoteStorage votes = votes();
        votes.init(null);
        Files.createDirectories(directory.resolve("vote.new"));
        assertThat(votes.setTerm(3)).isFalse();
        assertThat(votes.getTerm()).isZero();
        Files.delete(directory.resolve("vote.new"));
        assertThat(votes.setTerm(3)).as("a failure is final").isFalse();
    }

    @Test
    void onAFullDiskTheReserveMakesRoomForAVote() {
        Path reserve = directory.resolve("vote.reserve");
        List<String> tried = new ArrayList<>();
        FileVoteStorage votes =
                new FileVoteStorage(
                        directory.resolve("vote"),
                        (file, content) -> {
                            tried.add(Files.exists(reserve) ? "full" : "room");
                            if (Files.exists(reserve)) {
                                throw new IOException("No space left on device");
                            }
                            DurableFile.replace(file, content);
                        },
                        failures::add);
        assertThat(votes.init(null)).isTrue();
        assertThat(votes.setTerm(3)).isTrue();
        assertThat(tried).containsExactly("full", "room");
        assertThat(reserve).as("kept again as soon as there is room").exists();
        assertThat(failures).isEmpty();
        FileVoteStorage again = votes();
        again.init(null);
        assertThat(again.getTerm()).isEqualTo(3);
    }

    @Test
    void aVoteWaitsForRoomUntilTheMemberStops() {
        CountDownLatch tries = new CountDownLatch(3);
        FileVoteStorage votes =
                new FileVoteStorage(
                        directory.resolve("vote"),
                        (file, content) -> {
                            tries.countDown();
                            throw new IOException("No space left on device");
                        },
                        failures::add);
        votes.init(null);
        CompletableFuture<Boolean> voted = CompletableFuture.supplyAsync(() -> votes.setTerm(3));
        await().atMost(WAIT).until(() -> tries.getCount() == 0);
        assertThat(voted).isNotDone();
        votes.giveUp();
        await().atMost(WAIT).until(voted::isDone);
        assertThat(voted.join()).isFalse();
    }

    @Test
    void stateComesBackAndDamageIsRefused() throws IOException {
        ClusterMetadata state =
                ClusterMetadata.EMPTY.apply(new FoundCluster("cluster", 1, 1)).next();
        Path file = directory.resolve("state");
        StateFile files = new StateFile();
        files.write(file, state);
        assertThat(files.read(file)).isEqualTo(state);

        byte[] good = Files.readAllBytes(file);
        byte[] flipped = good.clone();
        flipped[good.length - 5] ^= 1;
        Files.write(file, flipped);
        assertThatThrownBy(() -> files.read(file)).hasMessageContaining("checksum");
        Files.write(file, java.util.Arrays.copyOf(good, good.length - 1));
        assertThatThrownBy(() -> files.read(file)).hasMessageContaining("expected a whole");
        Files.write(file, new byte[0]);
        assertThatThrownBy(() -> files.read(file)).hasMessageContaining("expected a whole");
    }

    @Test
    void identityComesBackAndDamageIsRefused() throws IOException {
        StoreIdentity identity =
                new StoreIdentity("c", "s", 3, "h:1", StoreIdentity.Stage.JOINING, 2);
        try (StoreDirectory store = StoreDirectory.open(directory)) {
            assertThat(store.isEmpty()).isTrue();
            assertThat(store.identity()).isEmpty();
            store.save(identity.booted());
            assertThat(store.identity()).contains(identity.booted());
            assertThat(store.isEmpty()).isFalse();
        }
        Files.writeString(directory.resolve("identity.json"), "{\"v\":1,");
        try (StoreDirectory store = StoreDirectory.open(directory)) {
            assertThatThrownBy(store::identity)
                    .isInstanceOf(MetadataStartException.class)
                    .hasMessageContaining("identity.json");
        }
    }

    @Test
    void directoryIsHeldByOneAtATime() {
        try (StoreDirectory held = StoreDirectory.open(directory)) {
            assertThatThrownBy(() -> StoreDirectory.open(directory))
                    .isInstanceOf(MetadataStartException.class)
                    .hasMessageContaining("in use");
            assertThat(held.path()).isEqualTo(directory);
        }
        StoreDirectory.open(directory).close();
    }

    private FileVoteStorage votes() {
        return new FileVoteStorage(directory.resolve("vote"), failures::add);
    }
}
