package io.walrus.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.walrus.wal.WalException.Kind;
import io.walrus.wal.sim.DiskCall;
import io.walrus.wal.sim.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The catalogue on a disk that tears, loses, rots, fills up and fails. */
class CatalogFaultTest {

    private static final Path DIR = Path.of("/log");
    private static final Path FILE = DIR.resolve("catalog.log");

    private SimulatedDisk disk = new SimulatedDisk(1);

    @BeforeEach
    void directory() throws IOException {
        disk.createDirectories(DIR);
    }

    private static Catalog open(SimulatedDisk disk) {
        return Catalog.open(disk, DIR, 1_000);
    }

    /** Three streams, one of them deleted, a seal, a cursor: 14 records of 7 kinds of places. */
    private Map<String, StreamRecord> written() {
        try (Catalog catalog = open(disk)) {
            long a = catalog.create("alpha").id();
            long b = catalog.create("b").id();
            catalog.sealed(b, 99);
            catalog.truncatedBefore(b, 3);
            catalog.deleted(catalog.create("gone").id());
            catalog.cursorSlot(a, "reader");
            catalog.force();
            return new TreeMap<>(catalog.streams());
        }
    }

    private byte[] bytes() {
        return disk.files().get(FILE);
    }

    private int usedBytes(byte[] bytes) {
        int used = bytes.length;
        while (bytes[used - 1] == 0) {
            used--;
        }
        return used;
    }

    private SimulatedDisk diskWith(byte[] bytes) {
        SimulatedDisk copy = disk.copy();
        copy.put(FILE, bytes);
        return copy;
    }

    @Test
    void noSingleFlippedBitLosesAnything() {
        Map<String, StreamRecord> streams = written();
        byte[] good = bytes();
        int bits = usedBytes(good) * 8 + 64;
        for (int bit = 0; bit < bits; bit++) {
            byte[] flipped = good.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            SimulatedDisk copy = diskWith(flipped);
            try (Catalog catalog = open(copy)) {
                assertThat(catalog.streams()).as("bit %d", bit).isEqualTo(streams);
                assertThat(catalog.findCursorSlot(1, "reader")).as("bit %d", bit).hasValue(0);
            }
        }
    }

    @Test
    void aMendedPlaceIsMendedOnDisk() {
        Map<String, StreamRecord> streams = written();
        byte[] flipped = bytes();
        flipped[140] ^= 1;
        SimulatedDisk copy = diskWith(flipped);
        try (Catalog catalog = open(copy)) {
            assertThat(catalog.healed()).isEqualTo(1);
        }
        try (Catalog catalog = open(copy)) {
            assertThat(catalog.healed()).isZero();
            assertThat(catalog.streams()).isEqualTo(streams);
        }
    }

    @Test
    void whereverTheFileEndsWhatIsBeforeItIsKeptOrTheWholeIsRefused() {
        Map<String, StreamRecord> streams = written();
        byte[] good = bytes();
        int used = usedBytes(good);
        int alive = 0;
        for (int length = 0; length <= used; length++) {
            SimulatedDisk copy = diskWith(Arrays.copyOf(good, length));
            if (length < 64) {
                WalException refused =
                        catchThrowableOfType(WalException.class, () -> open(copy).close());
                assertThat(refused.kind()).isEqualTo(Kind.DAMAGED);
                assertThat(refused.file()).isEqualTo(FILE);
                assertThat(copy.files().get(FILE)).hasSize(length);
                continue;
            }
            try (Catalog catalog = open(copy)) {
                assertThat(catalog.streams().size()).isLessThanOrEqualTo(3);
                alive = Math.max(alive, catalog.streams().size());
                catalog.create("new");
            }
            try (Catalog catalog = open(copy)) {
                assertThat(catalog.streams()).containsKey("new");
            }
        }
        assertThat(alive).isGreaterThanOrEqualTo(streams.size());
    }

    @Test
    void aTornTailIsCutAndReportedOnce() {
        written();
        byte[] torn = bytes();
        int used = usedBytes(torn);
        Arrays.fill(torn, used - 120, used, (byte) 7);
        SimulatedDisk copy = diskWith(torn);
        try (Catalog catalog = open(copy)) {
            assertThat(catalog.cut())
                    .hasValueSatisfying(
                            cut -> {
                                assertThat(cut.file()).isEqualTo(FILE);
                                assertThat(cut.position() + cut.bytes()).isEqualTo(used);
                            });
        }
        try (Catalog catalog = open(copy)) {
            assertThat(catalog.cut()).isEmpty();
        }
    }

    @Test
    void bothCopiesDamagedInTheMiddleIsRefusedAndUntouched() {
        written();
        byte[] damaged = bytes();
        Arrays.fill(damaged, 128, 128 + 2 * 56, (byte) 1);
        SimulatedDisk copy = diskWith(damaged);
        assertThatThrownBy(() -> open(copy))
                .isInstanceOfSatisfying(
                        WalException.class,
                        refused -> {
                            assertThat(refused.kind()).isEqualTo(Kind.DAMAGED);
                            assertThat(refused.position()).isEqualTo(128);
                        });
        assertThat(copy.files().get(FILE)).isEqualTo(damaged);
        assertThat(copy.openPaths()).isEmpty();
    }

    @Test
    void aMissingFileBesideStreamsIsRefusedNeverTakenForFresh() throws IOException {
        for (String left : List.of("streams/0000000000000001", "journal/x.jnl", "cursors.dat")) {
            SimulatedDisk used = new SimulatedDisk(3);
            used.createDirectories(DIR.resolve(left));
            assertThatThrownBy(() -> open(used))
                    .isInstanceOfSatisfying(
                            WalException.class,
                            refused -> assertThat(refused.kind()).isEqualTo(Kind.DAMAGED));
            assertThat(used.exists(FILE)).isFalse();
        }
    }

