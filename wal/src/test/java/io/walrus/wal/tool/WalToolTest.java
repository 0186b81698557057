package io.walrus.wal.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.wal.FsyncPolicy;
import io.walrus.wal.Wal;
import io.walrus.wal.WalOptions;
import io.walrus.wal.disk.Disk;
import io.walrus.wal.disk.RealDisk;
import io.walrus.wal.sim.DiskCall;
import io.walrus.wal.sim.SimulatedDisk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WalToolTest {

    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2026-02-03T04:05:06Z"), ZoneOffset.UTC);

    @TempDir private Path dir;
    private String out;
    private String err;

    private WalOptions options() {
        return WalOptions.in(dir.resolve("log")).fsync(FsyncPolicy.none()).clock(CLOCK);
    }

    @BeforeEach
    void aLogWithTwoTopics() {
        try (Wal wal = Wal.open(options())) {
            wal.append("orders", utf8("first"));
            wal.append("orders", new byte[0]);
            wal.appendBatch(
                    "orders",
                    List.of(ByteBuffer.wrap(utf8("a")), ByteBuffer.wrap(new byte[] {-1, 0})));
            wal.append("sealed", utf8("line\n\"end\""));
            wal.seal("sealed");
            wal.readNext("orders", true);
            wal.commit("orders", "billing", 2);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private int run(String... args) {
        return run(new RealDisk(), args);
    }

    private int run(Disk disk, String... args) {
        var outBytes = new ByteArrayOutputStream();
        var errBytes = new ByteArrayOutputStream();
        int code =
                WalTool.run(
                        args,
                        new PrintStream(outBytes, true, StandardCharsets.UTF_8),
                        new PrintStream(errBytes, true, StandardCharsets.UTF_8),
                        disk);
        out = outBytes.toString(StandardCharsets.UTF_8);
        err = errBytes.toString(StandardCharsets.UTF_8);
        return code;
    }

    private String log() {
        return dir.resolve("log").toString();
    }

    private Path file(String prefix) {
        try (Stream<Path> all = Files.walk(dir.resolve("log"))) {
            return all.filter(path -> path.toString().contains(prefix) && Files.isRegularFile(path))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private Map<Path, String> everything() throws IOException {
        Map<Path, String> all = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(dir)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                all.put(
                        path,
                        new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1)
                                + Files.getLastModifiedTime(path));
            }
        }
        return all;
    }

    @Test
    void aWholeLogIsFineAndNothingIsChangedByLooking() throws IOException {
        Map<Path, String> before = everything();
        assertThat(run("verify", log())).as(out + err).isEqualTo(WalTool.FINE);
        assertThat(out).contains("2 topics").contains("5 whole entries").contains("18 bytes");
        assertThat(out).endsWith("nothing is damaged\n");
        run("dump", log());
        run("stats", log());
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void dumpPrintsEachEntryOnALineOfItsOwn() {
        assertThat(run("dump", log())).isEqualTo(WalTool.FINE);
        assertThat(out.lines())
                .containsExactly(
                        "orders 0 2026-02-03T04:05:06Z 5 \"first\"",
                        "orders 1 2026-02-03T04:05:06Z 0 \"\"",
                        "orders 2 2026-02-03T04:05:06Z 1 \"a\"",
                        "orders 3 2026-02-03T04:05:06Z 2 0xff00",
                        "sealed 0 2026-02-03T04:05:06Z 10 \"line\\n\\\"end\\\"\"");
        assertThat(err).isEmpty();
    }

    @Test
    void dumpTakesATopicAPlaceACountAndAFormat() {
        run("dump", log(), "--topic", "orders", "--from", "2", "-n", "1", "--format", "hex");
        assertThat(out).isEqualTo("orders 2 2026-02-03T04:05:06Z 1 61\n");
        run("dump", "--format", "json", "--from", "3", log());
        assertThat(out)
                .isEqualTo(
                        "{\"topic\":\"orders\",\"offset\":3,\"timestamp\":\"2026-02-03T04:05:06Z\","
                                + "\"bytes\":2,\"base64\":\"/wA=\"}\n");
        run("dump", "-n", "0", log());
        assertThat(out).isEmpty();
    }

    @Test
    void statsCountsPerTopicAndInAll() {
        assertThat(run("stats", log(), "--format", "json")).isEqualTo(WalTool.FINE);
        assertThat(out.lines().findFirst().orElseThrow())
                .startsWith(
                        "{\"topic\":\"orders\",\"start\":0,\"end\":4,\"entries\":4,\"bytes\":8,\"files\":1,")
                .endsWith("\"sealed\":false,\"cursors\":2}");
        assertThat(run("stats", log())).isEqualTo(WalTool.FINE);
        assertThat(out).contains("sealed").contains("total: 5 entries, 18 bytes");
    }

    @Test
    void truncatedEntriesAreNeitherShownNorMissed() {
        try (Wal wal = Wal.open(options())) {
            wal.truncateBefore("orders", 3);
        }
        assertThat(run("verify", log())).as(out).isEqualTo(WalTool.FINE);
        run("dump", log(), "--topic", "orders");
        assertThat(out.lines()).hasSize(1).allMatch(line -> line.startsWith("orders 3 "));
    }

    @Test
    void noFlippedBitOfAClosedLogIsOverlookedAndNoneMakesAWrongEntry() throws IOException {
        run("dump", log(), "--format", "json");
        Set<String> good = new HashSet<>(out.lines().toList());
        List<String> all = out.lines().toList();
        Path file = file("0000000000000001/00000001.log");
        byte[] bytes = Files.readAllBytes(file);
        int used = bytes.length;
        while (bytes[used - 1] == 0) {
            used--;
        }
        for (int bit = 0; bit < used * 8; bit += 7) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file, flipped);
            int code = run("dump", log(), "--format", "json");
            assertThat(good).as("bit %d", bit).containsAll(out.lines().toList());
            if (code == WalTool.FINE) {
                assertThat(out.lines()).as("bit %d", bit).containsExactlyElementsOf(all);
            } else {
                assertThat(code).as("bit %d: %s", bit, err).isEqualTo(WalTool.DAMAGED);
                assertThat(err).contains("00000001.log at byte");
            }
        }
    }

    @Test
    void aDamagedEntryIsNamedWithItsPlaceAndTheRestIsShown() throws IOException {
        flip(file("0000000000000001/00000001.log"), 64 + 48);
        assertThat(run("verify", log())).isEqualTo(WalTool.DAMAGED);
        assertThat(out)
                .contains(
                        "DAMAGED streams/0000000000000001/00000001.log at byte 64: topic orders: entries 0 to 0 are lost, up to byte 120")
                .contains("1 DAMAGED place");
        assertThat(run("dump", log(), "--topic", "orders")).isEqualTo(WalTool.DAMAGED);
        assertThat(out.lines()).hasSize(3);
    }

    @Test
    void aDamagedFileHeaderIsNamedAndItsEntriesAreShown() throws IOException {
        flip(file("0000000000000001/00000001.log"), 12);
        assertThat(run("dump", log(), "--topic", "orders")).isEqualTo(WalTool.DAMAGED);
        assertThat(err).contains("expected a file's header; its first frame says the same");
        assertThat(out.lines()).hasSize(4);
    }

    @Test
    void aTopicOfManyFilesIsEnteredAtAnOffset() {
        try (Wal wal = Wal.open(options())) {
            for (int n = 0; n < 100; n++) {
                wal.append("long", new byte[4_000]);
            }
        }
        assertThat(run("dump", log(), "--topic", "long", "--from", "97")).as(err).isZero();
        assertThat(out.lines()).hasSize(3).first().asString().startsWith("long 97 ");
        assertThat(run("verify", log())).as(out).isEqualTo(WalTool.FINE);
    }

    @Test
    void aMissingFileInTheMiddleIsDamage() throws IOException {
        try (Wal wal = Wal.open(options())) {
            for (int n = 0; n < 100; n++) {
                wal.append("long", new byte[4_000]);
            }
        }
        Files.delete(file("0000000000000003/00000002.log"));
        assertThat(run("verify", log())).isEqualTo(WalTool.DAMAGED);
        assertThat(out)
                .contains("00000003.log at byte 0: topic long: expected a file that starts at");
    }

    @Test
    void aSealedTopicThatLostItsEndIsDamaged() throws IOException {
        Path file = file("0000000000000002/00000001.log");
        byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, 64, bytes.length, (byte) 0);
        Files.write(file, bytes);
        assertThat(run("verify", log())).isEqualTo(WalTool.DAMAGED);
        assertThat(out).contains("topic sealed: entries 0 to 0 are lost, up to byte 128");
    }

    @Test
    void aMissingFileOfASealedTopicIsDamage() throws IOException {
        Files.delete(file("0000000000000002/00000001.log"));
        assertThat(run("verify", log())).isEqualTo(WalTool.DAMAGED);
        assertThat(out).contains("topic sealed");
    }

    @Test
    void damageInTheCatalogueTheMarkAndTheCursorsIsNamed() throws IOException {
        flip(file("catalog.log"), 150);
        flip(file("format.walrus"), 20);
        Path cursors = file("cursors.dat");
        flip(cursors, 64 + 9);
        flip(cursors, 64 + 32 + 9);
        assertThat(run("verify", log())).isEqualTo(WalTool.DAMAGED);
        assertThat(out)
                .contains("DAMAGED catalog.log at byte 128: one of two copies")
                .contains("DAMAGED format.walrus at byte 0: one of two copies")
                .contains("DAMAGED cursors.dat at byte 64: topic orders, cursor \"\"")
                .contains("5 whole entries");
    }

    private static void flip(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 1;
        Files.write(file, bytes);
    }

    /** A disk that fails in one file tells nothing about the others. */
    @Test
    void aFileThatTheDiskCannotReadIsNamedAndTheOthersAreLookedAt() throws IOException {
        try (Wal wal = Wal.open(options())) {
            for (int n = 0; n < 100; n++) {
                wal.append("long", new byte[4_000]);
            }
        }
        for (String hurt :
                List.of(
                        "streams/0000000000000001/00000001.log",
                        "streams/0000000000000003/00000002.log",
                        "streams/0000000000000003/00000004.log")) {
            for (int read = 0; read < 2; read++) {
                SimulatedDisk disk = simulated();
                disk.failOnce(DiskCall.READ, path -> path.endsWith(hurt), read);
                assertThat(run(disk, "verify", log())).isEqualTo(WalTool.DAMAGED);
                assertThat(out)
                        .containsPattern(
                                "DAMAGED " + hurt + " at byte \\d+: .*the disk cannot read")
                        .contains("3 topics");
            }
        }
    }

    private SimulatedDisk simulated() throws IOException {
        var disk = new SimulatedDisk(1);
        try (Stream<Path> all = Files.walk(dir.resolve("log"))) {
            for (Path path : all.filter(Files::isRegularFile).toList()) {
                disk.createDirectories(path.getParent());
                disk.put(path, Files.readAllBytes(path));
            }
        }
        return disk;
    }

    @Test
    void aTornLastFrameOfAnOpenLogIsNoDamage() throws IOException {
        try (Wal wal = Wal.open(options().fsync(FsyncPolicy.none()))) {
            wal.append("live", utf8("whole"));
            copy(dir.resolve("log"), dir.resolve("copy"));
        }
        Path file = dir.resolve("copy/streams/0000000000000003/00000001.log");
        byte[] bytes = Files.readAllBytes(file);
        bytes[64 + 48] ^= 1;
        Files.write(file, bytes);
        assertThat(run("verify", dir.resolve("copy").toString())).as(out).isEqualTo(WalTool.FINE);
        assertThat(out).contains("topic live: entry 0 is torn or still being written");
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Files.copy(path, to.resolve(from.relativize(path)));
            }
        }
    }

    @Test
    void anOpenLogMayBeLookedAtWhileItIsWritten() throws Exception {
        try (Wal wal = Wal.open(options().fsync(FsyncPolicy.each()))) {
            var writer =
                    new Thread(
                            () -> {
                                for (int n = 0; n < 20_000 && !Thread.interrupted(); n++) {
                                    wal.append("live-" + n % 3, utf8("entry " + n));
                                }
                            });
            writer.start();
            for (int look = 0; look < 25; look++) {
                assertThat(run("verify", log())).as(out + err).isEqualTo(WalTool.FINE);
            }
            writer.interrupt();
            writer.join();
        }
        assertThat(run("verify", log())).as(out).isEqualTo(WalTool.FINE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "verify",
                "explode X",
                "verify X Y",
                "dump X --from",
                "dump X --from -1",
                "dump X --from ten",
                "dump X --format xml",
                "dump X --colour"
            })
    void wrongUseExplainsItself(String line) {
        assertThat(run(line.isEmpty() ? new String[0] : line.split(" ")))
                .isEqualTo(WalTool.MISUSED);
        assertThat(err).startsWith("expected ").contains("usage: verify DIR");
        assertThat(out).isEmpty();
    }

    @Test
    void aDirectoryThatIsNoLogIsSaidToBeNone() {
        assertThat(run("verify", dir.toString())).isEqualTo(WalTool.MISUSED);
        assertThat(err).startsWith("expected a log's directory, found no format.walrus");
    }

    @Test
    void atopicThatIsNotThereIsSaidNotToBe() {
        assertThat(run("dump", log(), "--topic", "no\u001bne")).isEqualTo(WalTool.MISUSED);
        assertThat(err).contains("found no \"no\\u001bne\"");
    }

    @Test
    void aNewerFormatIsLeftAlone() throws IOException {
        Files.write(
                file("format.walrus"), io.walrus.wal.format.DirectoryFormat.bytesOf(2, 0).array());
        assertThat(run("verify", log())).isEqualTo(WalTool.MISUSED);
        assertThat(err).contains("found format 2");
    }
}
