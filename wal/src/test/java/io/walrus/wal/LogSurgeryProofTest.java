package io.walrus.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.walrus.wal.WalException.Kind;
import io.walrus.wal.format.FileHeader;
import io.walrus.wal.format.FrameFormat;
import io.walrus.wal.sim.SimulatedDisk;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A small log of several streams, written by the engine, then cut at every byte and flipped in
 * every bit: what is whole is kept, what is lost is told, nothing wrong is ever read.
 */
final class LogSurgeryProofTest {

    private static final Path DIR = Path.of("/log");
    private static final String PAYLOAD_TOPIC = "plain";

    /** How the log that is operated on came to its end. */
    enum End {
        CLOSED,
        KILLED,
        /** Nothing but the journal holds the entries: the machine lost its power. */
        ONLY_JOURNAL
    }

    private final Map<String, List<List<byte[]>>> appended = new LinkedHashMap<>();

    private SimulatedDisk write(End end) {
        var disk = new SimulatedDisk(1);
        FsyncPolicy policy = end == End.ONLY_JOURNAL ? FsyncPolicy.each() : FsyncPolicy.none();
        Wal wal = Wal.open(options(policy, Backend.FILE_CHANNEL), disk);
        append(wal, PAYLOAD_TOPIC, "first entry");
        append(wal, PAYLOAD_TOPIC, "");
        append(wal, "batched", "one", "two of three", "three");
        append(wal, PAYLOAD_TOPIC, "x".repeat(70));
        append(wal, "batched", "alone");
        append(wal, PAYLOAD_TOPIC, "WFRMWFRMWFRMWFRM WFRMWFRM");
        append(wal, "sealed", "a", "bc");
        append(wal, "sealed", "last before the seal");
        wal.seal("sealed");
        append(wal, PAYLOAD_TOPIC, "last");
        wal.readNext(PAYLOAD_TOPIC, true);
        wal.commit("batched", "named", 2);
        SimulatedDisk next =
                switch (end) {
                    case CLOSED -> closed(wal, disk);
                    case KILLED -> disk.processCrash();
                    case ONLY_JOURNAL -> crashKeepingNothing(disk);
                };
        try {
            wal.close();
        } catch (WalException itsDiskIsOff) {
            assertThat(end).isNotEqualTo(End.CLOSED);
        }
        return next;
    }

    private static SimulatedDisk closed(Wal wal, SimulatedDisk disk) {
        wal.close();
        return disk.copy();
    }

    /** A seed whose power cut keeps nothing that was not forced. */
    private static SimulatedDisk crashKeepingNothing(SimulatedDisk disk) {
        for (long seed = 0; ; seed++) {
            SimulatedDisk next = disk.copy().crash(seed);
            if (next.files().keySet().stream()
                    .noneMatch(path -> path.toString().contains("/0000000000000001/"))) {
                disk.processCrash();
                return next;
            }
        }
    }

    private void append(Wal wal, String topic, String... payloads) {
        List<byte[]> bytes =
                Arrays.stream(payloads)
                        .map(payload -> payload.getBytes(StandardCharsets.UTF_8))
                        .toList();
        appended.computeIfAbsent(topic, fresh -> new ArrayList<>()).add(bytes);
        if (bytes.size() == 1) {
            wal.append(topic, bytes.get(0));
        } else {
            wal.appendBatch(topic, bytes.stream().map(ByteBuffer::wrap).toList());
        }
    }

    private static WalOptions options(FsyncPolicy policy, Backend backend) {
        return WalOptions.in(DIR).fsync(policy).backend(backend).fileBytes(64 << 10);
    }

    @ParameterizedTest
    @EnumSource(End.class)
    void theUnhurtLogHoldsEverything(End end) {
        requireOperated(write(end), null, "nothing done", 0, end);
    }

    @ParameterizedTest
    @EnumSource(End.class)
    void aFlipOfAnyBitCostsAtMostOneAppendAndIsTold(End end) {
        SimulatedDisk written = write(end);
        written.files()
                .forEach(
                        (path, bytes) -> {
                            if (!path.endsWith("LOCK")) {
                                flipEveryBit(written, path, usedBytes(bytes), end);
                            }
                        });
    }

    private void flipEveryBit(SimulatedDisk written, Path path, int usedBytes, End end) {
        LongStream.range(0, usedBytes * 8L)
                .parallel()
                .forEach(
                        bit -> {
                            SimulatedDisk hurt = written.copy();
                            hurt.flipBit(path, bit);
                            String how = "byte %d bit %d of %s".formatted(bit / 8, bit % 8, path);
                            requireOperated(hurt, path, how, 1, end);
                        });
    }

    @ParameterizedTest
    @EnumSource(End.class)
    void aCutAtAnyByteKeepsEveryWholeFrameBeforeIt(End end) {
        SimulatedDisk written = write(end);
        written.files()
                .forEach(
                        (path, bytes) -> {
                            if (path.toString().contains("/streams/")) {
                                cutEverywhere(written, path, bytes, end);
                            }
                        });
    }

