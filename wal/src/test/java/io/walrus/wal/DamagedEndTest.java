package io.walrus.wal;

import static io.walrus.wal.LogOnDisk.TOPIC;
import static io.walrus.wal.LogOnDisk.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.wal.WalException.Kind;
import io.walrus.wal.format.FileHeader;
import io.walrus.wal.sim.DiskCall;
import io.walrus.wal.sim.SimulatedDisk;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A durable end does not move, however much of what is before it rots. */
final class DamagedEndTest {

    private static final List<String> BATCH = List.of("the last batch", "", "of three");

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aSecondFlipInADamagedLastBatchDoesNotMoveTheEnd(Backend backend) {
        var log = closedWithABatchLast(backend);
        Path file = log.lastFile();
        int batch = LogOnDisk.find(log.disk.files().get(file), BATCH.get(0));
        log.disk.flipBit(file, 8L * batch);
        log.open();
        requireEndKept(log);
        int lengths = batch - 4 * BATCH.size();
        log.disk.flipBit(file, 8L * lengths);
        log.cutPowerAndOpen(1);
        requireEndKept(log);
        log.closeAndOpen();
        requireEndKept(log);
        log.wal.close();
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void noFlippedBitOfALastBatchMovesTheEnd(Backend backend) {
        var log = closedWithABatchLast(backend);
        Path file = log.lastFile();
        SimulatedDisk closed = log.disk;
        int end = LogOnDisk.find(closed.files().get(file), BATCH.get(2)) + BATCH.get(2).length();
        int start = LogOnDisk.find(closed.files().get(file), "entry 6") + "entry 6".length() + 1;
        for (long bit = 8L * start; bit < 8L * end; bit++) {
            log.disk = closed.copy();
            log.disk.flipBit(file, bit);
            log.open();
            requireEndKept(log);
            log.wal.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aLastFileOfNothingButGarbageHoldsItsPlaces(Backend backend) {
        var log = closedWithABatchLast(backend);
        Path file = log.lastFile();
        byte[] rotten = log.disk.files().get(file);
        Arrays.fill(rotten, FileHeader.BYTES, rotten.length, (byte) 0x5a);
        log.disk.put(file, rotten);
        log.open();
        assertThat(log.wal.endOffset(TOPIC)).isEqualTo(10);
        assertThat(log.wal.recovery().damages()).hasSize(1);
        assertThat(LogOnDisk.refused(() -> log.wal.readAt(TOPIC, 3, 100)).kind())
                .isEqualTo(Kind.DAMAGED);
        log.wal.close();
    }

    /** The page cache takes for stored what a failed sync did not store: a mere sync skips it. */
    @ParameterizedTest
    @EnumSource(Backend.class)
    void whatAFailedSyncLeftIsWrittenAgainBeforeDamageBesideItIsKeptForGood(Backend backend) {
        for (int seed = 0; seed < 20; seed++) {
            var log = new LogOnDisk(FsyncPolicy.none(), backend);
            log.appendTexts(0, 60);
            Path file = log.lastFile();
            log.disk.failOnce(DiskCall.FORCE, file::equals, 0);
            assertThat(LogOnDisk.refused(log.wal::sync).kind()).isEqualTo(Kind.FAILED);
            int place = LogOnDisk.find(log.disk.files().get(file), LogOnDisk.text(30));
            log.disk.flipBit(file, 8L * place);
            log.killAndOpen();
            log.cutPowerAndOpen(seed);
            assertThat(log.wal.endOffset(TOPIC)).isEqualTo(60);
            assertThat(log.wal.recovery().damages()).hasSize(1);
            assertThat(log.wal.readAt(TOPIC, 0, 1 << 20)).hasSize(30);
            assertThat(log.wal.readAt(TOPIC, 31, 1 << 20)).hasSize(29);
            log.wal.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aFailedSyncLeavesItsMarkOnADiskThatRefusesItOnce(Backend backend) {
        var log = new LogOnDisk(FsyncPolicy.none(), backend);
        log.append("entry");
        Path mark = LogOnDisk.DIR.resolve(FailureMark.NAME);
        log.disk.failOnce(DiskCall.FORCE, 0);
        log.disk.failOnce(DiskCall.CREATE, mark::equals, 0);
        assertThat(LogOnDisk.refused(log.wal::sync).kind()).isEqualTo(Kind.FAILED);
        assertThat(log.disk.exists(mark)).isTrue();
        log.closeCrashed();
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void damageThatWasToldIsToldAgainAfterAPowerCut(Backend backend) {
        for (int seed = 0; seed < 20; seed++) {
            var log = closedWithABatchLast(backend);
            Path file = log.lastFile();
            int batch = LogOnDisk.find(log.disk.files().get(file), BATCH.get(0));
            log.disk.flipBit(file, 8L * batch);
            log.open();
            requireEndKept(log);
            log.cutPowerAndOpen(seed);
            requireEndKept(log);
            log.wal.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void whatComesBehindEntriesThatWereGivenUpAndLostStaysThere(Backend backend) {
        var log = new LogOnDisk(FsyncPolicy.none(), backend);
        log.appendTexts(0, 3);
        log.wal.truncateBefore(TOPIC, 3);
        log.disk = log.disk.processCrash();
        log.closeCrashed();
        Path file = log.lastFile();
        byte[] bytes = log.disk.files().get(file);
        Arrays.fill(bytes, FileHeader.BYTES + 70, bytes.length, (byte) 0);
        log.disk.put(file, bytes);
        log.open();
        assertThat(log.append("the fourth")).isEqualTo(3);
        for (int opening = 0; opening < 3; opening++) {
            log.killAndOpen();
            assertThat(log.wal.recovery().cuts()).isEmpty();
            assertThat(log.read(TOPIC)).containsExactly("the fourth");
        }
        log.wal.close();
    }

    /** A power cut may undo the trimming of a file, and tear the header of the next. */
    @ParameterizedTest
    @EnumSource(Backend.class)
    void aTornHeaderOfTheLastFileTakesNothingOfTheFileBefore(Backend backend) {
        var log = new LogOnDisk(FsyncPolicy.none(), backend);
        log.append("x".repeat(10_000));
        log.append("y".repeat(10_000));
        log.disk = log.disk.processCrash();
        log.closeCrashed();
        Path second = log.lastFile();
        Path first = second.resolveSibling("00000001.log");
        byte[] torn = log.disk.files().get(second);
        Arrays.fill(torn, 0, 24, (byte) 0);
        Arrays.fill(torn, FileHeader.BYTES, FileHeader.BYTES + 40, (byte) 0);
        log.disk.put(second, torn);
        log.disk.put(first, Arrays.copyOf(log.disk.files().get(first), 16 << 10));
        log.open();
        assertThat(log.wal.endOffset(TOPIC)).isEqualTo(1);
        assertThat(log.wal.readAt(TOPIC, 0, 100)).hasSize(1);
        log.wal.close();
    }

    private static LogOnDisk closedWithABatchLast(Backend backend) {
        var log = new LogOnDisk(FsyncPolicy.none(), backend);
        Stream.iterate(0, n -> n + 1).limit(7).forEach(n -> log.append("entry " + n));
        log.wal.appendBatch(
                TOPIC, BATCH.stream().map(text -> ByteBuffer.wrap(bytes(text))).toList());
        log.wal.close();
        log.disk = log.disk.copy();
        return log;
    }

    private static void requireEndKept(LogOnDisk log) {
        assertThat(log.wal.endOffset(TOPIC)).isEqualTo(10);
        assertThat(log.wal.recovery().damages()).hasSize(1);
        assertThat(log.wal.recovery().cuts()).isEmpty();
        assertThat(log.wal.readAt(TOPIC, 0, 1 << 16)).hasSize(7);
        for (long lost = 7; lost < 10; lost++) {
            long offset = lost;
            WalException refused = LogOnDisk.refused(() -> log.wal.readAt(TOPIC, offset, 1 << 16));
            assertThat(refused.kind()).isEqualTo(Kind.DAMAGED);
        }
        assertThat(log.refusalOf("more").kind()).isEqualTo(Kind.STOPPED);
    }
}
