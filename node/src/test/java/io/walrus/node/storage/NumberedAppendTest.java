package io.walrus.node.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walrus.node.storage.AppendOutcome.Appended;
import io.walrus.node.storage.AppendOutcome.NotHere;
import io.walrus.wal.FsyncPolicy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Entries that their producer has numbered, in one segment of one store. */
class NumberedAppendTest {

    private static final StoredSegment SEGMENT = new StoredSegment(new StoredTopic("events", 1), 1);
    private static final ProducerMark SEVENTH = new ProducerMark(99, 7);

    @TempDir private Path dir;

    /** Work waits here while it is not null. */
    private Deque<Runnable> held;

    private SegmentStore store;
    private boolean holdsLease = true;
    private int stored;
    private int repeats;

    @BeforeEach
    void open() {
        store =
                new SegmentStore(
                        new StorageOptions(dir, FsyncPolicy.none(), 100, 1 << 20, 1),
                        (segment, epoch) -> holdsLease,
                        full -> {},
                        new StorageObserver() {
                            @Override
                            public void appended(String topic, int entries, long b, long nanos) {
                                stored += entries;
                            }

                            @Override
                            public void repeated(int entries) {
                                repeats += entries;
                            }
                        });
        store.open(
                work -> {
                    if (held == null) {
                        work.run();
                    } else {
                        held.add(work);
                    }
                });
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void anEntryThatComesAgainHasTheSamePlaceAndIsThereOnce() {
        openSegment();
        assertThat(append(SEVENTH, "a")).isEqualTo(new Appended(SEGMENT.id(), 0, 1));
        append(ProducerMark.NONE, "b");
        assertThat(append(SEVENTH, "a")).isEqualTo(Appended.again(SEGMENT.id(), 0, 1));
        assertThat(read(0)).containsExactly("a", "b");
        assertThat(stored).as("entries that were counted").isEqualTo(2);
        assertThat(repeats).isEqualTo(1);
    }

    @Test
    void anEntryThatComesAgainWhileItIsBeingWrittenIsWrittenOnce() {
        openSegment();
        held = new ArrayDeque<>();
        var first = offer(SEVENTH, "a");
        var second = offer(SEVENTH, "a");
        runHeld();
        assertThat(first.join()).isEqualTo(new Appended(SEGMENT.id(), 0, 1));
        assertThat(second.join()).isEqualTo(Appended.again(SEGMENT.id(), 0, 1));
        assertThat(read(0)).containsExactly("a");
    }

    @Test
    void ofEntriesThatComeAgainWithNewOnesThoseThatAreThereAreAnswered() {
        openSegment();
        append(SEVENTH, "a", "b");
        assertThat(append(SEVENTH.plus(1), "b", "c")).isEqualTo(Appended.again(SEGMENT.id(), 1, 1));
        assertThat(append(SEVENTH.plus(2), "c")).isEqualTo(new Appended(SEGMENT.id(), 2, 1));
        assertThat(read(0)).containsExactly("a", "b", "c");
    }

    @Test
    void behindARefusedEntryItsProducersNextOneIsRefusedToo() {
        openSegment();
        holdsLease = false;
        assertThat(append(SEVENTH, "a")).isInstanceOf(NotHere.class);
        holdsLease = true;
        assertThat(append(SEVENTH.plus(1), "b")).isInstanceOf(NotHere.class);
        assertThat(append(new ProducerMark(100, 0), "x")).isInstanceOf(Appended.class);
        assertThat(append(SEVENTH, "a")).isInstanceOf(Appended.class);
        assertThat(append(SEVENTH.plus(1), "b")).isInstanceOf(Appended.class);
        assertThat(read(0)).containsExactly("x", "a", "b");
    }

    @Test
    void aSealedSegmentKnowsItsEntriesForEver() {
        openSegment();
        append(ProducerMark.NONE, "x");
        append(SEVENTH, "a", "b");
        store.seal(SEGMENT).toCompletableFuture().join();
        store.close();
        open();
        assertThat(find(SEVENTH.plus(1))).isEqualTo(OptionalLong.of(2));
        assertThat(find(SEVENTH.plus(2))).isEmpty();
        assertThat(find(new ProducerMark(98, 7))).isEmpty();
        assertThat(read(0)).containsExactly("x", "a", "b");
    }

    @Test
    void aSegmentThatWasSealedHereAMomentAgoAnswersWithoutBeingRead() {
        openSegment();
        append(ProducerMark.NONE, "x");
        append(SEVENTH, "a", "b");
        store.seal(SEGMENT).toCompletableFuture().join();
        held = new ArrayDeque<>();
        assertThat(find(SEVENTH.plus(1))).isEqualTo(OptionalLong.of(2));
        assertThat(find(SEVENTH.plus(2))).isEmpty();
        assertThat(find(new ProducerMark(98, 7))).isEmpty();
        assertThat(held).as("work for a thread that reads").isEmpty();
        held = null;
    }

    @Test
    void anOpenSegmentDoesNotSayWhatItHasNot() {
        openSegment();
        assertThatThrownBy(() -> find(SEVENTH)).hasMessageContaining("is open");
    }

    @Test
    void aReadCountsTheBytesOfPayloadsOnly() {
        openSegment();
        append(SEVENTH, "aaaa", "bbbb", "cccc");
        assertThat(read(8)).containsExactly("aaaa", "bbbb");
        assertThat(read(1)).containsExactly("aaaa");
    }

    private void openSegment() {
        store.openSegment(SEGMENT, 1, DurableQuorum.of(1, List.of(1), 1))
                .toCompletableFuture()
                .join();
    }

    private void runHeld() {
        Deque<Runnable> work = held;
        held = null;
        work.forEach(Runnable::run);
    }

    private AppendOutcome append(ProducerMark mark, String... payloads) {
        return offer(mark, payloads).join();
    }

    private CompletableFuture<AppendOutcome> offer(ProducerMark mark, String... payloads) {
        var outcome = new CompletableFuture<AppendOutcome>();
        List<ByteBuffer> bytes =
                Arrays.stream(payloads)
                        .map(payload -> ByteBuffer.wrap(payload.getBytes(UTF_8)))
                        .toList();
        store.append(
                SEGMENT,
                AppendRequest.of(bytes, new AppendTurn(), outcome::complete).numbered(mark));
        return outcome;
    }

    private OptionalLong find(ProducerMark mark) {
        return store.find(SEGMENT, mark).toCompletableFuture().join();
    }

    private List<String> read(int bytesMax) {
        return store
                .read(SEGMENT, 0, 100, bytesMax == 0 ? 1 << 20 : bytesMax)
                .toCompletableFuture()
                .join()
                .stream()
                .map(entry -> UTF_8.decode(entry.payload().duplicate()).toString())
                .toList();
    }
}
