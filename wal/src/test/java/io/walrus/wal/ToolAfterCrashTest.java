package io.walrus.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.wal.sim.SimulatedDisk;
import io.walrus.wal.tool.WalTool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The tools see what the next opening will see: also what only the journal holds. */
class ToolAfterCrashTest {

    private static final Path DIR = Path.of("/log");

    @TempDir private Path real;

    @ParameterizedTest
    @EnumSource(Backend.class)
    void whatWasAckedIsShownBeforeTheJournalIsReplayed(Backend backend) throws IOException {
        int seedsSavedByTheJournal = 0;
        for (int seed = 0; seed < 40; seed++) {
            var disk = new SimulatedDisk(seed);
            var random = new Random(seed);
            WalOptions options = WalOptions.in(DIR).backend(backend).fsync(FsyncPolicy.each());
            List<String> acked = new ArrayList<>();
            Wal wal = Wal.open(options, disk);
            for (int n = 0; n < 30; n++) {
                String topic = "t" + random.nextInt(3);
                var payload = new byte[random.nextInt(2_000)];
                random.nextBytes(payload);
                long offset = wal.append(topic, payload);
                acked.add(topic + " " + offset + " " + payload.length);
            }
            SimulatedDisk crashed = disk.crash(seed);
            closeOnDeadDisk(wal);
            Path copy = copyOf(crashed, real.resolve(backend + "-" + seed));

            assertThat(run(copy, "verify")).as("seed %d", seed).contains("nothing is damaged");
            assertThat(entries(run(copy, "dump"))).as("seed %d", seed).hasSameElementsAs(acked);
            if (entriesWithoutJournal(copy) < acked.size()) {
                seedsSavedByTheJournal++;
            }
            try (Wal reopened = Wal.open(options, crashed)) {
                assertThat(reopened.topics()).hasSizeGreaterThan(0);
            }
            Path after = copyOf(crashed, real.resolve(backend + "-after-" + seed));
            assertThat(entries(run(after, "dump"))).as("seed %d", seed).hasSameElementsAs(acked);
        }
        assertThat(seedsSavedByTheJournal).isPositive();
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void whatAPowerCutTookOfFilesThatWereNeverSyncedIsNoDamage(Backend backend) throws IOException {
        int lost = 0;
        for (int seed = 0; seed < 40; seed++) {
            var log = new LogOnDisk(FsyncPolicy.none(), backend);
            log.disk.keepSectorsWhole();
            for (int n = 0; n < 25; n++) {
                log.append(LogOnDisk.text(n) + "y".repeat(n % 3 == 0 ? 9_000 : 10));
            }
            log.disk.syncDirectory(log.lastFile().getParent().getParent());
            log.disk.syncDirectory(log.lastFile().getParent());
            SimulatedDisk crashed = log.disk.crash(seed);
            log.closeCrashed();
            Path copy = copyOf(crashed, real.resolve(backend + "-" + seed));

            assertThat(run(copy, "verify")).as("seed %d", seed).contains("nothing is damaged");
            log.disk = crashed;
            log.open();
            int kept = log.wal.exists(LogOnDisk.TOPIC) ? log.read(LogOnDisk.TOPIC).size() : 0;
            assertThat(entries(run(copy, "dump"))).as("seed %d", seed).hasSize(kept);
            lost += kept < 25 ? 1 : 0;
            log.wal.close();
        }
        assertThat(lost).isPositive();
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void whatWasDurableIsDamagedWithoutItsFirstSector(Backend backend) throws IOException {
        for (int more = 0; more < 3; more += 2) {
            var log = new LogOnDisk(FsyncPolicy.none(), backend);
            log.append("first ".repeat(200));
            log.wal.sync();
            log.append("second");
            for (int n = 0; n < more; n++) {
                log.append("large ".repeat(2_200));
            }
            SimulatedDisk killed = log.disk.processCrash();
            log.closeCrashed();
            Path copy = copyOf(killed, real.resolve(backend + "-" + more));
            try (var file = FileChannel.open(firstFile(copy), StandardOpenOption.WRITE)) {
                file.write(ByteBuffer.allocate(512), 0);
            }
            assertThat(run(copy, "verify", WalTool.DAMAGED)).contains("at byte 0: topic topic");
        }
    }

    private static Path firstFile(Path copy) throws IOException {
        try (Stream<Path> files = Files.walk(copy)) {
            return files.filter(path -> path.endsWith("00000001.log")).findAny().orElseThrow();
        }
    }

    private static int entriesWithoutJournal(Path dir) throws IOException {
        try (Stream<Path> files = Files.list(dir.resolve("journal"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        var out = new ByteArrayOutputStream();
        var print = new PrintStream(out, true, StandardCharsets.UTF_8);
        WalTool.run(new String[] {"dump", dir.toString()}, print, print);
        return entries(out.toString(StandardCharsets.UTF_8)).size();
    }

    /** So that its threads end; it can write nothing any more. */
    private static void closeOnDeadDisk(Wal wal) {
        try {
            wal.close();
        } catch (WalException off) {
            assertThat(off.kind()).isNotEqualTo(WalException.Kind.FULL);
        }
    }

    private static Path copyOf(SimulatedDisk disk, Path to) throws IOException {
        for (Map.Entry<Path, byte[]> file : disk.files().entrySet()) {
            Path path = to.resolve(DIR.relativize(file.getKey()).toString());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
        return to;
    }

    private static String run(Path dir, String verb) {
        return run(dir, verb, WalTool.FINE);
    }

    private static String run(Path dir, String verb, int expectedCode) {
        var out = new ByteArrayOutputStream();
        var print = new PrintStream(out, true, StandardCharsets.UTF_8);
        int code = WalTool.run(new String[] {verb, dir.toString()}, print, print);
        String text = out.toString(StandardCharsets.UTF_8);
        assertThat(code).as(text).isEqualTo(expectedCode);
        return text;
    }

    /** Topic, offset and length of each. */
    private static List<String> entries(String dump) {
        return dump.lines()
                .filter(line -> line.startsWith("t"))
                .map(line -> line.split(" "))
                .map(words -> words[0] + " " + words[1] + " " + words[3])
                .toList();
    }
}
