package io.walrus.wal;

import io.walrus.wal.disk.Disk;
import io.walrus.wal.disk.DiskFile;
import io.walrus.wal.format.AheadMark;
import io.walrus.wal.format.FileHeader;
import io.walrus.wal.format.LittleEndian;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Opens one stream as its files say: looks at the header of each, and at the frames of those that
 * may not be durable; others and sealed ones are read when somebody reads them. Doing it again
 * changes nothing.
 */
final class StreamRecovery {

    private static final int ABANDONED_BYTES_CHECKED = 4 << 10;
    private static final int SECTOR_BYTES = 512;
    private static final Pattern FILE_NAME = Pattern.compile("[0-9a-f]{8}\\.log");

    private final Disk disk;
    private final Backend backend;
    private final FileFactory files;
    private final StreamRecord record;
    private final Stream stream;
    private final RecoveryFindings findings;
    private final Path dir;
    private final boolean distrusted;
    private final Set<Integer> blank = new HashSet<>();
    private String stopped;
    private boolean dropped;

    /**
     * @param distrusted a sync failed here while the machine was up: what a force says of bytes
     *     that were not written again since means nothing
     */
    StreamRecovery(
            Disk disk,
            Backend backend,
            FileFactory files,
            StreamRecord record,
            Stream stream,
            RecoveryFindings findings,
            boolean distrusted) {
        this.disk = disk;
        this.backend = backend;
        this.files = files;
        this.record = record;
        this.stream = stream;
        this.findings = findings;
        this.dir = stream.chain().dir();
        this.distrusted = distrusted;
    }

    void run() throws IOException {
        List<FoundFile> found = new ArrayList<>();
        try {
            run(found);
        } catch (IOException | RuntimeException | Error failed) {
            letGo(found, failed);
            throw failed;
        }
    }

    private void run(List<FoundFile> found) throws IOException {
        List<Integer> seqs = disk.exists(dir) ? seqs() : List.of();
        open(seqs, found);
        dropAbandoned(found);
        dropRefused(found);
        dropTruncated(found);
        place(found);
        int highestSeq = seqs.isEmpty() ? 0 : seqs.get(seqs.size() - 1);
        recoverEnd(found);
        if (dropped) {
            disk.syncDirectory(dir);
        }
        stream.chain()
                .found(found.stream().map(FoundFile::file).toArray(StreamFile[]::new), highestSeq);
    }

    /** The chain does not have them yet: nobody else would close what was opened to look at. */
    private static void letGo(List<FoundFile> found, Throwable because) {
        for (FoundFile one : found) {
            try {
                one.file().bytes().close();
            } catch (IOException alsoFailed) {
                because.addSuppressed(alsoFailed);
            }
        }
    }

    private List<Integer> seqs() throws IOException {
        List<Integer> seqs = new ArrayList<>();
        for (String name : disk.list(dir)) {
            if (FILE_NAME.matcher(name).matches()) {
                seqs.add(Integer.parseUnsignedInt(name.substring(0, 8), 16));
            }
        }
        return seqs;
    }

    private void open(List<Integer> seqs, List<FoundFile> found) throws IOException {
        for (int seq : seqs) {
            Path path = dir.resolve(StreamFile.name(seq));
            try (DiskFile file = disk.openReadOnly(path)) {
                found.add(open(path, file, seq));
            }
        }
    }

    private FoundFile open(Path path, DiskFile file, int seq) throws IOException {
        int size = (int) file.size();
        ByteBuffer bytes = LittleEndian.allocate(FileHeader.BYTES);
        file.read(0, bytes);
        FileHeader header = FileHeader.read(bytes.flip(), 0);
        boolean ours = header != null && header.streamId() == record.id() && header.seq() == seq;
        StreamFile streamFile = files.found(path, seq, size);
        if (ours) {
            FileHeader.Mark mark = FileHeader.Mark.read(bytes, 0);
            return new FoundFile(streamFile, header, mark, size, false, false);
        }
        if (AheadMark.isIn(bytes, record.id(), seq)) {
            return new FoundFile(streamFile, null, FileHeader.Mark.NONE, size, true, true);
        }
        FileHeader rebuilt = rebuiltHeader(path, file, seq);
        boolean unwritten =
                rebuilt == null
                        && isZero(file, 0, SECTOR_BYTES)
                        && !new HeadlessFile(file, record.id()).tellsOfDurable();
        return new FoundFile(streamFile, rebuilt, FileHeader.Mark.NONE, size, false, unwritten);
    }

    /** The first frame repeats what the header said; null if that one is damaged too. */
    private FileHeader rebuiltHeader(Path path, DiskFile file, int seq) throws IOException {
        FileHeader rebuilt = new HeadlessFile(file, record.id()).headerByFirstFrame(seq);
        if (rebuilt != null) {
            findings.damage(
                    record.name(),
                    path,
                    0,
                    rebuilt.firstOffset(),
                    "expected a file header, found damage; it was made anew from the first frame");
        }
        return rebuilt;
    }

