package io.walrus.wal;

import static io.walrus.wal.LogOnDisk.TOPIC;
import static io.walrus.wal.LogOnDisk.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.wal.WalException.Kind;
import io.walrus.wal.format.FileHeader;
import io.walrus.wal.sim.SimulatedDisk;
import java.nio.ByteBuffer;
import java.nio.file.Path;
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
        java.util.Arrays.fill(rotten, FileHeader.BYTES, rotten.length, (byte) 0x5a);
        log.disk.put(file, rotten);
        log.open();
        assertThat(log.wal.endOffset(TOPIC)).isEqualTo(10);
        assertThat(log.wal.recovery().damages()).hasSize(1);
        assertThat(LogOnDisk.refused(() -> log.wal.readAt(TOPIC, 3, 100)).kind())
                .isEqualTo(Kind.DAMAGED);
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