    @Test
    void aPowerCutTakesOnlyWhatWasNotForced() throws IOException {
        for (int seed = 0; seed < 500; seed++) {
            SimulatedDisk fresh = new SimulatedDisk(seed);
            fresh.createDirectories(DIR);
            Random random = new Random(seed);
            int forced = 0;
            int created = 0;
            Catalog catalog = open(fresh);
            for (int step = 0; step < 40; step++) {
                created = step + 1;
                catalog.create("topic-" + step);
                if (random.nextInt(5) == 0) {
                    catalog.force();
                    forced = created;
                }
            }
            SimulatedDisk next = fresh.crash(seed);
            try (Catalog reopened = open(next)) {
                for (int step = 0; step < forced; step++) {
                    assertThat(reopened.streams()).as("seed %d", seed).containsKey("topic-" + step);
                }
                assertThat(reopened.streams()).hasSizeBetween(forced, created);
                reopened.create("after");
                reopened.force();
            }
            SimulatedDisk last = next.crash(seed);
            try (Catalog again = open(last)) {
                assertThat(again.cut()).as("seed %d", seed).isEmpty();
                assertThat(again.streams()).containsKey("after");
            }
        }
    }

    @Test
    void aPowerCutAtAnyCallOfAnOpeningLeavesTheOldOrTheNewNeverNeither() throws IOException {
        Map<String, StreamRecord> streams = written();
        byte[] healing = bytes();
        healing[140] ^= 1;
        for (int calls = 0; calls < 40; calls++) {
            SimulatedDisk copy = diskWith(healing);
            copy.cutPowerAfter(calls);
            try {
                open(copy).close();
            } catch (WalException powerCut) {
                assertThat(powerCut.kind()).isIn(Kind.IO, Kind.FULL);
            }
            try (Catalog catalog = open(copy.crash(calls))) {
                assertThat(catalog.streams()).as("call %d", calls).isEqualTo(streams);
            }
        }
    }

    @Test
    void aPowerCutWhileTheFirstFileIsMadeLeavesADirectoryThatOpens() throws IOException {
        for (int calls = 0; calls < 20; calls++) {
            SimulatedDisk fresh = new SimulatedDisk(calls);
            fresh.createDirectories(DIR);
            fresh.cutPowerAfter(calls);
            try {
                open(fresh).close();
            } catch (WalException powerCut) {
                assertThat(powerCut.kind()).isEqualTo(Kind.IO);
            }
            try (Catalog catalog = open(fresh.crash(calls))) {
                assertThat(catalog.streams()).isEmpty();
            }
        }
    }

    @Test
    void aFailedForceIsFinal() {
        Catalog catalog = open(disk);
        catalog.create("a");
        disk.failOnce(DiskCall.FORCE, 0);
        assertThatThrownBy(catalog::force)
                .isInstanceOfSatisfying(
                        WalException.class,
                        failed -> {
                            assertThat(failed.kind()).isEqualTo(Kind.FAILED);
                            assertThat(failed.mayHaveHappened()).isTrue();
                        });
        assertThat(catalog.isDirty()).isTrue();
        for (Runnable call : List.<Runnable>of(catalog::force, () -> catalog.create("b"))) {
            assertThatThrownBy(call::run)
                    .isInstanceOfSatisfying(
                            WalException.class,
                            stopped -> assertThat(stopped.kind()).isEqualTo(Kind.STOPPED));
        }
        assertThat(catalog.streams()).containsOnlyKeys("a");
    }

    @Test
    void aFullDiskRefusesNewStreamsButDeletesAndSealsGoOnAndItHealsByItself() {
        try (Catalog catalog = open(disk)) {
            StreamRecord first = catalog.create("first");
            StreamRecord second = catalog.create("second");
            disk.leaveRoom(0);
            int made = 0;
            WalException refused = null;
            while (refused == null) {
                String name = "t" + made++;
                refused = catchThrowableOfType(WalException.class, () -> catalog.create(name));
            }
            assertThat(refused.kind()).isEqualTo(Kind.FULL);
            assertThat(refused.mayRetry()).isTrue();
            assertThat(catalog.streams()).doesNotContainKey("t" + (made - 1));
            catalog.sealed(first.id(), 4);
            catalog.deleted(second.id());
            disk.heal();
            catalog.create("later");
        }
        try (Catalog catalog = open(disk)) {
            assertThat(catalog.streams()).containsKeys("first", "t0", "later");
            assertThat(catalog.streams()).doesNotContainKey("second");
            assertThat(catalog.streams().get("first").endOffset()).isEqualTo(4);
        }
    }

    @Test
    void aFullDiskDoesNotKeepACatalogueFromOpening() {
        Map<String, StreamRecord> streams = written();
        byte[] healing = bytes();
        healing[140] ^= 1;
        SimulatedDisk copy = diskWith(healing);
        copy.leaveRoom(0);
        try (Catalog catalog = open(copy)) {
            assertThat(catalog.streams()).isEqualTo(streams);
        }
    }

    @Test
    void aFailedWriteStopsTheCatalogueAndWhatWasThereStays() {
        Catalog catalog = open(disk);
        catalog.create("a");
        catalog.force();
        disk.failOnce(DiskCall.WRITE, 0);
        assertThatThrownBy(() -> catalog.create("b"))
                .isInstanceOfSatisfying(
                        WalException.class,
                        failed -> assertThat(failed.kind()).isEqualTo(Kind.FAILED));
        assertThat(catalog.streams()).containsOnlyKeys("a");
        catalog.close();
        try (Catalog again = open(disk.processCrash())) {
            assertThat(again.streams()).containsKey("a");
        }
    }
}
