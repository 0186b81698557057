package io.walrus.wal;

import static io.walrus.wal.LogOnDisk.TOPIC;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.wal.WalException.Kind;
import io.walrus.wal.format.FileHeader;
import io.walrus.wal.format.FrameFormat;
import io.walrus.wal.sim.SimulatedDisk;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A file that recovery gave up never comes back, whatever the next power cut takes. */
final class DroppedFilesTest {

    private static final int SEEDS = 600;

    @ParameterizedTest
    @EnumSource(Backend.class)
    void stayAwayAfterTheNextPowerCut(Backend backend) {
        int dropped = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            var log = new LogOnDisk(FsyncPolicy.none(), backend);
            log.append("first");
            log.wal.sync();
            log.append("old one ".repeat(1_500));
            log.append("old two ".repeat(1_500)); // in a file of its own
            log.cutPowerAndOpen(seed);
            if (kinds(log).size() == 1 && !log.wal.recovery().cuts().isEmpty()) {
                dropped++;
                log.append("new one");
                log.cutPowerAndOpen(7L * seed);
                assertThat(List.of("first", "new o"))
                        .as("seed %d", seed)
                        .startsWith(kinds(log).toArray(String[]::new));
                assertThat(log.wal.recovery().damages()).as("seed %d", seed).isEmpty();
            }
            log.wal.close();
        }
        assertThat(dropped).as("lives in which a file was dropped").isGreaterThan(SEEDS / 10);
    }

    /** What one opening has found of a chain that a power cut tore, every later one finds. */
    @ParameterizedTest
    @EnumSource(Backend.class)
    void tornChainsAreTheSameEachTimeTheyAreOpened(Backend backend) {
        int torn = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            var log = new LogOnDisk(FsyncPolicy.none(), backend);
            log.append("first");
            log.wal.sync();
            for (int big = 0; big < 4; big++) {
                log.append("small");
                log.append("large ".repeat(2_200)); // the next one needs a file of its own
            }
            log.cutPowerAndOpen(seed);
            List<String> found = everyPlace(log);
            torn += found.size() > 1 && found.size() < 9 || found.contains("damaged") ? 1 : 0;
            log.closeAndOpen();
            assertThat(everyPlace(log)).as("seed %d", seed).isEqualTo(found);
            log.wal.close();
        }
        assertThat(torn).as("lives with a torn chain").isGreaterThan(SEEDS / 10);
    }

    /** A number is skipped when a file is refused: what a power cut took before it is no damage. */
    @ParameterizedTest
    @EnumSource(Backend.class)
    void aNumberThatWasSkippedIsNoFileThatSomebodyTook(Backend backend) {
        var log = new LogOnDisk(FsyncPolicy.none(), backend);
        log.append("first");
        log.append("never written ".repeat(700));
        log.append("behind it");
        log.disk.leaveRoom(100);
        assertThat(log.refusalOf("large ".repeat(2_200)).kind()).isEqualTo(Kind.FULL);
        log.disk.heal();
        log.append("large ".repeat(2_200));
        SimulatedDisk next = log.disk.processCrash();
        log.closeCrashed();
        Path file = file(next, "00000001.log");
        byte[] bytes = next.files().get(file);
        int from = LogOnDisk.find(bytes, "never written") - FrameFormat.HEADER_BYTES;
        Arrays.fill(bytes, from, from + 9_000, (byte) 0);
        next.put(file, bytes);
        log.disk = next;
        log.open();
        assertThat(everyPlace(log)).containsExactly("first");
        assertThat(log.wal.recovery().damages()).isEmpty();
        assertThat(log.append("again")).isEqualTo(1);
        log.closeAndOpen();
        assertThat(everyPlace(log)).containsExactly("first", "again");
        log.wal.close();
    }

    /** A file that is durable is not read to open: it still ends where it ended. */
    @ParameterizedTest
    @EnumSource(Backend.class)
    void durableFileStaysWhenAllBehindItIsCutAndTheTopicStartsWithin(Backend backend) {
        var log = new LogOnDisk(FsyncPolicy.none(), backend);
        log.append("first");
        log.append("second");
        log.wal.truncateBefore(TOPIC, 1);
        log.wal.close();
        shortenToWhatIsDurable(log.disk, "00000001.log");
        log.open();
        log.append("large ".repeat(2_200));
        log.append("large ".repeat(2_200)); // in files of their own
        killAndOpenWith(log, 0, 4_096, 0, "00000002.log");
        assertThat(log.wal.recovery().cuts()).isNotEmpty();
        assertThat(everyPlace(log)).containsExactly("secon");
        assertThat(log.append("third")).isEqualTo(2);
        log.closeAndOpen();
        assertThat(everyPlace(log)).containsExactly("secon", "third");
        log.wal.close();
    }

    /** A power cut never takes what was durable: this is damage, and somebody may want the rest. */
    @ParameterizedTest
    @CsvSource({"MAPPED, 0", "MAPPED, 2", "FILE_CHANNEL, 0", "FILE_CHANNEL, 2"})
    void fileThatHeldSomethingDurableIsKeptWithoutItsFirstSector(Backend backend, int more) {
        var log = new LogOnDisk(FsyncPolicy.none(), backend);
        log.append("first ".repeat(200));
        log.wal.sync();
        log.append("second");
        for (int n = 0; n < more; n++) {
            log.append("large ".repeat(2_200));
        }
        killAndOpenWith(log, 0, 512, 0, "00000001.log");
        assertThat(log.wal.recovery().damages()).isNotEmpty();
        assertThat(log.disk.files()).containsKey(file(log.disk, "00000001.log"));
        log.wal.close();
    }

    /** Nobody knows what damaged files held: what is in front of them ends where it ended. */
    @ParameterizedTest
    @EnumSource(Backend.class)
    void topicEndsBehindItsLastWholeFileWhenAllBehindAreDamaged(Backend backend) {
        var log = new LogOnDisk(FsyncPolicy.none(), backend);
        log.append("first");
        log.append("large ".repeat(2_200));
        log.append("large ".repeat(2_200));
        log.append("large ".repeat(11_000)); // in files of their own
        killAndOpenWith(log, 8, 512, 7, "00000002.log", "00000003.log");
        assertThat(log.wal.recovery().damages()).hasSize(2);
        assertThat(everyPlace(log)).startsWith("first", "large");
        log.wal.close();
    }

    /** The process is killed, and some bytes of these files are others when the log is opened. */
    private static void killAndOpenWith(
            LogOnDisk log, int from, int to, int value, String... names) {
        SimulatedDisk next = log.disk.processCrash();
        log.closeCrashed();
        for (String name : names) {
            Path hurt = file(next, name);
            byte[] bytes = next.files().get(hurt);
            Arrays.fill(bytes, from, to, (byte) value);
            next.put(hurt, bytes);
        }
        log.disk = next;
        log.open();
    }

    /** As a power cut may leave it. */
    private static void shortenToWhatIsDurable(SimulatedDisk disk, String name) {
        Path path = file(disk, name);
        byte[] bytes = disk.files().get(path);
        int durable = FileHeader.Mark.read(ByteBuffer.wrap(bytes).order(LITTLE_ENDIAN), 0).bytes();
        disk.put(path, Arrays.copyOf(bytes, durable));
    }

    private static Path file(SimulatedDisk disk, String name) {
        return disk.files().keySet().stream().filter(path -> path.endsWith(name)).findAny().get();
    }

    private static List<String> everyPlace(LogOnDisk log) {
        List<String> places = new ArrayList<>();
        for (long at = log.wal.startOffset(TOPIC); at < log.wal.endOffset(TOPIC); at++) {
            places.add(atPlace(log, at));
        }
        return places;
    }

    private static String atPlace(LogOnDisk log, long offset) {
        try {
            byte[] entry = log.wal.readAt(TOPIC, offset, 1).get(0).bytes();
            return new String(entry, 0, 5, UTF_8);
        } catch (WalException refused) {
            assertThat(refused.kind()).isEqualTo(Kind.DAMAGED);
            return "damaged";
        }
    }

    private static List<String> kinds(LogOnDisk log) {
        return log.read(TOPIC).stream().map(text -> text.substring(0, 5)).toList();
    }
}
