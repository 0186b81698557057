package io.walrus.wal.tool;

import io.walrus.wal.disk.Disk;
import io.walrus.wal.disk.DiskFile;
import io.walrus.wal.format.FileHeader;
import io.walrus.wal.format.LittleEndian;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Walks the files of one topic as the next opening would see them, says what is damaged and what a
 * crash left, and shows every whole frame to a visitor.
 */
final class StreamLook {

    /** Sees frames in order; the answer false ends the walk. */
    interface FrameVisitor {
        boolean frame(Topic topic, FrameAt frame, FileScan in) throws IOException;
    }

    /** What a walk added up to. Entries and payload bytes are of whole frames. */
    record Totals(int files, long fileBytes, long entries, long payloadBytes, long endOffset) {}

    /** The header is null if it is damaged and nothing tells what it said. */
    private record Link(Path path, FileHeader header, int mark, boolean damaged) {}

    private final Disk disk;
    private final Path logDir;
    private final Topic topic;
    private final Path dir;
    private final JournalLook journal;
    private final Findings findings;
    private int files;
    private long fileBytes;
    private long entries;
    private long payloadBytes;
    private long nextOffset = -1;
    private boolean stopped;

    StreamLook(Disk disk, Path logDir, Topic topic, JournalLook journal, Findings findings) {
        this.disk = disk;
        this.logDir = logDir;
        this.topic = topic;
        this.dir = logDir.resolve(directoryOf(topic.streamId()));
        this.journal = journal;
        this.findings = findings;
    }

    static Path directoryOf(long streamId) {
        return Path.of("streams", "%016x".formatted(streamId));
    }

    /** Walks from the file that holds an offset. */
    Totals walk(long fromOffset, FrameVisitor visitor) throws IOException {
        List<Link> chain = chain();
        for (int at = 0; at < chain.size() && !stopped; at++) {
            boolean last = at == chain.size() - 1;
            if (last || !endsBefore(chain.get(at + 1), fromOffset)) {
                follow(chain.get(at), last, visitor);
            }
        }
        if (!stopped) {
            checkEnd();
        }
        return new Totals(
                files, fileBytes, entries, payloadBytes, Math.max(nextOffset, topic.startOffset()));
    }

    private static boolean endsBefore(Link next, long fromOffset) {
        return next.header() != null && next.header().firstOffset() <= fromOffset;
    }

    private List<Link> chain() throws IOException {
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
        journal.filesOf(topic.streamId())
                .forEach(
                        (seq, header) -> {
                            Link there = links.get(seq);
                            if (there == null || there.damaged()) {
                                Path path = dir.resolve("%08x.log".formatted(seq));
                                links.put(seq, new Link(path, header, 0, false));
                            }
                        });
        return withoutUnused(new ArrayList<>(links.values()));
    }

    private Link link(Path path, int seq) throws IOException {
        try (DiskFile file = disk.openReadOnly(path)) {
            ByteBuffer head = LittleEndian.allocate(FileHeader.BYTES);
            file.read(0, head);
            FileHeader header = FileHeader.read(head.flip(), 0);
            boolean ours =
                    header != null && header.streamId() == topic.streamId() && header.seq() == seq;
            return ours
                    ? new Link(path, header, FileHeader.readMark(head, 0), false)
                    : new Link(path, FileScan.rebuiltHeader(file, topic.streamId(), seq), 0, true);
        } catch (NoSuchFileException gone) {
            findings.note(path, 0, "a file that its log removed while we looked");
            return null;
        }
    }

    /** Files at the end that were prepared and not used yet. */
    private List<Link> withoutUnused(List<Link> chain) throws IOException {
        while (!chain.isEmpty() && isUnused(chain.get(chain.size() - 1))) {
            Link unused = chain.remove(chain.size() - 1);
            try (DiskFile file = disk.openReadOnly(unused.path())) {
                files++;
                fileBytes += file.size();
            }
        }
        return chain;
    }

    private boolean isUnused(Link link) throws IOException {
        if (link.header() != null) {
            return false;
        }
        try (FileWindow file = new FileWindow(disk.openReadOnly(link.path()))) {
            return file.firstNonZero(0, Math.min(file.size(), FileHeader.BYTES)) < 0;
        }
    }

