package io.walrus.wal;

import io.walrus.wal.disk.Disk;
import io.walrus.wal.disk.DiskFile;
import io.walrus.wal.format.FileHeader;
import io.walrus.wal.format.FrameFormat;
import io.walrus.wal.format.LittleEndian;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Opens one stream as its files say: looks at the header of each, and at the frames of the last one
 * only; earlier and sealed files are read when somebody reads them. Doing it again changes nothing.
 */
final class StreamRecovery {

    private static final int ABANDONED_BYTES_CHECKED = 4 << 10;

    private final Disk disk;
    private final Backend backend;
    private final StreamRecord record;
    private final Stream stream;
    private final RecoveryFindings findings;
    private final Path dir;
    private String stopped;

    StreamRecovery(
            Disk disk,
            Backend backend,
            StreamRecord record,
            Stream stream,
            RecoveryFindings findings) {
        this.disk = disk;
        this.backend = backend;
        this.record = record;
        this.stream = stream;
        this.findings = findings;
        this.dir = stream.chain().dir();
    }

    private record Found(StreamFile file, FileHeader header, int mark, int bytes) {}

    void run() throws IOException {
        List<Integer> seqs = disk.exists(dir) ? seqs() : List.of();
        List<Found> found = open(seqs);
        dropAbandoned(found);
        dropRefused(found);
        dropTruncated(found);
        place(found);
        int highestSeq = seqs.isEmpty() ? 0 : seqs.get(seqs.size() - 1);
        stream.chain()
                .found(found.stream().map(Found::file).toArray(StreamFile[]::new), highestSeq);
        recoverEnd(found);
    }

    private List<Integer> seqs() throws IOException {
        List<Integer> seqs = new ArrayList<>();
        for (String name : disk.list(dir)) {
            if (name.matches("[0-9a-f]{8}\\.log")) {
                seqs.add(Integer.parseUnsignedInt(name.substring(0, 8), 16));
            }
        }
        return seqs;
    }

    private List<Found> open(List<Integer> seqs) throws IOException {
        List<Found> found = new ArrayList<>();
        for (int seq : seqs) {
            Path path = dir.resolve(StreamFile.name(seq));
            try (DiskFile file = disk.openReadOnly(path)) {
                found.add(open(path, file, seq));
            }
        }
        return found;
    }

    private Found open(Path path, DiskFile file, int seq) throws IOException {
        int size = (int) file.size();
        ByteBuffer bytes = LittleEndian.allocate(FileHeader.BYTES);
        file.read(0, bytes);
        FileHeader header = FileHeader.read(bytes.flip(), 0);
        boolean ours = header != null && header.streamId() == record.id() && header.seq() == seq;
        var streamFile =
                new StreamFile(path, seq, size, StreamFile.open(backend, disk, path, null));
        return ours
                ? new Found(streamFile, header, FileHeader.readMark(bytes, 0), size)
                : new Found(streamFile, rebuiltHeader(path, file, seq, size), 0, size);
    }

    /** The first frame repeats what the header said; null if that one is damaged too. */
    private FileHeader rebuiltHeader(Path path, DiskFile file, int seq, int size)
            throws IOException {
        // Both looks start at byte 0, so that positions are indexes.
        Window window = ChannelBytes.wideWindow(file);
        int at = FileHeader.BYTES;
        if (size < at + FrameFormat.HEADER_BYTES
                || !window.show(0, at + FrameFormat.HEADER_BYTES)
                || !FrameFormat.looksLikeFrame(
                        window.bytes,
                        at,
                        size - at,
                        (int) record.id(),
                        FrameFormat.salt(window.bytes, at))
                || !window.show(0, at + FrameFormat.frameBytes(window.bytes, at))
                || !FrameFormat.isWhole(window.bytes, window.view, new CRC32C(), at)) {
            return null;
        }
        long firstOffset = FrameFormat.firstOffset(window.bytes, at);
        findings.damage(
                record.name(),
                path,
                0,
                firstOffset,
                "expected a file header, found damage; it was made anew from the first frame");
        return new FileHeader(
                record.id(),
                seq,
                FrameFormat.salt(window.bytes, at),
                firstOffset,
                FrameFormat.timestampMillis(window.bytes, at),
                size);
    }

    /**
     * A last file without a header was prepared and never used, or never reached the disk. One that
     * looks prepared is nobody's loss; about any other, somebody should hear.
     */
    private void dropAbandoned(List<Found> found) throws IOException {
        while (!found.isEmpty() && !record.sealed()) {
            Found last = found.get(found.size() - 1);
            if (last.header() != null || !isUnused(last)) {
                return;
            }
            found.remove(found.size() - 1);
            boolean prepared =
                    !found.isEmpty()
                            && last.bytes() >= FileChain.PREPARED_AHEAD_FROM_BYTES
                            && isZero(last.file().path(), 0, ABANDONED_BYTES_CHECKED);
            if (!prepared) {
                findings.cut(record.name(), last.file().path(), 0, last.bytes());
            }
            disk.delete(last.file().path());
        }
    }