    private void cutEverywhere(SimulatedDisk written, Path path, byte[] bytes, End end) {
        int whole = usedBytes(bytes);
        IntStream.range(0, whole)
                .parallel()
                .forEach(
                        at -> {
                            SimulatedDisk hurt = written.copy();
                            hurt.put(path, Arrays.copyOf(bytes, at));
                            int lost = framesBehind(bytes, at);
                            String how = "cut at byte %d of %s".formatted(at, path);
                            requireOperated(hurt, path, how, lost, end);
                        });
    }

    /** Frames of the file that do not end before a cut. */
    private static int framesBehind(byte[] bytes, int cut) {
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int lost = 0;
        int at = FileHeader.BYTES;
        while (at + FrameFormat.HEADER_BYTES <= bytes.length
                && FrameFormat.frameBytes(file, at) > 0) {
            int length = FrameFormat.frameBytes(file, at);
            lost += cut < FileHeader.BYTES || cut < at + length ? 1 : 0;
            at += FrameFormat.padded(length);
        }
        return lost;
    }

    private static int usedBytes(byte[] bytes) {
        int used = bytes.length;
        while (0 < used && bytes[used - 1] == 0) {
            used--;
        }
        return used;
    }

    /** Opens the log and compares; at most so many appends may be lost, and none in silence. */
    private void requireOperated(SimulatedDisk disk, Path hurt, String how, int lostMax, End end) {
        Backend backend = how.hashCode() % 2 == 0 ? Backend.MAPPED : Backend.FILE_CHANNEL;
        Wal wal;
        try {
            wal = Wal.open(options(FsyncPolicy.none(), backend), disk);
        } catch (WalException refused) {
            requireMayRefuse(hurt, how, refused);
            assertThat(disk.openPaths()).as(how).isEmpty();
            return;
        }
        try {
            compare(wal, how, lostMax, end);
        } catch (AssertionError | RuntimeException broken) {
            throw new AssertionError(
                    how + " (" + end + ", " + backend + "): " + broken.getMessage(), broken);
        } finally {
            wal.close();
        }
    }

    /** What says which streams there are is refused as a whole; a stream's file never is. */
    private static void requireMayRefuse(Path hurt, String how, WalException refused) {
        boolean mayRefuse =
                hurt != null
                        && !hurt.toString().contains("/streams/")
                        && Set.of(Kind.DAMAGED, Kind.NEWER_VERSION, Kind.FOREIGN)
                                .contains(refused.kind());
        if (!mayRefuse) {
            throw new AssertionError(how + ": opening refused: " + refused.getMessage(), refused);
        }
        assertThat(refused.getMessage()).contains(hurt.getFileName().toString());
    }

    private void compare(Wal wal, String how, int lostMax, End end) {
        RecoveryReport report = wal.recovery();
        Set<String> lost = new TreeSet<>();
        Set<String> damaged = new TreeSet<>();
        appended.forEach(
                (topic, appends) -> {
                    long offset = 0;
                    for (List<byte[]> append : appends) {
                        int missing = 0;
                        for (byte[] expected : append) {
                            missing += isRead(wal, topic, offset, expected, damaged) ? 0 : 1;
                            offset++;
                        }
                        assertThat(missing).as("all or nothing in " + topic).isIn(0, append.size());
                        if (missing > 0) {
                            lost.add(topic + "@" + (offset - append.size()));
                        }
                    }
                    if (wal.exists(topic)) {
                        assertThat(wal.endOffset(topic)).isLessThanOrEqualTo(offset);
                    }
                });
        assertThat(lost).as("appends lost").hasSizeLessThanOrEqualTo(lostMax);
        boolean told =
                !report.cuts().isEmpty() || !report.damages().isEmpty() || !damaged.isEmpty();
        if (!lost.isEmpty() && !told && end != End.KILLED) {
            fail("lost in silence: %s; %s", lost, report.summary());
        }
        requireCursors(wal);
    }

    private static boolean isRead(
            Wal wal, String topic, long offset, byte[] expected, Set<String> damaged) {
        if (!wal.exists(topic) || wal.endOffset(topic) <= offset) {
            return false;
        }
        try {
            Entry entry = wal.readAt(topic, offset, 1).get(0);
            assertThat(entry.offset()).isEqualTo(offset);
            assertThat(entry.bytes()).as("payload of %s at %d", topic, offset).isEqualTo(expected);
            return true;
        } catch (WalException refused) {
            assertThat(refused.kind()).isEqualTo(Kind.DAMAGED);
            assertThat(refused.file()).isNotNull();
            damaged.add(topic + "@" + offset);
            return false;
        }
    }

    /** Where it was, or an error: never back at the start as if nothing had been. */
    private static void requireCursors(Wal wal) {
        for (Map.Entry<String, Long> each : Map.of(PAYLOAD_TOPIC, 1L, "batched", 2L).entrySet()) {
            String name = each.getKey().equals("batched") ? "named" : "";
            try {
                if (wal.exists(each.getKey()) && wal.endOffset(each.getKey()) >= each.getValue()) {
                    assertThat(wal.cursor(each.getKey(), name)).hasValue(each.getValue());
                }
            } catch (WalException refused) {
                assertThat(refused.kind()).isEqualTo(Kind.DAMAGED);
            }
        }
    }
}
