package io.walrus.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.walrus.wal.WalException.Kind;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Everything at once: appends of all kinds, reads, cursors, seals, deletions, truncations and syncs
 * from many threads, and a close in the middle of it. What was acknowledged has one place, is read
 * there and nowhere else, in its appender's order; what was handed out was handed out once; and the
 * next opening finds all of it.
 */
@Timeout(60)
final class ConcurrentUseProofTest {

    private static final int APPENDERS = 3;
    private static final int APPENDS = 400;
    private static final int IN_FLIGHT_MAX = 32;
    private static final List<String> TOPICS = List.of("queue", "shortened");
    private static final Set<Kind> AFTER_CLOSE = EnumSet.of(Kind.CLOSED, Kind.STOPPED);

    @TempDir Path dir;

    private final Map<String, Map<Long, byte[]>> acked = new ConcurrentHashMap<>();
    private final Map<Long, byte[]> handedOut = new ConcurrentHashMap<>();
    private final Map<String, Long> lives = new ConcurrentHashMap<>();
    private final AtomicInteger appendersLeft = new AtomicInteger(APPENDERS);
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile long committed;
    private Wal wal;

    private interface Work {
        void run(Random random);
    }

    @ParameterizedTest
    @MethodSource("io.walrus.wal.Setups#all")
    void everyoneDoesEverythingAtOnceAndThenItCloses(Setups.Setup setup) throws Exception {
        TOPICS.forEach(topic -> acked.put(topic, new ConcurrentHashMap<>()));
        wal = setup.open(dir);
        ExecutorService threads = Executors.newCachedThreadPool();
        List<Future<?>> all = new ArrayList<>();
        for (int appender = 0; appender < APPENDERS; appender++) {
            int self = appender;
            all.add(threads.submit(() -> work(self, random -> append(self, random))));
        }
        all.add(threads.submit(() -> work(10, this::consume)));
        all.add(threads.submit(() -> work(11, this::consume)));
        all.add(threads.submit(() -> work(12, this::read)));
        all.add(threads.submit(() -> work(13, this::commit)));
        all.add(threads.submit(() -> work(14, this::administer)));
        assertThat(closing.await(30, TimeUnit.SECONDS)).as("half of the appends").isTrue();
        wal.close();
        for (Future<?> one : all) {
            one.get(30, TimeUnit.SECONDS);
        }
        threads.shutdown();
        // Timers hold this instance until they are due, and it holds no log that is closed.
        wal = null;
        try (Wal again = setup.open(dir)) {
            requireEverything(again);
        }
    }

    /** Does its work over and over, until the log is closed under it. */
    private void work(long seed, Work work) {
        var random = new Random(seed);
        try {
            while (true) {
                work.run(random);
            }
        } catch (WalException refused) {
            assertThat(refused.kind()).as(refused.getMessage()).isIn(AFTER_CLOSE);
        }
    }

    // ---- appends

    private record Flight(String topic, List<byte[]> payloads, CompletableFuture<Long> answer) {}

    private final Map<Integer, long[]> sequences = new ConcurrentHashMap<>();

    /** A round of appends of each kind; in the middle of the last appender's, the log closes. */
    private void append(int self, Random random) {
        Deque<Flight> flights = new ArrayDeque<>();
        try {
            for (int n = 0; n < APPENDS; n++) {
                appendOne(self, random, flights);
                while (flights.size() > IN_FLIGHT_MAX) {
                    land(flights.poll());
                }
            }
            if (appendersLeft.decrementAndGet() <= 0) {
                closing.countDown();
            }
        } finally {
            flights.forEach(this::land);
        }
    }

    private void appendOne(int self, Random random, Deque<Flight> flights) {
        String topic = TOPICS.get(random.nextInt(TOPICS.size()));
        List<byte[]> payloads = new ArrayList<>();
        for (int i = random.nextInt(3) == 0 ? 1 + random.nextInt(5) : 1; i > 0; i--) {
            payloads.add(nextPayload(self, topic, random.nextInt(300)));
        }
        if (random.nextInt(3) > 0) {
            flights.add(
                    new Flight(
                            topic,
                            payloads,
                            wal.appendBatchAsync(topic, buffers(payloads)).toCompletableFuture()));
        } else if (payloads.size() == 1) {
            acked(topic, wal.append(topic, payloads.get(0)), payloads);
        } else {
            acked(topic, wal.appendBatch(topic, buffers(payloads)), payloads);
        }
    }

    private static List<ByteBuffer> buffers(List<byte[]> payloads) {
        return payloads.stream().map(ByteBuffer::wrap).toList();
    }

    private void land(Flight flight) {
        try {
            acked(
                    flight.topic,
                    flight.answer.orTimeout(30, TimeUnit.SECONDS).join(),
                    flight.payloads);
        } catch (CompletionException refused) {
            assertThat(refused.getCause()).isInstanceOf(WalException.class);
            assertThat(((WalException) refused.getCause()).kind()).isIn(AFTER_CLOSE);
        }
    }

    private void acked(String topic, long first, List<byte[]> payloads) {
        for (int n = 0; n < payloads.size(); n++) {
            byte[] before = acked.get(topic).put(first + n, payloads.get(n));
            assertThat(before).as("two appends at %d of %s", first + n, topic).isNull();
        }
    }

    /** Who, for which topic, the how many-th of his there, and filler that follows from these. */
    private byte[] nextPayload(int self, String topic, int filler) {
        int index = TOPICS.indexOf(topic);
        long sequence = sequences.computeIfAbsent(self, fresh -> new long[2])[index]++;
        var bytes = ByteBuffer.allocate(16 + filler);
        bytes.putInt(self).putInt(index).putLong(sequence);
        while (bytes.hasRemaining()) {
            bytes.put((byte) (sequence * 31 + self));
        }
        return bytes.array();
    }