    /** Files that were refused in the making, and whose removal a power cut undid. */
    private void dropRefused(List<Found> found) throws IOException {
        for (var each = found.iterator(); each.hasNext(); ) {
            Found file = each.next();
            if (file.header() == null && isZero(file.file().path(), 0, file.bytes())) {
                each.remove();
                disk.delete(file.file().path());
            }
        }
    }

    /** No header was ever written, or the process died in the middle of writing just that. */
    private boolean isUnused(Found file) throws IOException {
        return isZero(file.file().path(), 0, FileHeader.BYTES)
                || isZero(file.file().path(), FileHeader.BYTES, file.bytes());
    }

    private boolean isZero(Path path, int from, int to) throws IOException {
        try (DiskFile file = disk.openReadOnly(path)) {
            var bytes = ByteBuffer.allocate(Math.max(0, to - from));
            file.read(from, bytes);
            return bytes.clear().mismatch(ByteBuffer.allocate(bytes.capacity())) < 0;
        }
    }

    /** Files that were given up before the log ended, and still have their names. */
    private void dropTruncated(List<Found> found) throws IOException {
        while (found.size() > 1
                && found.get(1).header() != null
                && found.get(1).header().firstOffset() <= record.startOffset()) {
            disk.delete(found.remove(0).file().path());
        }
    }

    private void place(List<Found> found) {
        for (Found one : found) {
            if (one.header() != null) {
                one.file()
                        .found(
                                one.header(),
                                one.bytes(),
                                record.sealed() ? one.bytes() : one.mark());
            }
        }
        for (int at = found.size() - 1; at >= 0; at--) {
            if (found.get(at).header() == null) {
                placeDamaged(found, at);
            }
        }
    }

    /** Its first offset is where the file before it ends, if that one can be read to its end. */
    private void placeDamaged(List<Found> found, int at) {
        Found damaged = found.get(at);
        long startsAt = record.startOffset();
        if (at > 0 && found.get(at - 1).header() != null) {
            startsAt = endOf(found.get(at - 1).file());
        }
        damaged.file().foundDamaged(startsAt);
        findings.damage(
                record.name(),
                damaged.file().path(),
                0,
                startsAt,
                "expected a file header, found bytes that are none");
        stop(damaged.file().path(), 0);
    }

    private static long endOf(StreamFile file) {
        try {
            var frames = new FrameReader(file);
            frames.seekFirst();
            long end = frames.endOffset();
            while (frames.nextWhole()) {
                end = frames.endOffset();
            }
            return end;
        } catch (IOException | WalException unreadable) {
            // What it holds is found out, and told, by whoever reads it.
            return file.firstOffset();
        }
    }

    private void recoverEnd(List<Found> found) throws IOException {
        if (found.isEmpty()) {
            recoverEmpty();
            return;
        }
        Found last = found.get(found.size() - 1);
        if (record.sealed()) {
            stream.recovered(record.startOffset(), record.endOffset(), 0, true, stopped);
        } else if (last.header() == null) {
            long end = last.file().firstOffset();
            stream.recovered(Math.min(record.startOffset(), end), end, 0, false, stopped);
        } else {
            scan(last);
        }
    }

    private void recoverEmpty() {
        boolean lost = record.sealed() && record.endOffset() > record.startOffset();
        if (lost) {
            findings.damage(
                    record.name(), dir, 0, record.startOffset(), "expected files, found none");
        }
        long end = record.sealed() ? record.endOffset() : record.startOffset();
        stream.recovered(record.startOffset(), end, 0, record.sealed(), stopped);
    }

    private void scan(Found last) throws IOException {
        Path path = last.file().path();
        TailScan scan;
        int garbage;
        try (DiskFile file = disk.openReadOnly(path)) {
            scan =
                    new TailScan(
                            ChannelBytes.wideWindow(file),
                            last.header(),
                            last.bytes(),
                            last.mark(),
                            last.file().index());
            scan.run();
            garbage = scan.garbageBytes();
        }
        findings.scanned(scan.end());
        for (TailScan.Hole hole : scan.holes()) {
            findings.damage(
                    record.name(),
                    path,
                    hole.position(),
                    hole.offset(),
                    "expected entry %d, found damage up to byte %d"
                            .formatted(hole.offset(), hole.end()));
            stop(path, hole.position());
        }
        if (garbage > 0) {
            cut(path, scan.end(), garbage);
        }
        last.file().foundIndexed(last.header(), scan.end(), last.mark());
        stream.recovered(
                record.startOffset(),
                Math.max(scan.nextOffset(), record.startOffset()),
                scan.timestampMillis(),
                false,
                stopped);
    }

    /** Forced, because what comes after it must never see the old bytes again. */
    private void cut(Path path, int position, int bytes) throws IOException {
        findings.cut(record.name(), path, position, bytes);
        try (DiskFile file = disk.open(path)) {
            FileFactory.fill(file, position, position + bytes);
            file.force();
        }
    }

    private void stop(Path path, int position) {
        stopped =
                "the topic %s takes no more entries, because %s is damaged at byte %d; what is whole can be read"
                        .formatted(record.name(), path, position);
    }
}
