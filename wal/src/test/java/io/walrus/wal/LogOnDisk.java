package io.walrus.wal;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.walrus.wal.proof.TurnedClock;
import io.walrus.wal.sim.SimulatedDisk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A log on a simulated disk, for tests of one fault each; text for payloads. */
final class LogOnDisk {

    static final Path DIR = Path.of("/log");
    static final String TOPIC = "topic";

    final TurnedClock clock = new TurnedClock();
    final WalOptions options;
    SimulatedDisk disk;
    Wal wal;

    LogOnDisk(FsyncPolicy policy, Backend backend) {
        this(policy, backend, 64 << 10);
    }

    LogOnDisk(FsyncPolicy policy, Backend backend, int fileBytes) {
        options =
                WalOptions.in(DIR)
                        .fsync(policy)
                        .backend(backend)
                        .fileBytes(fileBytes)
                        .entryBytesMax(1 << 20)
                        .clock(clock);
        disk = new SimulatedDisk(1);
        open();
    }

    void open() {
        wal = Wal.open(options, disk);
    }

    long append(String text) {
        return wal.append(TOPIC, bytes(text));
    }

    /** The n-th text of some length that nothing else has. */
    static String text(int n) {
        return "entry-%d-%s".formatted(n, "x".repeat(n % 97));
    }

    void appendTexts(int from, int to) {
        for (int n = from; n < to; n++) {
            append(text(n));
        }
    }

    WalException refusalOf(String text) {
        return refused(() -> append(text));
    }

    static WalException refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        WalException refused = catchThrowableOfType(WalException.class, call);
        if (refused == null) {
            throw new AssertionError("expected a refusal");
        }
        return refused;
    }

    /** All of a topic, from its start. */
    List<String> read(String topic) {
        List<String> texts = new ArrayList<>();
        long offset = wal.startOffset(topic);
        while (offset < wal.endOffset(topic)) {
            for (Entry entry : wal.readAt(topic, offset, 1 << 16)) {
                texts.add(new String(entry.bytes(), StandardCharsets.UTF_8));
                offset++;
            }
        }
        return texts;
    }

    void closeAndOpen() {
        wal.close();
        open();
    }

    void killAndOpen() {
        restartOn(disk.processCrash());
    }

    void cutPowerAndOpen(long seed) {
        restartOn(disk.crash(seed));
    }

    /** The old log ends first: its disk is off, which it may say. */
    private void restartOn(SimulatedDisk next) {
        closeCrashed();
        disk = next;
        open();
    }

    void closeCrashed() {
        try {
            wal.close();
        } catch (WalException failed) {
            org.assertj.core.api.Assertions.assertThat(failed.kind())
                    .isIn(WalException.Kind.IO, WalException.Kind.FAILED);
        }
    }

    /** The one file of the only stream, or the last one. */
    Path lastFile() {
        return disk.files().keySet().stream()
                .filter(path -> path.toString().contains("/streams/"))
                .reduce((earlier, later) -> later)
                .orElseThrow();
    }

    /** Where a text is in a file. */
    static int find(byte[] file, String text) {
        byte[] wanted = bytes(text);
        for (int at = 0; at + wanted.length <= file.length; at++) {
            if (java.util.Arrays.equals(file, at, at + wanted.length, wanted, 0, wanted.length)) {
                return at;
            }
        }
        throw new AssertionError("not in the file: " + text);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
