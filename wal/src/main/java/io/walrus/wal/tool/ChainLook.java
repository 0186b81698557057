package io.walrus.wal.tool;

import io.walrus.wal.disk.Disk;
import io.walrus.wal.disk.DiskFile;
import io.walrus.wal.format.AheadMark;
import io.walrus.wal.format.FileHeader;
import io.walrus.wal.format.LittleEndian;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Lists the files of a stream, with those that only the journal knows, and reads their headers. */
final class ChainLook {

    /**
     * A file of a stream.
     *
     * @param header null if it is damaged and nothing else tells what it said
     * @param mark how much of it was durable for sure
     * @param damaged whether its header is
     * @param ahead whether it was made ahead and never begun, as its own mark says
     * @param unwritten whether it has none, and nothing in it was ever durable
     */
    record Link(
            Path path,
            int seq,
            FileHeader header,
            FileHeader.Mark mark,
            boolean damaged,
            boolean ahead,
            boolean unwritten) {}

    private static final int SECTOR_BYTES = 512;

    private final Disk disk;
    private final Path dir;
    private final long streamId;
    private final Findings findings;
    private final Set<Integer> blank = new HashSet<>();
    private int unusedFiles;
    private long unusedBytes;

    ChainLook(Disk disk, Path dir, long streamId, Findings findings) {
        this.disk = disk;
        this.dir = dir;
        this.streamId = streamId;
        this.findings = findings;
    }

    /** Oldest first, without those that were prepared and hold nothing. */
    List<Link> files(JournalLook journal) throws IOException {
        SortedMap<Integer, Link> links = new TreeMap<>();
        for (String name : disk.exists(dir) ? disk.list(dir) : List.<String>of()) {
            if (name.matches("[0-9a-f]{8}\\.log")) {
                int seq = Integer.parseUnsignedInt(name.substring(0, 8), 16);
                Link link = link(dir.resolve(name), seq);
                if (link != null) {
                    links.put(seq, link);
                }
            }
        }
        journal.filesOf(streamId)
                .forEach(
                        (seq, header) -> {
                            Link there = links.get(seq);
                            if (there == null || there.damaged()) {
                                Path path = dir.resolve("%08x.log".formatted(seq));
                                links.put(
                                        seq,
                                        new Link(
                                                path,
                                                seq,
                                                header,
                                                FileHeader.Mark.NONE,
                                                false,
                                                false,
                                                false));
                            }
                        });
        return used(new ArrayList<>(links.values()));
    }

    private Link link(Path path, int seq) throws IOException {
        try (DiskFile file = disk.openReadOnly(path)) {
            ByteBuffer head = LittleEndian.allocate(FileHeader.BYTES);
            file.read(0, head);
            FileHeader header = FileHeader.read(head.flip(), 0);
            boolean ours = header != null && header.streamId() == streamId && header.seq() == seq;
            if (ours) {
                FileHeader.Mark mark = FileHeader.Mark.read(head, 0);
                return new Link(path, seq, header, mark, false, false, false);
            }
            if (AheadMark.isIn(head, streamId, seq)) {
                return new Link(path, seq, null, FileHeader.Mark.NONE, true, true, true);
            }
            FileHeader rebuilt = FileScan.rebuiltHeader(file, streamId, seq);
            boolean unwritten = rebuilt == null && isUnwritten(path);
            return new Link(path, seq, rebuilt, FileHeader.Mark.NONE, true, false, unwritten);
        } catch (NoSuchFileException gone) {
            findings.note(path, 0, "a file that its log removed while we looked");
            return null;
        } catch (IOException unreadable) {
            findings.damaged(path, 0, "the disk cannot read it: " + unreadable.getMessage());
            return null;
        }
    }

    private boolean isUnwritten(Path path) throws IOException {
        try (FileWindow file = new FileWindow(disk.openReadOnly(path))) {
            return file.firstNonZero(0, Math.min(file.size(), SECTOR_BYTES)) < 0
                    && !FileScan.tellsOfDurable(file, streamId);
        }
    }

    /** Without files that hold nothing: prepared ahead, or given up in the making. */
    private List<Link> used(List<Link> chain) throws IOException {
        boolean atEnd = true;
        for (int at = chain.size() - 1; at >= 0; at--) {
            Link link = chain.get(at);
            if (link.header() == null && isUnused(link, atEnd)) {
                blank.add(link.seq());
                chain.remove(at);
            } else {
                atEnd = false;
            }
        }
        return chain;
    }

    private boolean isUnused(Link link, boolean atEnd) throws IOException {
        try (FileWindow file = new FileWindow(disk.openReadOnly(link.path()))) {
            boolean noFrames =
                    link.ahead() && atEnd || file.firstNonZero(FileHeader.BYTES, file.size()) < 0;
            boolean noHeader =
                    link.ahead()
                            || file.firstNonZero(0, Math.min(file.size(), FileHeader.BYTES)) < 0
                                    && (noFrames || !FileScan.tellsOfDurable(file, streamId));
            boolean unused = atEnd ? noHeader || noFrames : noHeader && noFrames;
            if (unused) {
                unusedFiles++;
                unusedBytes += file.size();
            }
            return unused;
        }
    }

    /** The file of that number is there and holds nothing. */
    boolean isBlank(int seq) {
        return blank.contains(seq);
    }

    int unusedFiles() {
        return unusedFiles;
    }

    long unusedBytes() {
        return unusedBytes;
    }
}