    /**
     * A last file without a header was prepared and never used, or never reached the disk. One that
     * looks prepared is nobody's loss; about any other, somebody should hear.
     */
    private void dropAbandoned(List<FoundFile> found) throws IOException {
        while (!found.isEmpty() && !record.sealed()) {
            FoundFile last = found.get(found.size() - 1);
            if (last.header() != null || !isUnused(last)) {
                return;
            }
            found.remove(found.size() - 1);
            boolean prepared =
                    !found.isEmpty()
                            && last.bytes() >= FileChain.PREPARED_AHEAD_FROM_BYTES
                            && isZero(last.path(), last.zerosFrom(), ABANDONED_BYTES_CHECKED);
            if (!prepared) {
                findings.cut(record.name(), last.file().path(), 0, last.bytes());
            }
            drop(last);
        }
    }

    /**
     * For good, by the end of the recovery: if the next power cut undid it, entries that nobody has
     * would follow those that come next.
     */
    private void drop(FoundFile file) throws IOException {
        disk.delete(file.path());
        dropped = true;
    }

    /**
     * Files that were refused in the making, and whose removal a power cut undid; or whose bytes it
     * took, every one.
     */
    private void dropRefused(List<FoundFile> found) throws IOException {
        for (var each = found.iterator(); each.hasNext(); ) {
            FoundFile file = each.next();
            if (file.header() == null && isZero(file.path(), file.zerosFrom(), file.bytes())) {
                each.remove();
                blank.add(file.file().seq());
                drop(file);
            }
        }
    }

    /** No header was ever written, or the process died in the middle of writing just that. */
    private boolean isUnused(FoundFile file) throws IOException {
        return file.unwritten()
                || isZero(file.path(), FileHeader.BYTES, file.bytes())
                || isZero(file.path(), 0, FileHeader.BYTES) && !tellsOfDurable(file.path());
    }

    private boolean tellsOfDurable(Path path) throws IOException {
        try (DiskFile file = disk.openReadOnly(path)) {
            return new HeadlessFile(file, record.id()).tellsOfDurable();
        }
    }

    private boolean isZero(Path path, int from, int to) throws IOException {
        try (DiskFile file = disk.openReadOnly(path)) {
            return isZero(file, from, to);
        }
    }

    /** As far as the file goes. */
    private static boolean isZero(DiskFile file, int from, int to) throws IOException {
        var piece = ByteBuffer.allocate(Math.max(0, Math.min(Zeros.BYTES_MAX, to - from)));
        for (int at = from; at < to; ) {
            int read = file.read(at, piece.clear().limit(Math.min(piece.capacity(), to - at)));
            if (read <= 0) {
                return true;
            }
            if (Zeros.from(piece, 0, read) < read) {
                return false;
            }
            at += read;
        }
        return true;
    }

    /** Files that were given up before the log ended, and still have their names. */
    private void dropTruncated(List<FoundFile> found) throws IOException {
        while (found.size() > 1
                && found.get(1).header() != null
                && found.get(1).header().firstOffset() <= record.startOffset()) {
            drop(found.remove(0));
        }
    }

    private void place(List<FoundFile> found) throws IOException {
        for (FoundFile one : found) {
            if (one.header() != null) {
                one.file()
                        .found(
                                one.header(),
                                one.bytes(),
                                record.sealed() ? one.bytes() : one.mark().bytes());
            }
        }
        for (int at = 0; at < found.size(); at++) {
            if (found.get(at).header() == null) {
                placeDamaged(found, at);
            }
        }
    }

    /** Its first offset is where the file before it ends, as far as that one can be read. */
    private void placeDamaged(List<FoundFile> found, int at) throws IOException {
        FoundFile damaged = found.get(at);
        long startsAt = at == 0 ? record.startOffset() : endOf(found.get(at - 1));
        damaged.file().foundDamaged(startsAt);
        if (!damaged.unwritten() || record.sealed()) {
            tellDamaged(damaged);
        }
    }

    private void tellDamaged(FoundFile damaged) {
        findings.damage(
                record.name(),
                damaged.path(),
                0,
                damaged.file().firstOffset(),
                "expected a file header, found bytes that are none");
        stop(damaged.path(), 0);
    }

    /**
     * Where a file ends: as its mark says, or behind its last whole frame. What cannot be read now
     * is no damage: guessing a place for entries then would be one.
     */
    private static long endOf(FoundFile found) throws IOException {
        long end = found.file().firstOffset();
        if (found.header() == null) {
            return end;
        }
        try {
            var frames = new FrameReader(found.file());
            frames.seekFirst();
            end = frames.endOffset();
            while (frames.nextWhole()) {
                end = frames.endOffset();
            }
        } catch (WalException noMoreThatIsWhole) {
            // What is damaged there is found out, and told, by whoever reads it.
        }
        return Math.max(end, found.header().firstOffset() + found.mark().entries());
    }

