package io.walrus.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walrus.wal.WalException.Kind;
import io.walrus.wal.disk.RealDisk;
import io.walrus.wal.format.DirectoryFormat;
import io.walrus.wal.sim.DiskCall;
import io.walrus.wal.sim.SimulatedDisk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectoryGuardTest {

    private static final Path DIR = Path.of("/data/log");
    private static final Path FORMAT = DIR.resolve("format.walrus");

    private final SimulatedDisk disk = new SimulatedDisk(1);
    private final WalOptions options = WalOptions.in(DIR);

    private void assertRefused(Kind kind, String message, WalOptions asked) {
        var before = disk.files();
        assertThatThrownBy(() -> DirectoryGuard.take(disk, asked))
                .isInstanceOfSatisfying(
                        WalException.class,
                        refused -> {
                            assertThat(refused.kind()).isEqualTo(kind);
                            assertThat(refused).hasMessageContaining(message);
                        });
        var after = disk.files();
        assertThat(after.keySet()).isEqualTo(before.keySet());
        after.forEach((path, bytes) -> assertThat(bytes).isEqualTo(before.get(path)));
    }

    @Test
    void aMissingDirectoryIsMadeAndMarked() throws IOException {
        try (Closeable held = DirectoryGuard.take(disk, options)) {
            assertThat(held).isNotNull();
            assertThat(disk.list(DIR)).containsExactly("LOCK", "format.walrus");
            assertThat(new String(disk.files().get(DIR.resolve("LOCK"))))
                    .startsWith("pid " + ProcessHandle.current().pid() + " since ");
        }
        assertThat(disk.openPaths()).isEmpty();
    }

    @Test
    void aDirectoryIsTakenAgainAfterItsRelease() throws IOException {
        DirectoryGuard.take(disk, options).close();
        byte[] mark = disk.files().get(FORMAT);
        DirectoryGuard.take(disk, options).close();
        assertThat(disk.files().get(FORMAT)).isEqualTo(mark);
    }

    @Test
    void aHeldDirectoryIsRefusedNamingItsHolder() throws IOException {
        try (Closeable held = DirectoryGuard.take(disk, options)) {
            assertThat(held).isNotNull();
            assertRefused(Kind.LOCKED, "pid " + ProcessHandle.current().pid(), options);
        }
    }

    @Test
    void aHeldDirectoryIsRefusedOnARealFileSystemToo(@TempDir Path dir) throws IOException {
        var real = new RealDisk();
        WalOptions there = WalOptions.in(dir.resolve("log"));
        try (Closeable held = DirectoryGuard.take(real, there)) {
            assertThat(held).isNotNull();
            assertThatThrownBy(() -> DirectoryGuard.take(real, there))
                    .hasMessageContaining("pid " + ProcessHandle.current().pid());
        }
        DirectoryGuard.take(real, there).close();
        assertThat(Files.getPosixFilePermissions(there.dir().resolve("format.walrus"))).hasSize(2);
    }

    @Test
    void aNewerFormatIsRefusedUntouched() throws IOException {
        disk.createDirectories(DIR);
        disk.put(FORMAT, DirectoryFormat.bytesOf(2, 5).array());
        disk.put(DIR.resolve("catalog.log"), new byte[] {1, 2, 3});
        assertRefused(Kind.NEWER_VERSION, "found format 2", options);
    }

    @ParameterizedTest
    @ValueSource(strings = {"notes.txt", "catalog.log.bak", ".git", "LOCK2"})
    void somebodyElsesFileIsRefusedUntouched(String name) throws IOException {
        disk.createDirectories(DIR);
        disk.put(DIR.resolve(name), new byte[] {1});
        assertRefused(Kind.FOREIGN, name, options);
    }

    @Test
    void somebodyElsesDirectoryIsRefused() throws IOException {
        disk.createDirectories(DIR.resolve("photos"));
        disk.put(DIR.resolve("photos/1.jpg"), new byte[] {1});
        assertRefused(Kind.FOREIGN, "photos", options);
    }

    @Test
    void namespacesOfOtherLogsAndAnEmptyDirectoryAreFine() throws IOException {
        disk.createDirectories(DIR.resolve("lost+found"));
        DirectoryGuard.take(disk, options.namespace("tenant-1")).close();
        DirectoryGuard.take(disk, options).close();
        assertThat(disk.exists(DIR.resolve("tenant-1/format.walrus"))).isTrue();
    }

    @Test
    void aNamespaceAndTheLogAboveItAreHeldApart() throws IOException {
        try (Closeable above = DirectoryGuard.take(disk, options);
                Closeable below = DirectoryGuard.take(disk, options.namespace("n"))) {
            assertThat(above).isNotSameAs(below);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "a/b", "journal", "streams", "LOCK", "catalog.log"})
    void aNamespaceThatIsNoNameOrOneOfOursIsRefused(String namespace) {
        assertRefused(Kind.ILLEGAL_NAME, namespace, options.namespace(namespace));
    }

    @Test
    void aMissingMarkBesideStreamsIsDamageNotANewLog() throws IOException {
        disk.createDirectories(DIR.resolve("streams"));
        assertRefused(Kind.DAMAGED, "format.walrus", options);
    }

    @Test
    void noSingleFlippedBitOfTheMarkLocksAUserOut() throws IOException {
        DirectoryGuard.take(disk, options).close();
        byte[] good = disk.files().get(FORMAT);
        assertThat(good).hasSize(64);
        for (int bit = 0; bit < good.length * 8; bit++) {
            byte[] flipped = good.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            disk.put(FORMAT, flipped);
            DirectoryGuard.take(disk, options).close();
        }
    }

    @Test
    void aMarkCutShortIsDamageAndStaysAsItIs() throws IOException {
        DirectoryGuard.take(disk, options).close();
        byte[] good = disk.files().get(FORMAT);
        for (int length = 0; length < 32; length++) {
            disk.put(FORMAT, Arrays.copyOf(good, length));
            assertRefused(Kind.DAMAGED, "a log's mark", options);
        }
    }

    @Test
    void aFailureWhileMarkingReleasesTheDirectory() throws IOException {
        for (DiskCall call : new DiskCall[] {DiskCall.WRITE, DiskCall.FORCE, DiskCall.RENAME}) {
            disk.failOnce(call, path -> path.toString().contains("format"), 0);
            assertThatThrownBy(() -> DirectoryGuard.take(disk, options))
                    .isInstanceOfSatisfying(
                            WalException.class,
                            refused -> assertThat(refused.kind()).isEqualTo(Kind.IO));
            assertThat(disk.openPaths()).isEmpty();
        }
        DirectoryGuard.take(disk, options).close();
    }

    @Test
    void aFullDiskIsSaidToBeFull() {
        disk.capacity(0);
        assertRefused(Kind.FULL, "no space", options);
        disk.heal();
        assertThat(DirectoryGuard.take(disk, options)).isNotNull();
    }

    @Test
    void aPowerCutAtAnyCallLeavesADirectoryThatCanBeTaken() throws IOException {
        for (int calls = 0; calls < 30; calls++) {
            SimulatedDisk fresh = new SimulatedDisk(calls);
            fresh.cutPowerAfter(calls);
            try {
                DirectoryGuard.take(fresh, options).close();
            } catch (WalException powerCut) {
                assertThat(powerCut.kind()).isEqualTo(Kind.IO);
            }
            SimulatedDisk after = fresh.crash(calls);
            DirectoryGuard.take(after, options).close();
            SimulatedDisk last = after.crash(calls);
            assertThat(DirectoryGuard.readVersion(last, FORMAT)).isEqualTo(1);
        }
    }
}
