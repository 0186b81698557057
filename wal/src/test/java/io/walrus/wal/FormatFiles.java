package io.walrus.wal;

import io.walrus.wal.format.AheadMark;
import io.walrus.wal.sim.DiskCall;
import io.walrus.wal.sim.SimulatedDisk;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.awaitility.Awaitility;

/**
 * Packs and unpacks the directories that stand for a released format. The packed ones in {@code
 * formats/v1} were made once and stay as they are: a later version must open what this one wrote.
 * For the next format, or a record that none of them has, run {@link #main} with another directory
 * and take what is new.
 */
final class FormatFiles {

    static final Instant WRITTEN_AT = Instant.parse("2026-01-02T03:04:05Z");

    private static final Path DIR = Path.of("/log");

    private FormatFiles() {}

    public static void main(String[] args) throws IOException {
        Path to = Files.createDirectories(Path.of(args[0]));
        var closed = new SimulatedDisk(1);
        write(closed).close();
        pack(closed, to.resolve("closed.zip"));

        for (int seed = 0; !packKilled(seed, to.resolve("killed.zip")); seed++) {
            // The next cut may be one that takes everything that was not forced.
        }
        packGrowing(to.resolve("growing.zip"));
    }

    /** Killed with a file made ahead, entries given up, and word of a sync that failed. */
    private static void packGrowing(Path zip) throws IOException {
        var disk = new SimulatedDisk(1);
        Wal wal =
                Wal.open(
                        WalOptions.in(DIR)
                                .fsync(FsyncPolicy.none())
                                .fileBytes(256 << 10)
                                .clock(Clock.fixed(WRITTEN_AT, ZoneOffset.UTC)),
                        disk);
        for (int n = 0; n < 6; n++) {
            wal.append("long", longText(n));
        }
        wal.sync();
        wal.appendBatch("long", List.of(buffer("behind"), buffer("a sync")));
        wal.truncateBefore("long", 2);
        wal.commit("long", "reader", 3);
        Awaitility.await().until(() -> isMadeAhead(disk));
        disk.failOnce(DiskCall.FORCE, 0);
        if (LogOnDisk.refused(wal::sync).kind() == WalException.Kind.FAILED) {
            pack(disk.processCrash(), zip);
        }
        wal.close();
    }

    static byte[] longText(int n) {
        return utf8("entry %d, ".formatted(n) + "and so on, ".repeat(800));
    }

    private static boolean isMadeAhead(SimulatedDisk disk) {
        return disk.files(path -> path.endsWith("00000003.log")).values().stream()
                .anyMatch(
                        bytes ->
                                AheadMark.isIn(
                                        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN),
                                        1,
                                        3));
    }

    /** Says false if the entries did not need the journal. */
    private static boolean packKilled(int seed, Path zip) throws IOException {
        var disk = new SimulatedDisk(1);
        Wal wal = write(disk);
        SimulatedDisk after = disk.crash(seed);
        try {
            wal.close();
        } catch (WalException off) {
            if (off.kind() == WalException.Kind.FULL) {
                throw off;
            }
        }
        boolean journalOnly =
                after.files().values().stream()
                                .filter(bytes -> holds(bytes, "a hundred of them"))
                                .count()
                        == 1;
        if (journalOnly) {
            pack(after, zip);
        }
        return journalOnly;
    }

    private static boolean holds(byte[] bytes, String text) {
        return new String(bytes, StandardCharsets.ISO_8859_1).contains(text);
    }

    private static Wal write(SimulatedDisk disk) {
        Wal wal =
                Wal.open(
                        WalOptions.in(DIR)
                                .fsync(FsyncPolicy.each())
                                .clock(Clock.fixed(WRITTEN_AT, ZoneOffset.UTC)),
                        disk);
        wal.append("audit", utf8("opened"));
        wal.append("audit", utf8("closed"));
        wal.seal("audit");
        wal.append("gone", utf8("never seen again"));
        wal.delete("gone");
        wal.append("orders", utf8("first"));
        wal.append("orders", new byte[0]);
        wal.appendBatch("orders", List.of(buffer("a"), buffer("bb"), buffer("a hundred of them")));
        wal.readNext("orders", true);
        wal.commit("orders", "billing", 2);
        return wal;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static ByteBuffer buffer(String text) {
        return ByteBuffer.wrap(utf8(text));
    }

    private static void pack(SimulatedDisk disk, Path zip) throws IOException {
        try (OutputStream out = Files.newOutputStream(zip);
                ZipOutputStream packed = new ZipOutputStream(out)) {
            for (Map.Entry<Path, byte[]> file : disk.files().entrySet()) {
                var entry = new ZipEntry(DIR.relativize(file.getKey()).toString());
                entry.setLastModifiedTime(FileTime.from(WRITTEN_AT));
                packed.putNextEntry(entry);
                packed.write(file.getValue());
                packed.closeEntry();
            }
        }
    }

    /** Unpacks a directory of a released format, such as {@code v1/closed}. */
    static Path unpack(String name, Path to) {
        try (InputStream in = FormatFiles.class.getResourceAsStream("/formats/" + name + ".zip");
                ZipInputStream packed = new ZipInputStream(in)) {
            for (ZipEntry entry = packed.getNextEntry();
                    entry != null;
                    entry = packed.getNextEntry()) {
                Path file = to.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                Files.copy(packed, file);
            }
            return to;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