    private void recoverEnd(List<FoundFile> found) throws IOException {
        if (record.sealed()) {
            stream.recovered(record.startOffset(), record.endOffset(), 0, true, stopped);
            reportMissing(found);
            return;
        }
        var scan = new ChainScan(disk, backend, found, blank);
        int kept = scan.run(record.startOffset());
        for (int at = found.size() - 1; at >= kept; at--) {
            FoundFile dropped = found.remove(at);
            findings.cut(record.name(), dropped.path(), 0, dropped.bytes());
            drop(dropped);
        }
        found.stream().filter(FoundFile::unwritten).forEach(this::tellDamaged);
        for (int at = 0; at < kept; at++) {
            settle(found.get(at), scan.scan(at), at + 1 == kept);
        }
        if (!scan.gaps().isEmpty()) {
            for (int at = 0; at < kept; at++) {
                if (scan.scan(at) != null) {
                    keepForGood(found.get(at));
                }
            }
        }
        for (ChainScan.Gap gap : scan.gaps()) {
            findings.damage(
                    record.name(), gap.file().path(), gap.position(), gap.offset(), gap.what());
            if (gap.stops()) {
                stop(gap.file().path(), gap.position());
            }
        }
        findings.scanned(scan.bytesScanned());
        TailScan last = kept == 0 ? null : scan.scan(kept - 1);
        long start = record.startOffset();
        long end = last == null ? endOf(found) : last.nextOffset();
        stream.recovered(
                start,
                Math.max(start, end),
                last == null ? 0 : last.timestampMillis(),
                false,
                stopped);
        dropBehindStart(found, end);
    }

    /** Where the last file ends that recovery had no need to look at; 0 if there is none. */
    private static long endOf(List<FoundFile> found) throws IOException {
        return found.isEmpty() ? 0 : endOf(found.get(found.size() - 1));
    }

    /** A file that ends before the start has a place for none of the entries that come next. */
    private void dropBehindStart(List<FoundFile> found, long end) throws IOException {
        FoundFile last = found.isEmpty() ? null : found.get(found.size() - 1);
        if (last != null && last.header() != null && end < record.startOffset()) {
            found.remove(last);
            drop(last);
        }
    }

    private void settle(FoundFile found, TailScan scan, boolean last) throws IOException {
        if (scan == null) {
            return;
        }
        if (last && scan.garbageBytes() > 0) {
            cut(found.path(), scan.end(), scan.garbageBytes());
        }
        if (scan.end() > found.bytes()) {
            pad(found.path(), found.bytes(), scan.end());
        }
        found.file()
                .foundIndexed(found.header(), scan.end(), found.mark().bytes(), scan.nextOffset());
    }

    /**
     * The file ends with the last byte of a frame that is whole, short of the frame's padding. Not
     * forced: what is lost of it again is padded again.
     */
    private void pad(Path path, int from, int to) throws IOException {
        try (DiskFile file = disk.open(path)) {
            FileFactory.fill(file, from, to);
        }
    }

    private void reportMissing(List<FoundFile> found) {
        if (found.isEmpty() && record.endOffset() > record.startOffset()) {
            findings.damage(
                    record.name(), dir, 0, record.startOffset(), "expected files, found none");
        }
    }

    /**
     * What was told to be damaged, and what is whole behind it, is told so again by every later
     * opening: all of it is made durable, and the file says so, durably too.
     */
    private void keepForGood(FoundFile found) throws IOException {
        int used = found.file().usedBytes();
        long end = found.file().endOffset();
        disk.syncDirectory(dir);
        if (distrusted) {
            FailureMark.writeAgain(disk, found.path(), 0, found.bytes());
        }
        try (DiskFile file = disk.open(found.path())) {
            file.force();
            ByteBuffer bytes = LittleEndian.allocate(FileHeader.BYTES);
            found.header().write(bytes, 0);
            new FileHeader.Mark(used, (int) (end - found.header().firstOffset()))
                    .write(bytes, FileHeader.MARK_AT);
            file.write(0, bytes);
            file.force();
        }
        found.file().foundIndexed(found.header(), used, used, end);
    }

    /** Forced, because what comes after it must never see the old bytes again. */
    private void cut(Path path, int position, int bytes) throws IOException {
        findings.cut(record.name(), path, position, bytes);
        try (DiskFile file = disk.open(path)) {
            FileFactory.fill(file, position, position + bytes);
            file.force();
        }
    }

    private void stop(Path path, long position) {
        stopped =
                "the topic %s takes no more entries, because %s is damaged at byte %d; what is whole can be read"
                        .formatted(record.name(), path, position);
    }
}