    // ---- reads

    private void consume(Random random) {
        List<Entry> entries =
                !wal.exists("queue")
                        ? List.of()
                        : random.nextBoolean()
                                ? wal.readNext("queue", true).stream().toList()
                                : wal.readBatch("queue", 1 + random.nextInt(2_000), true);
        for (Entry entry : entries) {
            byte[] before = handedOut.put(entry.offset(), entry.bytes());
            assertThat(before).as("%d was handed out twice", entry.offset()).isNull();
        }
    }

    /** From somewhere on: dense offsets, and each appender's entries in his order. */
    private void read(Random random) {
        String topic = TOPICS.get(random.nextInt(TOPICS.size()));
        if (!wal.exists(topic)) {
            return;
        }
        try {
            assertThat(wal.entryCount(topic)).isNotNegative();
            long start = wal.startOffset(topic);
            long from = start + random.nextInt((int) (wal.endOffset(topic) - start) + 1);
            requireInOrder(topic, from, wal.readAt(topic, from, 1 + random.nextInt(50_000)));
        } catch (WalException shortened) {
            if (shortened.kind() != Kind.OUT_OF_RANGE) {
                throw shortened;
            }
        }
    }

    private static void requireInOrder(String topic, long from, List<Entry> entries) {
        Map<Integer, Long> last = new HashMap<>();
        long offset = from;
        for (Entry entry : entries) {
            assertThat(entry.offset()).isEqualTo(offset++);
            ByteBuffer bytes = ByteBuffer.wrap(entry.bytes());
            int appender = bytes.getInt();
            assertThat(TOPICS.get(bytes.getInt())).isEqualTo(topic);
            long sequence = bytes.getLong();
            Long before = last.put(appender, sequence);
            assertThat(before == null || before + 1 == sequence)
                    .as("%d behind %s of appender %d", sequence, before, appender)
                    .isTrue();
        }
    }

    private void commit(Random random) {
        if (!wal.exists("queue")) {
            return;
        }
        long end = wal.endOffset("queue");
        long to = committed + random.nextInt((int) (end - committed) + 1);
        wal.commit("queue", "reader", to);
        assertThat(wal.cursor("queue", "reader")).hasValue(to);
        committed = to;
    }

    // ---- administration

    private void administer(Random random) {
        String topic = "life-" + random.nextInt(3);
        switch (random.nextInt(4)) {
            case 0 -> {
                if (wal.exists("shortened")) {
                    long end = wal.endOffset("shortened");
                    long before = Math.max(wal.startOffset("shortened"), end - 200);
                    wal.truncateBefore("shortened", before);
                }
            }
            case 1 -> wal.sync();
            default -> live(topic, random);
        }
    }

    /** A topic's whole life; what a close in its middle leaves is not looked at. */
    private void live(String topic, Random random) {
        lives.put(topic, -1L);
        if (wal.exists(topic)) {
            wal.delete(topic);
            assertThat(wal.exists(topic)).isFalse();
        }
        int entries = random.nextInt(20);
        for (int n = 0; n < entries; n++) {
            assertThat(wal.append(topic, new byte[random.nextInt(3_000)])).isEqualTo(n);
        }
        wal.create(topic);
        assertThat(wal.seal(topic)).isEqualTo(entries);
        try {
            wal.append(topic, new byte[1]);
            fail("a sealed topic took an entry");
        } catch (WalException refused) {
            assertThat(refused.kind()).isIn(Kind.SEALED, Kind.CLOSED);
        }
        lives.put(topic, (long) entries);
    }

    // ---- afterwards

    private void requireEverything(Wal again) {
        assertThat(again.recovery().damages()).isEmpty();
        assertThat(again.recovery().cuts()).isEmpty();
        for (String topic : TOPICS) {
            long start = again.startOffset(topic);
            Map<Long, byte[]> found = new HashMap<>();
            for (long at = start; at < again.endOffset(topic); ) {
                List<Entry> entries = again.readAt(topic, at, 1 << 20);
                requireInOrder(topic, at, entries);
                entries.forEach(entry -> found.put(entry.offset(), entry.bytes()));
                at += entries.size();
            }
            acked.get(topic)
                    .forEach(
                            (offset, payload) -> {
                                if (offset >= start) {
                                    requireSame(topic, offset, payload, found.get(offset));
                                }
                            });
            if (topic.equals("queue")) {
                handedOut.forEach((at, bytes) -> requireSame(topic, at, found.get(at), bytes));
            }
        }
        long consumed = again.cursor("queue", "").orElse(0);
        for (long at = 0; at < consumed; at++) {
            assertThat(handedOut).as("passed by the cursor at %d", consumed).containsKey(at);
        }
        assertThat(handedOut).hasSize((int) consumed);
        assertThat(again.cursor("queue", "reader").orElse(0)).isGreaterThanOrEqualTo(committed);
        lives.forEach(
                (topic, end) -> {
                    if (end >= 0) {
                        assertThat(again.isSealed(topic)).isTrue();
                        assertThat(again.endOffset(topic)).isEqualTo(end);
                    }
                });
    }

    private static void requireSame(String topic, long at, byte[] expected, byte[] found) {
        if (!Arrays.equals(expected, found)) {
            fail("%d of %s: %s", at, topic, found == null ? "nothing is there" : "another entry");
        }
    }
}
