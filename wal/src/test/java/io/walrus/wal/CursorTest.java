package io.walrus.wal;

import static io.walrus.wal.AppendAndReadTest.assertRefused;
import static io.walrus.wal.Setups.bytes;
import static io.walrus.wal.Setups.killed;
import static io.walrus.wal.Setups.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.wal.Setups.Setup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CursorTest {

    @TempDir Path dir;
    @TempDir Path copy;

    @ParameterizedTest
    @MethodSource("io.walrus.wal.Setups#all")
    void readNextConsumesAndPeekDoesNot(Setup setup) {
        try (Wal wal = setup.open(dir)) {
            fill(wal, 3);
            assertThat(text(wal.readNext("events", false).orElseThrow())).isEqualTo("entry 0");
            assertThat(text(wal.readNext("events", true).orElseThrow())).isEqualTo("entry 0");
            assertThat(text(wal.readNext("events", false).orElseThrow())).isEqualTo("entry 1");
            assertThat(wal.readBatch("events", 1 << 20, true)).hasSize(2);
            assertThat(wal.readNext("events", true)).isEmpty();
            assertThat(wal.readBatch("events", 1 << 20, true)).isEmpty();
            wal.append("events", bytes("late"));
            assertThat(text(wal.readNext("events", true).orElseThrow())).isEqualTo("late");
        }
    }

    @ParameterizedTest
    @MethodSource("io.walrus.wal.Setups#all")
    void killNeverHandsAPositionOutTwice(Setup setup) throws IOException {
        try (Wal wal = setup.open(dir)) {
            fill(wal, 10);
            wal.readNext("events", true);
            wal.readBatch("events", 1, true);
            killed(dir, copy);
        }
        try (Wal wal = setup.open(copy)) {
            assertThat(text(wal.readNext("events", true).orElseThrow())).isEqualTo("entry 2");
        }
    }

    @ParameterizedTest
    @MethodSource("io.walrus.wal.Setups#all")
    void namedCursorsAreIndependentAndSurviveReopening(Setup setup) {
        try (Wal wal = setup.open(dir)) {
            fill(wal, 10);
            assertThat(wal.cursor("events", "a")).isEmpty();
            wal.commit("events", "a", 4);
            wal.commit("events", "b", 0);
            wal.readNext("events", true);
        }
        try (Wal wal = setup.open(dir)) {
            assertThat(wal.cursors("events")).isEqualTo(Map.of("", 1L, "a", 4L, "b", 0L));
            assertThat(wal.cursor("events", "a")).isEqualTo(OptionalLong.of(4));
        }
    }

    @ParameterizedTest
    @MethodSource("io.walrus.wal.Setups#all")
    void commitNeverGoesBackAndSeekDoes(Setup setup) {
        try (Wal wal = setup.open(dir)) {
            fill(wal, 10);
            wal.commit("events", "a", 7);
            wal.commit("events", "a", 3);
            assertThat(wal.cursor("events", "a")).isEqualTo(OptionalLong.of(7));
            wal.seek("events", "a", 3);
            assertThat(wal.cursor("events", "a")).isEqualTo(OptionalLong.of(3));
            wal.seek("events", "", 9);
            assertThat(text(wal.readNext("events", true).orElseThrow())).isEqualTo("entry 9");
        }
    }

    @Test
    void placesAndNamesThatAreNoneAreRefused() {
        try (Wal wal = Wal.open(WalOptions.in(dir))) {
            fill(wal, 2);
            assertRefused(WalException.Kind.OUT_OF_RANGE, () -> wal.commit("events", "a", 3));
            assertRefused(WalException.Kind.OUT_OF_RANGE, () -> wal.seek("events", "a", -1));
            assertRefused(WalException.Kind.ILLEGAL_NAME, () -> wal.commit("events", "a/b", 1));
            assertRefused(WalException.Kind.ILLEGAL_NAME, () -> wal.cursor("events", null));
            assertRefused(WalException.Kind.NO_TOPIC, () -> wal.readNext("other", true));
            assertThat(wal.cursors("events")).isEmpty();
        }
    }

    @Test
    void atLeastOnceHandsOutAgainAtMostWhatItMay() throws IOException {
        try (Wal wal = Wal.open(WalOptions.in(dir).reads(ReadConsistency.atLeastOnce(4)))) {
            fill(wal, 20);
            for (int i = 0; i < 10; i++) {
                assertThat(wal.readNext("events", true).orElseThrow().offset()).isEqualTo(i);
            }
            killed(dir, copy);
        }
        try (Wal wal = Wal.open(WalOptions.in(copy))) {
            assertThat(wal.readNext("events", true).orElseThrow().offset()).isEqualTo(8);
        }
    }

    @ParameterizedTest
    @MethodSource("io.walrus.wal.Setups#all")
    void manyConsumersShareOneCursorWithoutDoubles(Setup setup) throws InterruptedException {
        Map<Long, String> seen = new ConcurrentHashMap<>();
        try (Wal wal = setup.open(dir)) {
            fill(wal, 200);
            List<Thread> consumers =
                    IntStream.range(0, 4)
                            .mapToObj(t -> new Thread(() -> consumeAll(wal, seen)))
                            .toList();
            consumers.forEach(Thread::start);
            for (Thread consumer : consumers) {
                consumer.join();
            }
        }
        assertThat(seen).hasSize(200).doesNotContainValue("twice");
    }

    private static void consumeAll(Wal wal, Map<Long, String> seen) {
        for (var next = wal.readNext("events", true);
                next.isPresent();
                next = wal.readNext("events", true)) {
            seen.merge(next.get().offset(), "once", (once, again) -> "twice");
        }
    }

    @Test
    void cursorBeyondALostTailGoesBackToTheEndForGood() throws IOException {
        try (Wal wal = Wal.open(WalOptions.in(dir).fsync(FsyncPolicy.none()))) {
            fill(wal, 10);
            wal.readBatch("events", 1 << 20, true);
            killed(dir, copy);
        }
        Files.delete(Setups.lastStreamFile(copy));
        try (Wal wal = Wal.open(WalOptions.in(copy))) {
            assertThat(wal.readNext("events", true)).isEmpty();
            for (int i = 0; i < 20; i++) {
                wal.append("events", bytes("new " + i));
            }
        }
        try (Wal wal = Wal.open(WalOptions.in(copy))) {
            assertThat(text(wal.readNext("events", true).orElseThrow())).isEqualTo("new 0");
        }
    }

    @Test
    void damagedCursorIsAnErrorUntilSomebodySeeks() throws IOException {
        try (Wal wal = Wal.open(WalOptions.in(dir))) {
            fill(wal, 10);
            wal.readNext("events", true);
            wal.commit("events", "other", 5);
        }
        Path file = dir.resolve(CursorStore.NAME);
        int slot = (int) io.walrus.wal.format.CursorSlotFormat.positionOf(0);
        RecoveryTest.flip(file, slot + 9);
        RecoveryTest.flip(file, slot + 32 + 9);
        try (Wal wal = Wal.open(WalOptions.in(dir))) {
            assertRefused(WalException.Kind.DAMAGED, () -> wal.readNext("events", true));
            assertThat(wal.cursor("events", "other")).isEqualTo(OptionalLong.of(5));
            wal.seek("events", "", 3);
            assertThat(wal.readNext("events", true).orElseThrow().offset()).isEqualTo(3);
        }
    }

    /**
     * A flush that is due while the log opens must not pass for the one after the cursors moved.
     */
    @Test
    void cursorsThatCameBackToTheEndAreDurableBeforeEntriesComeThere() {
        var clock = new AtomicLong();
        for (int seed = 0; seed < 10; seed++) {
            var log = new LogOnDisk(FsyncPolicy.none(), Backend.MAPPED);
            log.appendTexts(0, 3);
            log.wal.commit(LogOnDisk.TOPIC, "reader", 3);
            log.wal.sync();
            log.disk = log.disk.processCrash();
            log.closeCrashed();
            log.disk.put(log.lastFile(), new byte[16 << 10]);
            WalOptions every = log.options.fsync(FsyncPolicy.every(Duration.ofMillis(1)));
            log.wal = Wal.open(every, log.disk, () -> clock.addAndGet(10_000_000));
            log.appendTexts(0, 4);
            log.wal.seal(LogOnDisk.TOPIC);
            log.cutPowerAndOpen(seed);
            assertThat(log.wal.cursor(LogOnDisk.TOPIC, "reader")).hasValue(0);
            log.wal.close();
        }
    }

    private static void fill(Wal wal, int count) {
        for (int i = 0; i < count; i++) {
            wal.append("events", bytes("entry " + i));
        }
    }
}
