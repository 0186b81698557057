package io.walrus.wal.sim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walrus.wal.disk.Disk.HeldElsewhereException;
import io.walrus.wal.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SimulatedDiskTest {

    private static final Path DIR = Path.of("/log");
    private static final Path FILE = DIR.resolve("a");
    private static final Path OTHER = DIR.resolve("b");

    private final SimulatedDisk disk = new SimulatedDisk(1);

    @BeforeEach
    void makeDirectory() throws IOException {
        disk.createDirectories(DIR);
    }

    @Test
    void writtenBytesAreReadBackThroughEveryHandle() throws IOException {
        DiskFile file = disk.create(FILE);
        write(file, 3, "hello");
        assertThat(file.size()).isEqualTo(8);
        assertThat(read(disk.openReadOnly(FILE))).isEqualTo("\0\0\0hello");
    }

    @Test
    void mappedBytesAndWrittenBytesAreTheSame() throws IOException {
        DiskFile file = disk.create(FILE);
        write(file, 0, "0123456789");
        ByteBuffer region = file.map(10).bytes();
        region.put(0, (byte) 'x');
        write(file, 9, "y");
        assertThat(read(file)).isEqualTo("x12345678y");
        assertThat(region.get(9)).isEqualTo((byte) 'y');
    }

    @Test
    void aMappingFromBeforeTheFileGrewStillWritesToIt() throws IOException {
        DiskFile file = disk.create(FILE);
        write(file, 0, "0123456789");
        ByteBuffer region = file.map(10).bytes();
        write(file, 10, "z".repeat(5000));
        region.put(4, (byte) 'x');
        region.put(9, (byte) 'y');
        assertThat(read(file)).startsWith("0123x5678yzz");
    }

    @Test
    void randomWritesReadBackAndSurviveAForceAlsoWhereTheyAreZeros() throws IOException {
        var random = new Random(7);
        DiskFile file = disk.create(FILE);
        disk.syncDirectory(DIR);
        byte[] model = {};
        for (int step = 0; step < 400; step++) {
            if (random.nextInt(8) == 0) {
                model = Arrays.copyOf(model, random.nextInt(20_000));
                file.truncate(model.length);
            } else {
                int at = random.nextInt(20_000);
                var bytes = new byte[1 + random.nextInt(3_000)];
                if (random.nextBoolean()) {
                    Arrays.fill(bytes, 0, random.nextInt(bytes.length), (byte) (1 + step % 100));
                }
                model = Arrays.copyOf(model, Math.max(model.length, at + bytes.length));
                System.arraycopy(bytes, 0, model, at, bytes.length);
                file.write(at, ByteBuffer.wrap(bytes));
            }
            assertThat(disk.files().get(FILE)).as("step %d", step).isEqualTo(model);
            if (random.nextInt(4) == 0) {
                file.force();
                assertThat(disk.copy().crash(step).files().get(FILE))
                        .as("forced in step %d", step)
                        .isEqualTo(model);
            }
        }
    }

    @Test
    void aHoleThatIsWrittenThroughAMappingIsTold() throws IOException {
        DiskFile file = disk.create(FILE);
        file.write(0, ByteBuffer.allocate(2048));
        file.truncate(4096);
        ByteBuffer mapped = file.map(4096).bytes();
        mapped.put(2047, (byte) 1);
        file.force();
        assertThat(disk.writtenIntoHoles()).isEmpty();
        mapped.put(2048, (byte) 1);
        file.force();
        assertThat(disk.writtenIntoHoles()).containsExactly(FILE);
    }

    @Test
    void aFileIsMappedForWritingNoFurtherThanItGoes() throws IOException {
        DiskFile file = disk.create(FILE);
        file.truncate(4095);
        assertThatThrownBy(() -> file.map(4096)).hasMessageContaining("found 4095");
    }

    @Test
    void forcedBytesOfASyncedNameSurviveEveryPowerCut() throws IOException {
        DiskFile file = disk.create(FILE);
        write(file, 0, "kept");
        file.force();
        disk.syncDirectory(DIR);
        write(file, 4, "maybe");
        for (int seed = 0; seed < 100; seed++) {
            assertThat(read(disk.crash(seed).open(FILE))).startsWith("kept");
        }
    }

    @Test
    void unforcedSectorsAreKeptInAnyCombination() throws IOException {
        DiskFile file = disk.create(FILE);
        write(file, 0, "a".repeat(1024));
        file.force();
        disk.syncDirectory(DIR);
        write(file, 0, "b".repeat(1024));
        Set<String> seen = new HashSet<>();
        for (int seed = 0; seed < 300; seed++) {
            String found = read(disk.crash(seed).open(FILE));
            assertThat(found).hasSize(1024);
            seen.add(found.charAt(0) + "" + found.charAt(511) + found.charAt(512));
        }
        assertThat(seen).contains("aaa", "aab", "bba", "bbb", "baa");
    }

    @Test
    void mappedBytesAreDirtyLikeWrittenOnes() throws IOException {
        DiskFile file = disk.create(FILE);
        write(file, 0, "a".repeat(512));
        file.force();
        disk.syncDirectory(DIR);
        file.map(512).bytes().put(0, (byte) 'b');
        Set<String> seen = new HashSet<>();
        for (int seed = 0; seed < 50; seed++) {
            seen.add(read(disk.copy().crash(seed).open(FILE)).substring(0, 1));
        }
        assertThat(seen).containsExactlyInAnyOrder("a", "b");
        file.force();
        assertThat(read(disk.crash(1).open(FILE))).startsWith("b");
    }

    @Test
    void aForceOfTheFirstBytesKeepsThoseAndPromisesNothingOfTheRest() throws IOException {
        DiskFile file = disk.create(FILE);
        write(file, 0, "a".repeat(2048));
        disk.syncDirectory(DIR);
        file.force(file.map(2048), 600);
        Set<Integer> sizes = new HashSet<>();
        for (int seed = 0; seed < 100; seed++) {
            String found = read(disk.copy().crash(seed).open(FILE));
            assertThat(found).startsWith("a".repeat(600));
            sizes.add(found.length());
        }
        assertThat(sizes).contains(600, 2048);
    }

    @Test
    void aProcessCrashKeepsEverythingAndAPowerCutAfterItMayNot() throws IOException {
        write(disk.create(FILE), 0, "hello");
        SimulatedDisk next = disk.processCrash();
        assertThat(read(next.open(FILE))).isEqualTo("hello");
        Set<Boolean> seen = new HashSet<>();
        for (int seed = 0; seed < 100; seed++) {
            seen.add(next.crash(seed).exists(FILE));
        }
        assertThat(seen).hasSize(2);
    }

    @Test
    void aCrashedDiskTakesNothingAnyMore() throws IOException {
        DiskFile file = disk.create(FILE);
        SimulatedDisk next = disk.processCrash();
        assertThatThrownBy(() -> write(file, 0, "late")).hasMessageContaining("off");
        assertThatThrownBy(() -> disk.create(OTHER)).hasMessageContaining("off");
        assertThat(read(next.open(FILE))).isEmpty();
    }

    @Test
    void whatIsMappedAfterTheCrashDoesNotReachTheNextDisk() throws IOException {
        DiskFile file = disk.create(FILE);
        write(file, 0, "0123");
        ByteBuffer region = file.map(4).bytes();
        SimulatedDisk next = disk.processCrash();
        region.put(0, (byte) 'x');
        assertThat(read(next.open(FILE))).isEqualTo("0123");
    }

    @Test
    void aRenameWithoutDirectorySyncIsTheOldNameOrTheNew() throws IOException {
        DiskFile old = disk.create(OTHER);
        write(old, 0, "old");
        old.force();
        DiskFile fresh = disk.create(FILE);
        write(fresh, 0, "new");
        fresh.force();
        disk.syncDirectory(DIR);
        disk.rename(FILE, OTHER);
        Set<String> seen = new HashSet<>();
        for (int seed = 0; seed < 100; seed++) {
            SimulatedDisk after = disk.crash(seed);
            String other = read(after.open(OTHER));
            seen.add(other);
            assertThat(after.exists(FILE)).isEqualTo(other.equals("old"));
        }
        assertThat(seen).containsExactlyInAnyOrder("old", "new");
    }

    @Test
    void changesOfOneNameReachTheDiskInTheirOrder() throws IOException {
        disk.create(FILE);
        disk.delete(FILE);
        write(disk.create(FILE), 0, "second");
        var chance = new Random(7);
        for (int i = 0; i < 20; i++) {
            disk.writeBackSome(chance);
        }
        disk.syncDirectory(DIR);
        disk.open(FILE).force();
        assertThat(read(disk.crash(3).open(FILE))).isEqualTo("second");
    }

    @Test
    void aFailedForceDropsDataAndTheNextOneSaysFine() throws IOException {
        disk.create(FILE);
        disk.syncDirectory(DIR);
        int lost = 0;
        for (int seed = 0; seed < 50; seed++) {
            SimulatedDisk each = disk.copy();
            DiskFile file = each.open(FILE);
            write(file, 0, "w".repeat(2048));
            each.failOnce(DiskCall.FORCE, 0);
            assertThatThrownBy(file::force).hasMessageContaining("Input/output error");
            file.force();
            assertThat(read(file)).hasSize(2048);
            lost += read(each.crash(seed).open(FILE)).equals("w".repeat(2048)) ? 0 : 1;
        }
        assertThat(lost).isGreaterThan(20);
    }

    @Test
    void bytesWrittenAgainAfterAFailedForceAreForcedWell() throws IOException {
        DiskFile file = disk.create(FILE);
        disk.syncDirectory(DIR);
        write(file, 0, "w".repeat(512));
        disk.failOnce(DiskCall.FORCE, 0);
        assertThatThrownBy(file::force).isInstanceOf(IOException.class);
        write(file, 0, "v".repeat(512));
        file.force();
        assertThat(read(disk.crash(2).open(FILE))).isEqualTo("v".repeat(512));
    }

    @Test
    void theSameBytesWrittenAgainAfterAFailedForceAreForcedToo() throws IOException {
        disk.create(FILE);
        disk.syncDirectory(DIR);
        for (int seed = 0; seed < 50; seed++) {
            SimulatedDisk each = disk.copy();
            DiskFile file = each.open(FILE);
            write(file, 0, "w".repeat(2048));
            each.failOnce(DiskCall.FORCE, 0);
            assertThatThrownBy(file::force).isInstanceOf(IOException.class);
            write(file, 0, "w".repeat(2048));
            file.force();
            assertThat(read(each.crash(seed).open(FILE))).isEqualTo("w".repeat(2048));
        }
    }

    @Test
    void aFullDiskTakesOverwritesButNoNewSectors() throws IOException {
        DiskFile file = disk.create(FILE);
        write(file, 0, "a".repeat(1024));
        disk.leaveRoom(0);
        write(file, 512, "b".repeat(512));
        assertThatThrownBy(() -> write(file, 1024, "c")).hasMessageContaining("No space left");
        assertThatThrownBy(() -> disk.create(OTHER)).hasMessageContaining("No space left");
        assertThat(disk.availableBytes(DIR)).isZero();
        disk.heal();
        write(file, 1024, "c");
        assertThat(file.size()).isEqualTo(1025);
    }

    @Test
    void aWriteThatDoesNotFitIsAShortWrite() throws IOException {
        DiskFile file = disk.create(FILE);
        disk.leaveRoom(1024);
        assertThatThrownBy(() -> write(file, 0, "c".repeat(2000)))
                .hasMessageContaining("No space left");
        assertThat(file.size()).isBetween(1L, 1024L);
    }

    @Test
    void deletedFilesGiveTheirRoomBack() throws IOException {
        write(disk.create(FILE), 0, "a".repeat(4096));
        disk.leaveRoom(0);
        disk.delete(FILE);
        write(disk.create(OTHER), 0, "b".repeat(4096));
        assertThat(disk.usedBytes()).isEqualTo(4096);
    }

    @Test
    void theNthCallFailsAndTheNextOneGoesWell() throws IOException {
        disk.failOnce(DiskCall.CREATE, 1);
        disk.create(FILE);
        assertThatThrownBy(() -> disk.create(OTHER)).hasMessageContaining("Input/output error");
        assertThat(disk.hasFaults()).isFalse();
        disk.create(OTHER);
    }

    @Test
    void aReadOnlyDiskReadsAndChangesNothing() throws IOException {
        write(disk.create(FILE), 0, "a");
        disk.readOnly(true);
        assertThat(read(disk.openReadOnly(FILE))).isEqualTo("a");
        assertThatThrownBy(() -> disk.open(FILE)).hasMessageContaining("Read-only");
        assertThatThrownBy(() -> disk.delete(FILE)).hasMessageContaining("Read-only");
        assertThatThrownBy(() -> disk.create(OTHER)).hasMessageContaining("Read-only");
    }

    @Test
    void thePowerGoesInTheMiddleOfACall() throws IOException {
        DiskFile file = disk.create(FILE);
        disk.cutPowerAfter(0);
        assertThatThrownBy(() -> write(file, 0, "a".repeat(5000)))
                .hasMessageContaining("power was cut");
        assertThat(disk.isOff()).isTrue();
        assertThat(read(disk.processCrash().open(FILE)).length()).isLessThanOrEqualTo(5000);
    }

    @Test
    void aLockIsHeldByOneUntilItIsClosedOrTheProcessIsGone() throws IOException {
        Path lock = DIR.resolve("LOCK");
        var held = disk.lock(lock, "pid 1");
        assertThatThrownBy(() -> disk.lock(lock, "pid 2"))
                .isInstanceOf(HeldElsewhereException.class)
                .hasMessage("pid 1");
        held.close();
        disk.lock(lock, "pid 3");
        disk.processCrash().lock(lock, "pid 4");
    }

    @Test
    void aFlippedBitIsSeenByReadsAndMappingsAlike() throws IOException {
        DiskFile file = disk.create(FILE);
        write(file, 0, "aaaa");
        ByteBuffer region = file.map(4).bytes();
        file.force();
        disk.flipBit(FILE, 9);
        assertThat(read(file)).isEqualTo("acaa");
        assertThat(region.get(1)).isEqualTo((byte) 'c');
    }

    @Test
    void namesAreCreatedOnceAndFoundOnlyIfThere() throws IOException {
        disk.create(FILE);
        assertThatThrownBy(() -> disk.create(FILE)).isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> disk.open(OTHER)).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> disk.delete(OTHER)).isInstanceOf(NoSuchFileException.class);
        assertThat(disk.list(DIR)).containsExactly("a");
    }

    @Test
    void openHandlesAreCounted() throws IOException {
        DiskFile file = disk.create(FILE);
        assertThat(disk.openPaths()).containsExactly(FILE);
        file.close();
        file.close();
        assertThat(disk.openPaths()).isEmpty();
        assertThatThrownBy(file::size).isInstanceOf(IOException.class);
    }

    private static void write(DiskFile file, long position, String text) throws IOException {
        file.write(position, ByteBuffer.wrap(text.getBytes(UTF_8)));
    }

    private static String read(DiskFile file) throws IOException {
        var bytes = ByteBuffer.allocate((int) file.size());
        file.read(0, bytes);
        return new String(bytes.array(), 0, bytes.position(), UTF_8);
    }
}
