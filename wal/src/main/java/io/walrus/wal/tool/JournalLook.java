package io.walrus.wal.tool;

import io.walrus.wal.disk.Disk;
import io.walrus.wal.format.FileHeader;
import io.walrus.wal.format.FrameFormat;
import io.walrus.wal.format.JournalHeader;
import io.walrus.wal.format.JournalRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * What the journal still holds: frames that the next opening would put where they belong, if they
 * are not there yet. Remembers places, not bytes.
 */
final class JournalLook {

    private static final String DIRECTORY = "journal";
    private static final String SUFFIX = ".jnl";

    /** A frame in a journal file, with its journal record. */
    record Place(Path journal, long position, JournalRecord record) {}

    /** A stream's file. */
    record FileKey(long streamId, int seq) {}

    private final Disk disk;
    private final Findings findings;
    private final CRC32C crc = new CRC32C();
    private final Map<FileKey, NavigableMap<Integer, Place>> frames = new HashMap<>();
    private final Map<Integer, Long> cursors = new HashMap<>();
    private int files;
    private long bytes;
    private long group;

    private JournalLook(Disk disk, Findings findings) {
        this.disk = disk;
        this.findings = findings;
    }

    static JournalLook at(Disk disk, Path dir, Findings findings) throws IOException {
        var look = new JournalLook(disk, findings);
        Path journal = dir.resolve(DIRECTORY);
        if (disk.exists(journal)) {
            for (Map.Entry<Long, Path> file : look.inOrder(journal).entrySet()) {
                look.read(file.getValue());
            }
        }
        return look;
    }

    private SortedMap<Long, Path> inOrder(Path journal) throws IOException {
        SortedMap<Long, Path> ordered = new TreeMap<>();
        for (String name : disk.list(journal)) {
            if (name.endsWith(SUFFIX)) {
                Path path = journal.resolve(name);
                try (FileWindow file = new FileWindow(disk.openReadOnly(path))) {
                    files++;
                    bytes += file.size();
                    JournalHeader header = headerOf(file);
                    if (header == null) {
                        findings.damaged(path, 0, "expected a journal's header in one of its copies");
                    } else {
                        ordered.put(header.sequence(), path);
                    }
                }
            }
        }
        return ordered;
    }

    private static JournalHeader headerOf(FileWindow file) throws IOException {
        if (!file.show(0, JournalHeader.BYTES)) {
            return null;
        }
        var head = new byte[JournalHeader.BYTES];
        file.bytes().get(file.index(0), head);
        return JournalHeader.read(ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN));
    }

    private void read(Path path) throws IOException {
        try (FileWindow file = new FileWindow(disk.openReadOnly(path))) {
            int salt = headerOf(file).salt();
            long missedAt = -1;
            long at = JournalHeader.BYTES;
            while (at < file.size()) {
                JournalRecord record = recordAt(file, at, salt);
                if (record == null) {
                    missedAt = missedAt < 0 ? at : missedAt;
                    at += FrameFormat.ALIGNMENT;
                    continue;
                }
                judge(path, missedAt, record);
                missedAt = -1;
                take(path, at, record);
                at += JournalRecord.padded(record.frameBytes());
            }
        }
    }

    /** A later group was written only after the ones before it were durable. */
    private void judge(Path path, long missedAt, JournalRecord record) {
        if (missedAt >= 0 && record.group() > group + 1) {
            findings.damaged(path, missedAt, "a record of the journal");
        } else if (missedAt >= 0) {
            findings.note(path, missedAt, "a record that is torn or still being written");
        }
        group = Math.max(group, record.group());
    }

    private JournalRecord recordAt(FileWindow file, long at, int salt) throws IOException {
        if (!file.show(at, JournalRecord.HEADER_BYTES)) {
            return null;
        }
        JournalRecord record =
                JournalRecord.readHead(file.bytes(), file.index(at), file.size() - at, salt, crc);
        if (record == null || record.kind() != JournalRecord.FRAME) {
            return record;
        }
        return frameAt(file, at + JournalRecord.HEADER_BYTES, record) ? record : null;
    }

    private boolean frameAt(FileWindow file, long at, JournalRecord record) throws IOException {
        return record.frameBytes() >= FrameFormat.HEADER_BYTES
                && file.show(at, record.frameBytes())
                && FrameFormat.looksLikeFrame(
                        file.bytes(),
                        file.index(at),
                        record.frameBytes(),
                        (int) record.file().streamId(),
                        record.file().salt())
                && FrameFormat.frameBytes(file.bytes(), file.index(at)) == record.frameBytes()
                && FrameFormat.crcOf(file.bytes(), file.index(at)) == record.frameCrc()
                && FrameFormat.isWhole(file.bytes(), file.view(), crc, file.index(at));
    }

    private void take(Path path, long at, JournalRecord record) {
        if (record.kind() == JournalRecord.FRAME) {
            var key = new FileKey(record.file().streamId(), record.file().seq());
            frames.computeIfAbsent(key, unused -> new TreeMap<>())
                    .put(
                            record.position(),
                            new Place(path, at + JournalRecord.HEADER_BYTES, record));
        } else if (record.kind() == JournalRecord.CURSOR) {
            cursors.put(record.file().seq(), record.file().firstOffset());
        }
    }

    /** The frames that belong into a file, by position. */
    NavigableMap<Integer, Place> framesOf(FileKey file) {
        return frames.getOrDefault(file, java.util.Collections.emptyNavigableMap());
    }

    /** Files of a stream that the journal has frames for. */
    SortedMap<Integer, FileHeader> filesOf(long streamId) {
        SortedMap<Integer, FileHeader> headers = new TreeMap<>();
        frames.forEach(
                (key, places) -> {
                    if (key.streamId() == streamId) {
                        headers.put(key.seq(), places.firstEntry().getValue().record().file());
                    }
                });
        return headers;
    }

    /** Whether a slot's value is here, whatever has become of the slot. */
    boolean hasCursor(int slot) {
        return cursors.containsKey(slot);
    }

    int files() {
        return files;
    }

    long bytes() {
        return bytes;
    }
}
