package io.walrus.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walrus.wal.WalException.Kind;
import io.walrus.wal.disk.RealDisk;
import io.walrus.wal.sim.DiskCall;
import io.walrus.wal.sim.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CursorStoreTest {

    private static final Path DIR = Path.of("/log");
    private static final Path FILE = DIR.resolve("cursors.dat");
    private static final long STREAM = 7;
    private static final int FIRST_SLOT_AT = 64;

    private final SimulatedDisk disk = new SimulatedDisk(1);

    @BeforeEach
    void directory() throws IOException {
        disk.createDirectories(DIR);
    }

    private static CursorStore open(SimulatedDisk disk) {
        return CursorStore.open(disk, DIR, 0);
    }

    private static void assertKind(WalException refused, Kind kind) {
        assertThat(refused.kind()).isEqualTo(kind);
    }

    @Test
    void aSlotThatWasNeverSetIsZero() {
        try (CursorStore cursors = open(disk)) {
            assertThat(cursors.get(0, STREAM)).isZero();
            assertThat(cursors.get(1_000_000, STREAM)).isZero();
        }
    }

    @Test
    void valuesAreThereAfterReopeningOverManyGrowths() {
        int slots = 5_000;
        try (CursorStore cursors = open(disk)) {
            for (int slot = 0; slot < slots; slot++) {
                cursors.set(slot, STREAM + slot, slot * 10L);
                cursors.set(slot, STREAM + slot, slot * 11L);
            }
        }
        try (CursorStore cursors = open(disk)) {
            for (int slot = 0; slot < slots; slot++) {
                assertThat(cursors.get(slot, STREAM + slot)).isEqualTo(slot * 11L);
            }
        }
        assertThat(disk.openPaths()).isEmpty();
    }

    /** Setting it may tear the other one, at the next power cut. */
    @Test
    void aCopyThatAPowerCutDamagedIsMadeWholeBeforeTheSlotIsSet() {
        for (int damaged : new int[] {FIRST_SLOT_AT + 8, FIRST_SLOT_AT + 32 + 8}) {
            try (CursorStore cursors = open(disk)) {
                cursors.set(0, STREAM, 33);
                cursors.force();
            }
            disk.flipBit(FILE, damaged * 8L);
            try (CursorStore cursors = open(disk)) {
                assertThat(cursors.mend(Set.of(0, 5_000))).isTrue();
                cursors.force();
                assertThat(cursors.mend(Set.of(0))).isFalse();
            }
            int other = damaged ^ 32;
            disk.flipBit(FILE, other * 8L);
            try (CursorStore cursors = open(disk)) {
                assertThat(cursors.get(0, STREAM)).isEqualTo(33);
            }
        }
    }

    @Test
    void aDamagedCopyOfTheHeaderIsMadeWholeToo() {
        open(disk).close();
        disk.flipBit(FILE, 3 * 8L);
        try (CursorStore cursors = open(disk)) {
            assertThat(cursors.mend(Set.of())).isTrue();
            cursors.force();
        }
        disk.flipBit(FILE, (32 + 3) * 8L);
        open(disk).close();
    }

    @Test
    void aValueOfAnotherStreamIsInvisible() {
        try (CursorStore cursors = open(disk)) {
            cursors.set(3, STREAM, 55);
            assertThat(cursors.get(3, STREAM + 1)).isZero();
            cursors.set(3, STREAM + 1, 2);
            assertThat(cursors.get(3, STREAM + 1)).isEqualTo(2);
            assertThat(cursors.get(3, STREAM)).isZero();
        }
    }

    @Test
    void aSetSurvivesACrashOfTheProcessWithoutAForce() {
        CursorStore cursors = open(disk);
        cursors.set(0, STREAM, 41);
        cursors.set(0, STREAM, 42);
        try (CursorStore again = open(disk.processCrash())) {
            assertThat(again.get(0, STREAM)).isEqualTo(42);
        }
    }

    @Test
    void settingMakesNoCallToTheDisk() {
        try (CursorStore cursors = open(disk)) {
            long calls = disk.calls();
            for (int value = 0; value < 1_000; value++) {
                cursors.set(value % 100, STREAM, value);
            }
            assertThat(disk.calls()).isEqualTo(calls);
        }
    }

    @Test
    void aPowerCutNeverTakesAForcedValueNorInventsOne() throws IOException {
        for (int seed = 0; seed < 500; seed++) {
            SimulatedDisk fresh = new SimulatedDisk(seed);
            fresh.createDirectories(DIR);
            var random = new Random(seed);
            long forced = 0;
            long last = 0;
            CursorStore cursors = open(fresh);
            // Beyond the first growth, so that the cut also meets a file of a new size.
            int slot = random.nextInt(4_000);
            for (long value = 1; value <= 20; value++) {
                cursors.set(slot, STREAM, value);
                last = value;
                if (random.nextInt(6) == 0) {
                    cursors.force();
                    forced = value;
                }
            }
            SimulatedDisk next = fresh.crash(seed);
            try (CursorStore again = open(next)) {
                assertThat(again.get(slot, STREAM)).as("seed %d", seed).isBetween(forced, last);
                again.set(slot, STREAM, 100);
                again.force();
            }
            try (CursorStore again = open(next.crash(seed))) {
                assertThat(again.get(slot, STREAM)).as("seed %d", seed).isEqualTo(100);
            }
        }
    }

    @Test
    void noSingleFlippedBitMovesACursor() {
        try (CursorStore cursors = open(disk)) {
            cursors.set(0, STREAM, 12);
            cursors.set(0, STREAM, 13);
            cursors.set(1, STREAM, 20);
        }
        byte[] good = disk.files().get(FILE);
        for (int bit = 0; bit < (FIRST_SLOT_AT + 3 * 64) * 8; bit++) {
            byte[] flipped = good.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            SimulatedDisk copy = disk.copy();
            copy.put(FILE, flipped);
            try (CursorStore cursors = open(copy)) {
                assertThat(cursors.get(0, STREAM)).as("bit %d", bit).isEqualTo(13);
                assertThat(cursors.get(1, STREAM)).as("bit %d", bit).isEqualTo(20);
                assertThat(cursors.get(2, STREAM)).as("bit %d", bit).isZero();
            }
        }
    }

    @Test
    void aSetTornAtAnyByteLeavesTheOldOrTheNewValue() {
        byte[] before;
        byte[] after;
        try (CursorStore cursors = open(disk)) {
            cursors.set(0, STREAM, 12);
            before = disk.files().get(FILE);
            cursors.set(0, STREAM, 13);
            after = disk.files().get(FILE);
        }
        for (int torn = 0; torn <= 64; torn++) {
            byte[] bytes = before.clone();
            System.arraycopy(after, FIRST_SLOT_AT, bytes, FIRST_SLOT_AT, torn);
            SimulatedDisk copy = disk.processCrash();
            copy.put(FILE, bytes);
            try (CursorStore cursors = open(copy)) {
                assertThat(cursors.get(0, STREAM)).isEqualTo(torn < 28 ? 12 : 13);
                cursors.set(0, STREAM, 14);
                assertThat(cursors.get(0, STREAM)).isEqualTo(14);
            }
        }
    }

    @Test
    void aSlotWithBothCopiesDamagedIsAnErrorForThatCursorOnlyAndASetMendsIt() {
        try (CursorStore cursors = open(disk)) {
            cursors.set(0, STREAM, 12);
            cursors.set(1, STREAM, 20);
        }
        byte[] bytes = disk.files().get(FILE);
        bytes[FIRST_SLOT_AT + 9] ^= 1;
        bytes[FIRST_SLOT_AT + 32 + 9] ^= 1;
        disk.put(FILE, bytes);
        try (CursorStore cursors = open(disk)) {
            assertThatThrownBy(() -> cursors.get(0, STREAM))
                    .isInstanceOfSatisfying(
                            WalException.class,
                            damaged -> {
                                assertKind(damaged, Kind.DAMAGED);
                                assertThat(damaged.file()).isEqualTo(FILE);
                                assertThat(damaged.position()).isEqualTo(FIRST_SLOT_AT);
                            });
            assertThat(cursors.get(1, STREAM)).isEqualTo(20);
            cursors.set(0, STREAM, 5);
            assertThat(cursors.get(0, STREAM)).isEqualTo(5);
        }
    }

    @Test
    void aFileCutShortMakesItsCursorsErrorsNeverZeroes() {
        try (CursorStore cursors = open(disk)) {
            cursors.set(0, STREAM, 12);
            cursors.set(1, STREAM, 20);
            cursors.force();
        }
        byte[] good = disk.files().get(FILE);
        for (int length = 0; length < FIRST_SLOT_AT + 3 * 64; length++) {
            SimulatedDisk copy = disk.copy();
            copy.put(FILE, Arrays.copyOf(good, length));
            try (CursorStore cursors = open(copy)) {
                assertKeptOrDamaged(cursors, 0, 12, length >= FIRST_SLOT_AT + 28);
                assertKeptOrDamaged(cursors, 1, 20, length >= FIRST_SLOT_AT + 64 + 28);
            } catch (WalException refused) {
                assertKind(refused, Kind.DAMAGED);
                assertThat(length).isLessThan(32);
                assertThat(copy.files().get(FILE)).hasSize(length);
            }
        }
    }

    private static void assertKeptOrDamaged(
            CursorStore cursors, int slot, long value, boolean kept) {
        if (kept) {
            assertThat(cursors.get(slot, STREAM)).isEqualTo(value);
        } else {
            assertThatThrownBy(() -> cursors.get(slot, STREAM))
                    .isInstanceOfSatisfying(
                            WalException.class, damaged -> assertKind(damaged, Kind.DAMAGED));
        }
    }

    @Test
    void aMissingFileIsDamageIfCursorsHaveSlots() {
        assertThatThrownBy(() -> CursorStore.open(disk, DIR, 1))
                .isInstanceOfSatisfying(
                        WalException.class, damaged -> assertKind(damaged, Kind.DAMAGED));
        assertThat(disk.exists(FILE)).isFalse();
    }

    @Test
    void aFullDiskRefusesGrowthAndTheSlotsThatAreThereGoOn() {
        try (CursorStore cursors = open(disk)) {
            cursors.set(0, STREAM, 1);
            disk.leaveRoom(1_000);
            assertThatThrownBy(() -> cursors.set(5_000, STREAM, 1))
                    .isInstanceOfSatisfying(
                            WalException.class, refused -> assertKind(refused, Kind.FULL));
            cursors.set(0, STREAM, 2);
            cursors.force();
            disk.heal();
            cursors.set(5_000, STREAM, 3);
        }
        try (CursorStore cursors = open(disk)) {
            assertThat(cursors.get(0, STREAM)).isEqualTo(2);
            assertThat(cursors.get(5_000, STREAM)).isEqualTo(3);
        }
    }

    @Test
    void aFailedForceIsFinal() {
        CursorStore cursors = open(disk);
        cursors.set(0, STREAM, 1);
        disk.failOnce(DiskCall.FORCE, 0);
        assertThatThrownBy(cursors::force)
                .isInstanceOfSatisfying(
                        WalException.class, failed -> assertKind(failed, Kind.FAILED));
        assertThatThrownBy(() -> cursors.set(0, STREAM, 2))
                .isInstanceOfSatisfying(
                        WalException.class, stopped -> assertKind(stopped, Kind.STOPPED));
        assertThatThrownBy(cursors::force)
                .isInstanceOfSatisfying(
                        WalException.class, stopped -> assertKind(stopped, Kind.STOPPED));
        assertThat(cursors.get(0, STREAM)).isEqualTo(1);
    }

    @Test
    void aClosedStoreTakesNothing() {
        CursorStore cursors = open(disk);
        cursors.close();
        assertThatThrownBy(() -> cursors.set(0, STREAM, 2))
                .isInstanceOfSatisfying(
                        WalException.class, closed -> assertKind(closed, Kind.CLOSED));
    }

    @Test
    void aPowerCutAtAnyCallOfTheFirstOpeningLeavesADirectoryThatOpens() throws IOException {
        for (int calls = 0; calls < 20; calls++) {
            SimulatedDisk fresh = new SimulatedDisk(calls);
            fresh.createDirectories(DIR);
            fresh.cutPowerAfter(calls);
            try {
                open(fresh).close();
            } catch (WalException powerCut) {
                assertKind(powerCut, Kind.IO);
            }
            try (CursorStore cursors = open(fresh.crash(calls))) {
                assertThat(cursors.get(0, STREAM)).isZero();
            }
        }
    }

    @Test
    void itWorksOnARealFileSystem(@TempDir Path dir) throws IOException {
        var real = new RealDisk();
        try (CursorStore cursors = CursorStore.open(real, dir, 0)) {
            for (int slot = 0; slot < 20_000; slot++) {
                cursors.set(slot, STREAM, slot);
            }
            cursors.force();
        }
        try (CursorStore cursors = CursorStore.open(real, dir, 20_000)) {
            assertThat(cursors.get(19_999, STREAM)).isEqualTo(19_999);
        }
        assertThat(Files.getPosixFilePermissions(dir.resolve("cursors.dat"))).hasSize(2);
    }
}