    private void follow(Link link, boolean last, FrameVisitor visitor) throws IOException {
        if (link.damaged()) {
            findings.damaged(
                    link.path(),
                    0,
                    "topic %s: expected a file's header; %s"
                            .formatted(
                                    topic.name(),
                                    link.header() == null
                                            ? "its entries cannot be told apart"
                                            : "its first frame says the same, nothing is lost"));
        }
        if (link.header() == null) {
            nextOffset = -1;
            return;
        }
        checkStart(link);
        try (FileScan scan = new FileScan(disk, link.path(), link.header(), journal)) {
            scan.run();
            judge(link, last, scan);
            files++;
            fileBytes += scan.sizeBytes();
            nextOffset = scan.nextOffset();
            for (FrameAt frame : scan.frames()) {
                count(frame);
                if (!visitor.frame(topic, frame, scan)) {
                    stopped = true;
                    return;
                }
            }
        } catch (NoSuchFileException gone) {
            findings.note(link.path(), 0, "a file that its log removed while we looked");
            nextOffset = -1;
        }
    }

    private void count(FrameAt frame) {
        long kept =
                Math.max(0, frame.endOffset() - Math.max(frame.firstOffset(), topic.startOffset()));
        entries += kept;
        if (kept > 0) {
            payloadBytes += FileScan.payloadBytes(frame);
        }
    }

    private void checkStart(Link link) throws IOException {
        long found = link.header().firstOffset();
        long expected = nextOffset < 0 ? topic.startOffset() : nextOffset;
        if (nextOffset < 0 && found > expected) {
            expected = startOffsetNow();
        }
        if (nextOffset < 0 ? found > expected : found != expected) {
            findings.damaged(
                    link.path(),
                    0,
                    "topic %s: expected a file that starts at entry %d, found %d: what is between is missing"
                            .formatted(topic.name(), expected, found));
        }
    }

    /** The log may have given up entries, or all of the topic, since we looked. */
    private long startOffsetNow() throws IOException {
        var unheard = new Findings(logDir, new PrintStream(OutputStream.nullOutputStream()));
        for (Topic now : CatalogLook.topics(disk, logDir, unheard)) {
            if (now.streamId() == topic.streamId()) {
                return now.startOffset();
            }
        }
        return Long.MAX_VALUE;
    }

    /** Of the file that was being written, a hole that was never durable is no damage. */
    private void judge(Link link, boolean last, FileScan scan) throws IOException {
        long durable = link.mark();
        for (FrameAt frame : scan.frames()) {
            durable = Math.max(durable, frame.durable());
        }
        for (FileScan.Hole hole : List.copyOf(scan.holes())) {
            if (last && !topic.sealed() && hole.looksLost() && durable <= hole.position()) {
                findings.note(
                        link.path(),
                        hole.position(),
                        "topic %s: from entry %d on a power cut took what was never durable"
                                .formatted(topic.name(), hole.firstLost()));
                scan.cutAt(hole);
                return;
            }
            findings.damaged(
                    link.path(),
                    hole.position(),
                    "topic %s: entries %d to %d are lost, up to byte %d"
                            .formatted(
                                    topic.name(),
                                    hole.firstLost(),
                                    hole.endLost() - 1,
                                    hole.end()));
        }
        judgeTail(link, last, scan);
    }

    private void judgeTail(Link link, boolean last, FileScan scan) throws IOException {
        // A file that others follow may be marked up to zeros at its end: the next one's start
        // tells.
        if (last && scan.end() < link.mark()) {
            findings.damaged(
                    link.path(),
                    scan.end(),
                    "topic %s: entries from %d on, up to byte %d, are lost"
                            .formatted(topic.name(), scan.nextOffset(), link.mark()));
        } else if (scan.hasGarbage() && last && !topic.sealed()) {
            findings.note(
                    link.path(),
                    scan.end(),
                    "topic %s: entry %d is torn or still being written"
                            .formatted(topic.name(), scan.nextOffset()));
        } else if (scan.hasGarbage()) {
            findings.damaged(
                    link.path(),
                    scan.end(),
                    "topic %s: entries from %d on, up to the file's end, are lost"
                            .formatted(topic.name(), scan.nextOffset()));
        }
    }

    private void checkEnd() {
        long end = nextOffset < 0 ? topic.startOffset() : nextOffset;
        if (topic.sealed() && end != topic.endOffset()) {
            findings.damaged(
                    dir,
                    0,
                    "topic %s: expected the end that it was sealed at, %d, found %d"
                            .formatted(topic.name(), topic.endOffset(), end));
        }
    }
}
