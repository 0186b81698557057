package io.walrus.wal;

import static io.walrus.wal.LogOnDisk.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.wal.format.AheadMark;
import io.walrus.wal.sim.DiskCall;
import io.walrus.wal.sim.SimulatedDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A file that was made ahead says so in its header's place: no opening reads it, nothing is lost
 * with it, and whatever a power cut or a flipped bit makes of the mark loses nothing either.
 */
final class MadeAheadFilesTest {

    private static final int FILE_BYTES = 256 << 10;

    /** With the first file full and the second one half full, the third is made. */
    private static final int UNTIL_MADE = 6;

    /** So many more, and the third is begun. */
    private static final int UNTIL_BEGUN = 14;

    private static final String AHEAD = "00000003.log";
    private static final int SEEDS = 150;

    private static String text(int n) {
        return LogOnDisk.text(n) + "z".repeat(9_000);
    }

    private static List<String> texts(int count) {
        return IntStream.range(0, count).mapToObj(MadeAheadFilesTest::text).toList();
    }

    private static LogOnDisk logOf(FsyncPolicy policy, Backend backend) {
        var log = new LogOnDisk(policy, backend, FILE_BYTES);
        append(log, 0, UNTIL_MADE);
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> isMarked(log.disk));
        return log;
    }

    private static void append(LogOnDisk log, int from, int to) {
        IntStream.range(from, to).forEach(n -> log.append(text(n)));
    }

    private static boolean isAhead(Path path) {
        return path.endsWith(AHEAD);
    }

    private static boolean isMarked(SimulatedDisk disk) {
        return disk.files(MadeAheadFilesTest::isAhead).values().stream()
                .map(bytes -> ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN))
                .anyMatch(bytes -> AheadMark.isIn(bytes, 1, 3));
    }

    private static void openOn(LogOnDisk log, SimulatedDisk next) {
        log.closeCrashed();
        log.disk = next;
        log.open();
    }

    private static void requireAll(LogOnDisk log, int count, String how) {
        assertThat(log.wal.recovery().damages()).as(how).isEmpty();
        assertThat(log.read(TOPIC)).as(how).isEqualTo(texts(count));
        assertThat(log.disk.files(MadeAheadFilesTest::isAhead)).as(how).isEmpty();
        assertThat(log.append("goes on")).as(how).isEqualTo(count);
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void areNotReadByAnOpeningAndGoInSilence(Backend backend) {
        var log = logOf(FsyncPolicy.none(), backend);
        SimulatedDisk next = log.disk.processCrash();
        // Where a header would be, and a little of what would follow.
        next.failOnce(DiskCall.READ, MadeAheadFilesTest::isAhead, 2);
        openOn(log, next);
        assertThat(next.hasFaults()).as("no third read").isTrue();
        assertThat(log.wal.recovery().cuts()).isEmpty();
        requireAll(log, UNTIL_MADE, "killed");
        log.wal.close();
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void loseNothingWithAnyBitOfTheirMark(Backend backend) {
        var log = logOf(FsyncPolicy.none(), backend);
        SimulatedDisk killed = log.disk.processCrash();
        for (int bit = 0; bit < AheadMark.BYTES * 8; bit++) {
            SimulatedDisk next = killed.copy();
            Path ahead = next.files(MadeAheadFilesTest::isAhead).firstKey();
            next.flipBit(ahead, bit);
            openOn(log, next);
            requireAll(log, UNTIL_MADE, "bit " + bit);
        }
        log.wal.close();
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void loseNothingCutAtAnyByteOfTheirHeadersPlace(Backend backend) {
        var log = logOf(FsyncPolicy.none(), backend);
        SimulatedDisk killed = log.disk.processCrash();
        for (int bytes = 0; bytes <= 2 * 64; bytes++) {
            SimulatedDisk next = killed.copy();
            Path ahead = next.files(MadeAheadFilesTest::isAhead).firstKey();
            next.put(ahead, Arrays.copyOf(next.files().get(ahead), bytes));
            openOn(log, next);
            requireAll(log, UNTIL_MADE, "cut at " + bytes);
        }
        log.wal.close();
    }

    /** Its header may never have arrived where the mark had: nothing behind it was durable. */
    @ParameterizedTest
    @EnumSource(Backend.class)
    void endTheTopicWithoutDamageIfAPowerCutTookTheirHeader(Backend backend) throws IOException {
        int marked = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            var log = logOf(FsyncPolicy.none(), backend);
            log.disk.keepSectorsWhole();
            log.wal.sync();
            makeDurable(log, seed % 2 == 0);
            append(log, UNTIL_MADE, UNTIL_BEGUN);
            SimulatedDisk next = log.disk.crash(seed);
            marked += isMarked(next) ? 1 : 0;
            openOn(log, next);
            String how = "seed " + seed;
            assertThat(log.wal.recovery().damages()).as(how).isEmpty();
            List<String> found = log.read(TOPIC);
            assertThat(found).as(how).isEqualTo(texts(found.size()));
            assertThat(found).as(how).hasSizeGreaterThanOrEqualTo(UNTIL_MADE);
            assertThat(log.append("goes on")).as(how).isEqualTo(found.size());
            log.closeAndOpen();
            assertThat(log.wal.endOffset(TOPIC)).as(how).isEqualTo(found.size() + 1);
            log.wal.close();
        }
        assertThat(marked).as("begun, and the mark is there again").isGreaterThan(SEEDS / 10);
    }

    /** As the system may do by itself before the file is begun. */
    private static void makeDurable(LogOnDisk log, boolean wanted) throws IOException {
        if (wanted) {
            Path ahead = log.disk.files(MadeAheadFilesTest::isAhead).firstKey();
            try (var file = log.disk.open(ahead)) {
                file.force();
            }
            log.disk.syncDirectory(ahead.getParent());
        }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void takeNothingThatWasAcknowledgedUnderEach(Backend backend) throws IOException {
        for (int seed = 0; seed < SEEDS / 3; seed++) {
            var log = logOf(FsyncPolicy.each(), backend);
            makeDurable(log, seed % 2 == 0);
            append(log, UNTIL_MADE, UNTIL_BEGUN);
            log.cutPowerAndOpen(seed);
            String how = "seed " + seed;
            assertThat(log.wal.recovery().damages()).as(how).isEmpty();
            assertThat(log.read(TOPIC)).as(how).isEqualTo(texts(UNTIL_BEGUN));
            log.wal.close();
        }
    }

    /** The seal was durable, and the process died before it gave the file back. */
    @ParameterizedTest
    @EnumSource(Backend.class)
    void areNoDamageOfASealedTopic(Backend backend) {
        var log = logOf(FsyncPolicy.none(), backend);
        log.disk.failAlways(DiskCall.DELETE, MadeAheadFilesTest::isAhead);
        log.wal.seal(TOPIC);
        SimulatedDisk next = log.disk.processCrash();
        assertThat(isMarked(next)).isTrue();
        openOn(log, next);
        assertThat(log.wal.recovery().damages()).isEmpty();
        assertThat(log.wal.recovery().cuts()).isEmpty();
        assertThat(log.read(TOPIC)).isEqualTo(texts(UNTIL_MADE));
        log.wal.close();
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void keepNoOtherFileOpenIfTheyCannotBeRemovedWithTheirTopic(Backend backend) {
        var log = logOf(FsyncPolicy.none(), backend);
        log.disk.failAlways(DiskCall.DELETE, MadeAheadFilesTest::isAhead);
        log.wal.delete(TOPIC);
        List<Path> open = log.disk.openPaths();
        log.wal.close();
        assertThat(open).noneMatch(path -> path.startsWith(LogOnDisk.DIR.resolve("streams")));
    }

    /** What its first sector held was durable: that it is lost is told. */
    @ParameterizedTest
    @EnumSource(Backend.class)
    void areNoExcuseOnceSomethingInThemWasDurable(Backend backend) {
        var log = logOf(FsyncPolicy.none(), backend);
        append(log, UNTIL_MADE, UNTIL_BEGUN);
        log.wal.sync();
        append(log, UNTIL_BEGUN, UNTIL_BEGUN + 2);
        SimulatedDisk next = log.disk.processCrash();
        assertThat(isMarked(next)).isFalse();
        Path begun = next.files(MadeAheadFilesTest::isAhead).firstKey();
        byte[] bytes = next.files().get(begun);
        Arrays.fill(bytes, 0, 512, (byte) 0);
        next.put(begun, bytes);
        openOn(log, next);
        assertThat(log.wal.recovery().damages()).isNotEmpty();
        assertThat(log.disk.files()).containsKey(begun);
        log.wal.close();
    }
}
