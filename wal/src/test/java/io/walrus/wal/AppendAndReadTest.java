package io.walrus.wal;

import static io.walrus.wal.Setups.buffer;
import static io.walrus.wal.Setups.bytes;
import static io.walrus.wal.Setups.text;
import static io.walrus.wal.Setups.textsFrom;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walrus.wal.Setups.Setup;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AppendAndReadTest {

    @TempDir Path dir;

    @ParameterizedTest
    @MethodSource("io.walrus.wal.Setups#all")
    void appendsGetDenseOffsetsAndAreReadBackInOrder(Setup setup) {
        try (Wal wal = setup.open(dir)) {
            for (int i = 0; i < 100; i++) {
                assertThat(wal.append("events", bytes("entry " + i))).isEqualTo(i);
            }
            assertThat(wal.endOffset("events")).isEqualTo(100);
            assertThat(textsFrom(wal, "events", 0)).isEqualTo(entries(0, 100));
            assertThat(textsFrom(wal, "events", 57)).isEqualTo(entries(57, 100));
        }
    }

    @ParameterizedTest
    @MethodSource("io.walrus.wal.Setups#all")
    void everythingIsThereAfterReopening(Setup setup) {
        try (Wal wal = setup.open(dir)) {
            for (int i = 0; i < 1000; i++) {
                wal.append("events", bytes("entry " + i));
            }
        }
        try (Wal wal = setup.open(dir)) {
            assertThat(textsFrom(wal, "events", 0)).isEqualTo(entries(0, 1000));
            assertThat(wal.recovery().cuts()).isEmpty();
            assertThat(wal.recovery().damages()).isEmpty();
            assertThat(wal.append("events", bytes("more"))).isEqualTo(1000);
        }
    }

    @ParameterizedTest
    @MethodSource("io.walrus.wal.Setups#all")
    void entriesGoOnAcrossManyFiles(Setup setup) {
        byte[] payload = new byte[3000];
        try (Wal wal = setup.open(dir)) {
            for (int i = 0; i < 1000; i++) {
                payload[0] = (byte) i;
                wal.append("events", payload);
            }
            assertFirstBytes(wal, 1000);
        }
        try (Wal wal = setup.open(dir)) {
            assertFirstBytes(wal, 1000);
        }
    }

    private static void assertFirstBytes(Wal wal, int count) {
        for (int i = 0; i < count; i++) {
            Entry entry = wal.readAt("events", i, 1).get(0);
            assertThat(entry.offset()).isEqualTo(i);
            assertThat(entry.bytes()[0]).isEqualTo((byte) i);
        }
    }

    @ParameterizedTest
    @MethodSource("io.walrus.wal.Setups#all")
    void batchIsOneRunOfOffsets(Setup setup) {
        try (Wal wal = setup.open(dir)) {
            wal.append("events", bytes("first"));
            assertThat(wal.appendBatch("events", List.of(buffer("a"), buffer(""), buffer("c"))))
                    .isEqualTo(1);
            assertThat(textsFrom(wal, "events", 0)).containsExactly("first", "a", "", "c");
            assertThat(text(wal.readAt("events", 3, 1).get(0))).isEqualTo("c");
        }
    }

    @ParameterizedTest
    @MethodSource("io.walrus.wal.Setups#all")
    void futuresCompleteInOrderWithTheirOffsets(Setup setup) {
        List<Long> told = Collections.synchronizedList(new ArrayList<>());
        List<CompletableFuture<Long>> futures = new ArrayList<>();
        try (Wal wal = setup.open(dir)) {
            for (int i = 0; i < 200; i++) {
                var future = wal.appendAsync("events", buffer("entry " + i)).toCompletableFuture();
                futures.add(future.whenComplete((offset, failed) -> told.add(offset)));
            }
            futures.add(
                    wal.appendBatchAsync("events", List.of(buffer("entry 200"), buffer("x")))
                            .toCompletableFuture());
            futures.forEach(CompletableFuture::join);
            assertThat(told).isEqualTo(IntStream.range(0, 200).mapToObj(Long::valueOf).toList());
            assertThat(futures.get(200).join()).isEqualTo(200);
            assertThat(wal.endOffset("events")).isEqualTo(202);
        }
    }

    @ParameterizedTest
    @MethodSource("io.walrus.wal.Setups#all")
    void bigEntriesGetFilesOfTheirOwn(Setup setup) {
        byte[] big = new byte[3 << 20];
        big[big.length - 1] = 7;
        try (Wal wal = setup.open(dir)) {
            wal.append("events", bytes("small"));
            wal.append("events", big);
            wal.append("events", bytes("after"));
            assertThat(wal.readAt("events", 1, 1).get(0).bytes()).isEqualTo(big);
        }
        try (Wal wal = setup.open(dir)) {
            assertThat(wal.readAt("events", 1, 1).get(0).bytes()).isEqualTo(big);
            assertThat(textsFrom(wal, "events", 2)).containsExactly("after");
        }
    }

    @ParameterizedTest
    @MethodSource("io.walrus.wal.Setups#all")
    void threadsOnOneTopicLoseNothing(Setup setup) throws InterruptedException {
        try (Wal wal = setup.open(dir)) {
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                String mine = "thread " + t;
                threads.add(
                        new Thread(
                                () -> {
                                    for (int i = 0; i < 50; i++) {
                                        wal.append("events", bytes(mine + " entry " + i));
                                    }
                                }));
            }
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
            List<String> read = textsFrom(wal, "events", 0);
            assertThat(read).hasSize(400).doesNotHaveDuplicates();
            for (int t = 0; t < 8; t++) {
                String mine = "thread " + t + " ";
                assertThat(read.stream().filter(text -> text.startsWith(mine)))
                        .isEqualTo(
                                IntStream.range(0, 50)
                                        .mapToObj(i -> mine + "entry " + i)
                                        .collect(Collectors.toList()));
            }
        }
    }

    @Test
    void readStopsAtItsBytesButGivesOneEntry() {
        try (Wal wal = Wal.open(WalOptions.in(dir))) {
            for (int i = 0; i < 10; i++) {
                wal.append("events", new byte[100]);
            }
            assertThat(wal.readAt("events", 0, 1)).hasSize(1);
            assertThat(wal.readAt("events", 0, 250)).hasSize(2);
            assertThat(wal.readAt("events", 9, 250)).hasSize(1);
            assertThat(wal.readAt("events", 10, 250)).isEmpty();
        }
    }

    @Test
    void readGivesAtMostTwoThousandEntries() {
        try (Wal wal = Wal.open(WalOptions.in(dir))) {
            for (int i = 0; i < 2100; i++) {
                wal.append("events", new byte[0]);
            }
            assertThat(wal.readAt("events", 0, 1000)).hasSize(2000);
        }
    }

    @Test
    void appendLeavesTheCallersBufferAsItWas() {
        try (Wal wal = Wal.open(WalOptions.in(dir))) {
            ByteBuffer direct = ByteBuffer.allocateDirect(10).put(bytes("0123456789")).flip();
            direct.position(3).limit(7);
            wal.append("events", direct);
            assertThat(direct.position()).isEqualTo(3);
            assertThat(direct.limit()).isEqualTo(7);
            assertThat(textsFrom(wal, "events", 0)).containsExactly("3456");
        }
    }

    @Test
    void badInputIsRefusedBeforeAnythingIsWritten() {
        try (Wal wal = Wal.open(WalOptions.in(dir).entryBytesMax(10))) {
            for (String name :
                    List.of("", ".", "..", "../x", "a/b", "a\0b", "ü", "x".repeat(129))) {
                assertRefused(
                        WalException.Kind.ILLEGAL_NAME, () -> wal.append(name, bytes("entry")));
            }
            assertRefused(
                    WalException.Kind.ENTRY_TOO_LARGE, () -> wal.append("events", new byte[11]));
            assertRefused(
                    WalException.Kind.ENTRY_TOO_LARGE,
                    () -> wal.appendBatch("events", List.of(buffer("a"), ByteBuffer.allocate(11))));
            assertRefused(
                    WalException.Kind.BATCH_REFUSED, () -> wal.appendBatch("events", List.of()));
            assertRefused(
                    WalException.Kind.BATCH_REFUSED,
                    () -> wal.appendBatch("events", Collections.nCopies(2001, buffer("a"))));
            assertThat(wal.topics()).isEmpty();
        }
    }

    @Test
    void unknownTopicIsAnErrorToReadersAndMadeByAppends() {
        try (Wal wal = Wal.open(WalOptions.in(dir))) {
            assertRefused(WalException.Kind.NO_TOPIC, () -> wal.readAt("events", 0, 1));
            assertRefused(WalException.Kind.NO_TOPIC, () -> wal.endOffset("events"));
            assertThat(wal.exists("events")).isFalse();
            wal.append("events", bytes("entry"));
            assertThat(wal.exists("events")).isTrue();
            wal.create("empty");
            wal.create("empty");
            assertThat(wal.topics()).containsExactly("empty", "events");
            assertThat(wal.entryCount("empty")).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("io.walrus.wal.Setups#all")
    void closedLogRefusesEverything(Setup setup) {
        Wal wal = setup.open(dir);
        wal.append("events", bytes("entry"));
        wal.close();
        wal.close();
        assertRefused(WalException.Kind.CLOSED, () -> wal.append("events", bytes("entry")));
        assertRefused(WalException.Kind.CLOSED, () -> wal.append("new", bytes("entry")));
        assertRefused(WalException.Kind.CLOSED, () -> wal.appendAsync("events", buffer("entry")));
        assertRefused(WalException.Kind.CLOSED, () -> wal.readAt("events", 0, 1));
        assertRefused(WalException.Kind.CLOSED, () -> wal.readNext("events", true));
        assertRefused(WalException.Kind.CLOSED, () -> wal.seal("events"));
        assertRefused(WalException.Kind.CLOSED, wal::sync);
        assertRefused(WalException.Kind.CLOSED, wal::topics);
    }

    @ParameterizedTest
    @MethodSource("io.walrus.wal.Setups#all")
    void interruptEndsNoWaitAndHarmsNothing(Setup setup) {
        try (Wal wal = setup.open(dir)) {
            Thread.currentThread().interrupt();
            assertThat(wal.append("events", bytes("entry"))).isZero();
            assertThat(textsFrom(wal, "events", 0)).containsExactly("entry");
            wal.sync();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(wal.append("events", bytes("entry"))).isEqualTo(1);
        }
    }

    static void assertRefused(WalException.Kind kind, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        WalException.class, refused -> assertThat(refused.kind()).isEqualTo(kind));
    }

    private static List<String> entries(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "entry " + i).toList();
    }
}
