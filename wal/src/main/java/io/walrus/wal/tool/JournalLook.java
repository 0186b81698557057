package io.walrus.wal.tool;

import io.walrus.wal.disk.Disk;
import io.walrus.wal.disk.DiskFile;
import io.walrus.wal.format.FileHeader;
import io.walrus.wal.format.FrameFormat;
import io.walrus.wal.format.JournalHeader;
import io.walrus.wal.format.JournalRecord;
import io.walrus.wal.format.LittleEndian;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
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
final class JournalLook implements Closeable {

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
    private Path openPath;
    private FileWindow open;

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
                ByteBuffer all = readAll(path);
                if (all == null) {
                    continue;
                }
                JournalHeader header = JournalHeader.read(all);
                files++;
                bytes += all.limit();
                if (header == null) {
                    findings.damaged(path, 0, "expected a journal's header in one of its copies");
                } else {
                    ordered.put(header.sequence(), path);
                }
            }
        }
        return ordered;
    }

    private void read(Path path) throws IOException {
        ByteBuffer journal = readAll(path);
        JournalHeader header = journal == null ? null : JournalHeader.read(journal);
        if (header == null) {
            return;
        }
        int salt = header.salt();
        int missedAt = -1;
        int at = JournalHeader.BYTES;
        while (at <= journal.limit() - JournalRecord.HEADER_BYTES) {
            JournalRecord record = recordAt(journal, at, salt);
            if (record == null) {
                missedAt = missedAt < 0 ? at : missedAt;
                at += FrameFormat.ALIGNMENT;
                continue;
            }
            if (missedAt >= 0 && record.group() > missedAt) {
                findings.damaged(path, missedAt, "a record of the journal, up to byte " + at);
                missedAt = -1;
            }
            if (missedAt < 0) {
                take(path, at, record);
            }
            at += JournalRecord.padded(record.frameBytes());
        }
    }

    /** The bytes of a journal file; null if its log has done with it and removed it. */
    private ByteBuffer readAll(Path path) throws IOException {
        try (DiskFile file = disk.openReadOnly(path)) {
            ByteBuffer all = LittleEndian.allocate(Math.toIntExact(file.size()));
            file.read(0, all);
            return all.flip();
        } catch (NoSuchFileException gone) {
            return null;
        } catch (IOException unreadable) {
            findings.damaged(path, 0, "the disk cannot read it: " + unreadable.getMessage());
            return null;
        }
    }

    private JournalRecord recordAt(ByteBuffer journal, int at, int salt) {
        JournalRecord record = JournalRecord.read(journal, at, salt, crc);
        boolean whole =
                record != null
                        && (record.kind() != JournalRecord.FRAME
                                || isFrame(journal, at + JournalRecord.HEADER_BYTES, record));
        return whole ? record : null;
    }

    private boolean isFrame(ByteBuffer journal, int at, JournalRecord record) {
        return FrameFormat.looksLikeFrame(
                        journal,
                        at,
                        record.frameBytes(),
                        (int) record.file().streamId(),
                        record.file().salt())
                && FrameFormat.crcOf(journal, at) == record.frameCrc()
                && FrameFormat.isWhole(journal, journal.duplicate(), crc, at);
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
        return frames.getOrDefault(file, Collections.emptyNavigableMap());
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

    /** A frame's bytes; null if its journal file was used again since we looked. */
    ByteBuffer bytesOf(Place place) throws IOException {
        if (!place.journal().equals(openPath)) {
            close();
            openPath = place.journal();
            open = new FileWindow(disk.openReadOnly(openPath));
        }
        JournalRecord record = place.record();
        if (!open.show(place.position(), record.frameBytes())) {
            return null;
        }
        ByteBuffer frame =
                open.bytes()
                        .slice(open.index(place.position()), record.frameBytes())
                        .order(ByteOrder.LITTLE_ENDIAN);
        return isFrame(frame, 0, record) ? frame : null;
    }

    @Override
    public void close() throws IOException {
        if (open != null) {
            open.close();
            open = null;
            openPath = null;
        }
    }

    int files() {
        return files;
    }

    long bytes() {
        return bytes;
    }
}
