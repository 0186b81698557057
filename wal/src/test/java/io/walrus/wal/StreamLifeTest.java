package io.walrus.wal;

import static io.walrus.wal.AppendAndReadTest.assertRefused;
import static io.walrus.wal.Setups.bytes;
import static io.walrus.wal.Setups.killed;
import static io.walrus.wal.Setups.text;
import static io.walrus.wal.Setups.textsFrom;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.walrus.wal.Setups.Setup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class StreamLifeTest {

    @TempDir Path dir;
    @TempDir Path copy;

    @ParameterizedTest
    @MethodSource("io.walrus.wal.Setups#all")
    void sealGivesTheExactEndAndStopsAppends(Setup setup) throws IOException {
        try (Wal wal = setup.open(dir)) {
            fill(wal, "events", 10);
            assertThat(wal.isSealed("events")).isFalse();
            assertThat(wal.seal("events")).isEqualTo(10);
            assertThat(wal.seal("events")).isEqualTo(10);
            assertSealed(wal, 10);
            killed(dir, copy);
        }
        try (Wal wal = setup.open(copy)) {
            assertSealed(wal, 10);
            assertThat(wal.readNext("events", true)).isPresent();
        }
        try (Wal wal = setup.open(dir)) {
            assertSealed(wal, 10);
        }
    }

    private static void assertSealed(Wal wal, int count) {
        assertThat(wal.isSealed("events")).isTrue();
        assertThat(wal.endOffset("events")).isEqualTo(count);
        assertThat(textsFrom(wal, "events", 0)).isEqualTo(entries(0, count));
        assertRefused(WalException.Kind.SEALED, () -> wal.append("events", bytes("more")));
        assertThat(wal.endOffset("events")).isEqualTo(count);
    }

    @ParameterizedTest
    @MethodSource("io.walrus.wal.Setups#all")
    void emptyTopicCanBeSealed(Setup setup) {
        try (Wal wal = setup.open(dir)) {
            wal.create("events");
            assertThat(wal.seal("events")).isZero();
            assertRefused(WalException.Kind.NO_TOPIC, () -> wal.seal("other"));
        }
        try (Wal wal = setup.open(dir)) {
            assertSealed(wal, 0);
        }
    }

    @ParameterizedTest
    @MethodSource("io.walrus.wal.Setups#all")
    void sealCountsEveryAppendThatWasAcknowledged(Setup setup) throws InterruptedException {
        try (Wal wal = setup.open(dir)) {
            wal.create("events");
            var acked = new java.util.concurrent.atomic.AtomicLong();
            List<Thread> writers =
                    IntStream.range(0, 4)
                            .mapToObj(t -> new Thread(() -> appendUntilSealed(wal, acked)))
                            .toList();
            writers.forEach(Thread::start);
            while (wal.endOffset("events") < 100) {
                Thread.onSpinWait();
            }
            long end = wal.seal("events");
            for (Thread writer : writers) {
                writer.join();
            }
            assertThat(acked.get()).isEqualTo(end);
            assertThat(wal.endOffset("events")).isEqualTo(end);
        }
    }

    private static void appendUntilSealed(Wal wal, java.util.concurrent.atomic.AtomicLong acked) {
        try {
            while (true) {
                wal.append("events", bytes("entry"));
                acked.incrementAndGet();
            }
        } catch (WalException sealed) {
            assertThat(sealed.kind()).isEqualTo(WalException.Kind.SEALED);
        }
    }

    @ParameterizedTest
    @MethodSource("io.walrus.wal.Setups#all")
    void deletedTopicIsGoneWithItsFilesAndItsNameIsFree(Setup setup) throws IOException {
        try (Wal wal = setup.open(dir)) {
            fill(wal, "events", 10);
            wal.readNext("events", true);
            wal.delete("events");
            assertThat(wal.exists("events")).isFalse();
            assertRefused(WalException.Kind.NO_TOPIC, () -> wal.readAt("events", 0, 1));
            assertRefused(WalException.Kind.NO_TOPIC, () -> wal.delete("events"));
            try (Stream<Path> left = Files.list(dir.resolve("streams"))) {
                assertThat(left).isEmpty();
            }
            assertThat(wal.append("events", bytes("new"))).isZero();
            killed(dir, copy);
        }
        try (Wal wal = setup.open(copy)) {
            assertThat(textsFrom(wal, "events", 0)).containsExactly("new");
            assertThat(text(wal.readNext("events", true).orElseThrow())).isEqualTo("new");
        }
    }

    @ParameterizedTest
    @MethodSource("io.walrus.wal.Setups#all")
    void truncatedEntriesAreOutOfRangeAndTheirFilesGo(Setup setup) throws IOException {
        try (Wal wal = setup.open(dir)) {
            byte[] big = new byte[10_000];
            for (int i = 0; i < 100; i++) {
                wal.append("events", big);
            }
            long before = files(dir);
            wal.truncateBefore("events", 95);
            wal.truncateBefore("events", 50);
            assertThat(files(dir)).isLessThan(before);
            assertTruncated(wal);
            assertRefused(WalException.Kind.OUT_OF_RANGE, () -> wal.truncateBefore("events", 101));
            killed(dir, copy);
        }
        try (Wal wal = setup.open(copy)) {
            assertTruncated(wal);
        }
    }

    private static void assertTruncated(Wal wal) {
        assertThat(wal.startOffset("events")).isEqualTo(95);
        assertThat(wal.endOffset("events")).isEqualTo(100);
        assertThat(wal.entryCount("events")).isEqualTo(5);
        assertRefused(WalException.Kind.OUT_OF_RANGE, () -> wal.readAt("events", 94, 1));
        assertThat(wal.readAt("events", 95, 1)).hasSize(1);
        assertThat(wal.readNext("events", false).orElseThrow().offset()).isEqualTo(95);
    }

    @ParameterizedTest
    @MethodSource("io.walrus.wal.Setups#all")
    void everythingMayBeTruncatedAndOffsetsGoOn(Setup setup) {
        try (Wal wal = setup.open(dir)) {
            fill(wal, "events", 10);
            wal.truncateBefore("events", 10);
            assertThat(wal.entryCount("events")).isZero();
            assertThat(wal.append("events", bytes("entry 10"))).isEqualTo(10);
        }
        try (Wal wal = setup.open(dir)) {
            assertThat(textsFrom(wal, "events", 10)).containsExactly("entry 10");
        }
    }

    private static long files(Path dir) throws IOException {
        try (Stream<Path> files = Files.walk(dir.resolve("streams"))) {
            return files.filter(Files::isRegularFile).count();
        }
    }

    @ParameterizedTest
    @MethodSource("io.walrus.wal.Setups#all")
    void timeFindsTheFirstEntryThatIsNotOlder(Setup setup) {
        var clock = new TurnedClock();
        try (Wal wal = Wal.open(setup.options(dir).clock(clock))) {
            for (int i = 0; i < 500; i++) {
                clock.millis = 1000 + i / 5 * 10;
                wal.append("events", new byte[100]);
            }
            clock.millis = 0;
            wal.append("events", new byte[100]);
            assertThat(wal.offsetAtTime("events", Instant.EPOCH)).isEqualTo(OptionalLong.of(0));
            assertThat(wal.offsetAtTime("events", Instant.ofEpochMilli(1001)))
                    .isEqualTo(OptionalLong.of(5));
            assertThat(wal.offsetAtTime("events", Instant.ofEpochMilli(1990)))
                    .isEqualTo(OptionalLong.of(495));
            assertThat(wal.offsetAtTime("events", Instant.ofEpochMilli(1991))).isEmpty();
            assertThat(wal.readAt("events", 500, 1).get(0).timestampMillis()).isEqualTo(1990);
        }
    }

    /** A search halves: what is damaged in the very middle must not hide the rest. */
    @ParameterizedTest
    @EnumSource(Backend.class)
    void timeIsFoundPastDamage(Backend backend) {
        var log = new LogOnDisk(FsyncPolicy.none(), backend);
        long start = log.clock.millis();
        for (int n = 0; n < 16; n++) {
            log.append(LogOnDisk.text(n) + "x".repeat(2_000));
            log.clock.turn(Duration.ofSeconds(1));
        }
        log.wal.close();
        Path first = log.lastFile().resolveSibling("00000001.log");
        byte[] file = log.disk.files().get(first);
        for (int n = 2; n < 5; n++) {
            log.disk.flipBit(first, 8L * LogOnDisk.find(file, LogOnDisk.text(n)));
        }
        Path last = log.lastFile();
        log.disk.put(last, new byte[log.disk.files().get(last).length]);
        log.open();
        for (int second = 0; second <= 16; second++) {
            Instant time = Instant.ofEpochMilli(start + second * 1_000L);
            OptionalLong expected = OptionalLong.empty();
            for (int n = second;
                    n < log.wal.endOffset(LogOnDisk.TOPIC) && expected.isEmpty();
                    n++) {
                expected = isReadable(log, n) ? OptionalLong.of(n) : expected;
            }
            assertThat(log.wal.offsetAtTime(LogOnDisk.TOPIC, time))
                    .as("second %d", second)
                    .isEqualTo(expected);
        }
        assertThat(isReadable(log, 1)).isTrue();
        assertThat(isReadable(log, 4)).isFalse();
        assertThat(log.wal.offsetAtTime(LogOnDisk.TOPIC, Instant.ofEpochMilli(start + 1_500)))
                .hasValue(5);
        log.wal.close();
    }

    private static boolean isReadable(LogOnDisk log, long offset) {
        try {
            return !log.wal.readAt(LogOnDisk.TOPIC, offset, 1).isEmpty();
        } catch (WalException damaged) {
            assertThat(damaged.kind()).isEqualTo(WalException.Kind.DAMAGED);
            return false;
        }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void retentionGivesUpWholeFilesAndKeepsTheNewest(Backend backend) {
        WalOptions keep =
                WalOptions.in(dir)
                        .backend(backend)
                        .fileBytes(256 << 10)
                        .retention("few", Retention.ofEntries(10))
                        .retention("small", Retention.ofBytes(50_000));
        try (Wal wal = Wal.open(keep)) {
            for (int i = 0; i < 100; i++) {
                for (String topic : List.of("few", "small", "all")) {
                    wal.append(topic, new byte[10_000]);
                }
            }
            await().untilAsserted(
                            () -> {
                                assertThat(wal.startOffset("few")).isBetween(1L, 90L);
                                assertThat(wal.startOffset("small")).isBetween(1L, 95L);
                            });
            assertThat(wal.startOffset("all")).isZero();
            assertThat(wal.readAt("few", 90, 1)).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void retentionByAgeLetsTheOldGo(Backend backend) {
        var clock = new TurnedClock();
        WalOptions keep =
                WalOptions.in(dir)
                        .backend(backend)
                        .fileBytes(64 << 10)
                        .clock(clock)
                        .retention(Retention.ofAge(Duration.ofHours(1)))
                        .retention("kept", Retention.ofAge(Duration.ofSeconds(Long.MAX_VALUE - 1)));
        try (Wal wal = Wal.open(keep)) {
            for (int i = 0; i < 50; i++) {
                wal.append("events", new byte[10_000]);
                wal.append("kept", new byte[10_000]);
            }
            assertThat(wal.startOffset("events")).isZero();
            clock.millis = 3_700_000;
            await().untilAsserted(() -> assertThat(wal.startOffset("events")).isPositive());
            assertThat(wal.readAt("events", 49, 1)).hasSize(1);
            assertThat(wal.startOffset("kept")).isZero();
            assertThat(wal.append("kept", new byte[1])).isEqualTo(50);
        }
    }

    /** A wall clock that a test sets. */
    static final class TurnedClock extends Clock {
        volatile long millis;

        @Override
        public java.time.ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(millis);
        }

        @Override
        public long millis() {
            return millis;
        }
    }

    private static void fill(Wal wal, String topic, int count) {
        for (int i = 0; i < count; i++) {
            wal.append(topic, bytes("entry " + i));
        }
    }

    private static List<String> entries(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "entry " + i).toList();
    }
}
