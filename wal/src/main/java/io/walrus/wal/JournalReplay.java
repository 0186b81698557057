package io.walrus.wal;

import io.walrus.wal.disk.Disk;
import io.walrus.wal.disk.DiskFile;
import io.walrus.wal.format.FileHeader;
import io.walrus.wal.format.FrameFormat;
import io.walrus.wal.format.JournalHeader;
import io.walrus.wal.format.JournalRecord;
import io.walrus.wal.format.LittleEndian;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Brings what was acknowledged from the journal to where it belongs: each frame to its exact place,
 * each cursor to its slot. Then forces it, and only then removes the journal. Doing it again, or
 * half of it and then all, comes to the same.
 */
final class JournalReplay {

    private final Disk disk;
    private final Path dir;
    private final RecoveryFindings findings;
    private final ReplayTarget target;
    private final CRC32C crc = new CRC32C();
    private long lastSequence;

    private record JournalFile(Path path, JournalHeader header) {}

    JournalReplay(Disk disk, Path dir, RecoveryFindings findings, ReplayTarget target) {
        this.disk = disk;
        this.dir = dir;
        this.findings = findings;
        this.target = target;
    }

    /** Returns the highest sequence that was ever used. */
    long run() throws IOException {
        if (!disk.exists(dir)) {
            return 0;
        }
        List<JournalFile> files = files();
        for (JournalFile file : files) {
            replay(file);
        }
        target.force();
        for (JournalFile done : files) {
            disk.delete(done.path());
            disk.syncDirectory(dir);
        }
        return lastSequence;
    }

    private List<JournalFile> files() throws IOException {
        List<JournalFile> files = new ArrayList<>();
        for (String name : disk.list(dir)) {
            Path path = dir.resolve(name);
            if (!name.endsWith(".jnl")) {
                disk.delete(path);
                continue;
            }
            ByteBuffer bytes = LittleEndian.allocate(JournalHeader.BYTES);
            try (DiskFile file = disk.openReadOnly(path)) {
                file.read(0, bytes);
            }
            JournalHeader header = JournalHeader.read(bytes.flip());
            if (header == null) {
                throw new WalException(
                        WalException.Kind.DAMAGED,
                        "expected a journal's header in one of its two copies, found none: restore the"
                                + " file from a copy, nothing of it was replayed",
                        path,
                        0,
                        null);
            }
            lastSequence = Math.max(lastSequence, header.sequence());
            files.add(new JournalFile(path, header));
        }
        files.sort(Comparator.comparingLong(file -> file.header().sequence()));
        return files;
    }

    private void replay(JournalFile journal) throws IOException {
        ByteBuffer bytes = readAll(journal.path());
        int salt = journal.header().salt();
        int position = JournalHeader.BYTES;
        while (true) {
            JournalRecord record = wholeRecord(bytes, position, salt);
            if (record == null) {
                int next = nextAfterDamage(bytes, position, salt);
                if (next < 0) {
                    break;
                }
                findings.damage(
                        "",
                        journal.path(),
                        position,
                        -1,
                        "expected a journal record, found damage up to byte " + next);
                position = next;
                continue;
            }
            apply(record, bytes, position);
            position += JournalRecord.padded(record.frameBytes());
        }
        findings.scanned(position);
    }

    private ByteBuffer readAll(Path path) throws IOException {
        try (DiskFile file = disk.openReadOnly(path)) {
            ByteBuffer bytes = LittleEndian.allocate((int) file.size());
            file.read(0, bytes);
            return bytes.flip();
        }
    }

    private JournalRecord wholeRecord(ByteBuffer bytes, int at, int salt) {
        JournalRecord record = JournalRecord.read(bytes, at, salt, crc);
        if (record == null || record.kind() == JournalRecord.CURSOR) {
            return record;
        }
        int frameAt = at + JournalRecord.HEADER_BYTES;
        boolean whole =
                FrameFormat.looksLikeFrame(
                                bytes,
                                frameAt,
                                record.frameBytes(),
                                (int) record.file().streamId(),
                                record.file().salt())
                        && FrameFormat.crcOf(bytes, frameAt) == record.frameCrc()
                        && FrameFormat.isWhole(bytes, bytes.duplicate(), crc, frameAt);
        return whole ? record : null;
    }

    /**
     * The next whole record that was written when this place was durable; -1 if there is none, and
     * this place is where a write was cut short.
     */
    private int nextAfterDamage(ByteBuffer bytes, int from, int salt) {
        int at = from;
        while (true) {
            at = JournalRecord.next(bytes, at + FrameFormat.ALIGNMENT, salt);
            if (at < 0) {
                return -1;
            }
            JournalRecord record = wholeRecord(bytes, at, salt);
            if (record != null && record.group() > from) {
                return at;
            }
        }
    }

    private void apply(JournalRecord record, ByteBuffer bytes, int at) throws IOException {
        FileHeader file = record.file();
        if (record.kind() == JournalRecord.CURSOR) {
            target.cursor(file.streamId(), file.seq(), file.firstOffset());
        } else {
            target.frame(
                    file,
                    record.position(),
                    bytes.slice(at + JournalRecord.HEADER_BYTES, record.frameBytes())
                            .order(bytes.order()));
        }
    }
}
