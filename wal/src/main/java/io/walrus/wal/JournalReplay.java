package io.walrus.wal;

import io.walrus.wal.disk.Disk;
import io.walrus.wal.disk.DiskFile;
import io.walrus.wal.format.FileHeader;
import io.walrus.wal.format.JournalHeader;
import io.walrus.wal.format.JournalRecord;
import io.walrus.wal.format.LittleEndian;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

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
        try (DiskFile file = disk.openReadOnly(journal.path())) {
            replay(journal.path(), new JournalRecords(file, journal.header().salt()));
        }
    }

    private void replay(Path path, JournalRecords records) throws IOException {
        int position = JournalHeader.BYTES;
        while (true) {
            JournalRecord record = records.at(position);
            if (record == null) {
                int next = records.nextAfterDamage(position);
                if (next < 0) {
                    break;
                }
                findings.damage(
                        "",
                        path,
                        position,
                        -1,
                        "expected a journal record, found damage up to byte " + next);
                position = next;
                continue;
            }
            apply(record, records, position);
            position += JournalRecord.padded(record.frameBytes());
        }
        findings.scanned(position);
    }

    private void apply(JournalRecord record, JournalRecords records, int position)
            throws IOException {
        FileHeader file = record.file();
        if (record.kind() == JournalRecord.CURSOR) {
            target.cursor(file.streamId(), file.seq(), file.firstOffset());
        } else {
            target.frame(file, record.position(), records.frame(position, record));
        }
    }
}
