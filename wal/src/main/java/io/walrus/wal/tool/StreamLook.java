package io.walrus.wal.tool;

import io.walrus.wal.disk.Disk;
import io.walrus.wal.format.FileHeader;
import io.walrus.wal.tool.ChainLook.Link;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

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

    private final Disk disk;
    private final Path logDir;
    private final Topic topic;
    private final Path dir;
    private final JournalLook journal;
    private final Findings findings;
    private List<Link> chain = List.of();
    private int files;
    private long fileBytes;
    private long entries;
    private long payloadBytes;

    /** Where the file before ended; -1 if nobody knows. */
    private long nextOffset = -1;

    private boolean stopped;
    private ChainLook look;

    StreamLook(Disk disk, Path logDir, Topic topic, JournalLook journal, Findings findings) {
        this.disk = disk;
        this.logDir = logDir;
        this.topic = topic;
        this.dir = logDir.resolve(Path.of("streams", "%016x".formatted(topic.streamId())));
        this.journal = journal;
        this.findings = findings;
    }

    /** Walks from the file that holds an offset. */
    Totals walk(long fromOffset, FrameVisitor visitor) throws IOException {
        look = new ChainLook(disk, dir, topic.streamId(), findings);
        chain = look.files(journal);
        files = look.unusedFiles();
        fileBytes = look.unusedBytes();
        for (int at = 0; at < chain.size() && !stopped; at++) {
            if (at + 1 < chain.size() && endsBefore(chain.get(at + 1), fromOffset)) {
                nextOffset = chain.get(at + 1).header().firstOffset();
            } else {
                follow(at, visitor);
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

    private void follow(int at, FrameVisitor visitor) throws IOException {
        Link link = chain.get(at);
        if (link.unwritten() && !topic.sealed() && !isDurableFrom(at)) {
            sayTaken(link.path(), 0, nextOffset < 0 ? topic.startOffset() : nextOffset);
            stopped = true;
            return;
        }
        if (link.damaged()) {
            sayDamaged(
                    link.path(),
                    0,
                    link.header() == null
                            ? "expected a file's header; its entries cannot be told apart"
                            : "expected a file's header; its first frame says the same, nothing is lost");
        }
        if (link.header() == null) {
            nextOffset = -1;
            return;
        }
        checkStart(at);
        if (!stopped) {
            scan(at, visitor);
        }
    }

    private void scan(int at, FrameVisitor visitor) throws IOException {
        Link link = chain.get(at);
        try (FileScan scan = new FileScan(disk, link.path(), link.header(), journal)) {
            scan.run();
            judgeHoles(at, scan);
            nextOffset = scan.nextOffset();
            if (at + 1 == chain.size()) {
                judgeTail(link, scan);
            }
            files++;
            fileBytes += scan.sizeBytes();
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
        } catch (FileWindow.UnreadableException unreadable) {
            sayDamaged(link.path(), unreadable.position, unreadable.getMessage());
            nextOffset = -1;
            stopped = at + 1 == chain.size();
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

    /** A file starts where the one before ends. */
    private void checkStart(int at) throws IOException {
        Link link = chain.get(at);
        long found = link.header().firstOffset();
        long expected = nextOffset < 0 ? topic.startOffset() : nextOffset;
        if (nextOffset < 0 && found > expected) {
            expected = startOffsetNow();
        }
        if (found <= expected && (nextOffset < 0 || found == expected)) {
            return;
        }
        boolean follows = at > 0 && link.seq() == chain.get(at - 1).seq() + 1;
        boolean vanished = !follows && !look.isBlank(link.seq() - 1);
        if (found > expected && !topic.sealed() && !vanished && !isDurableFrom(at)) {
            sayTaken(link.path(), 0, expected);
            stopped = true;
            return;
        }
        sayDamaged(
                link.path(),
                0,
                "expected a file that starts at entry %d, found %d: what is between is missing"
                        .formatted(expected, found));
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

    /**
     * A hole that was never durable, and nothing behind it either, is no damage: all ends there.
     */
    private void judgeHoles(int at, FileScan scan) throws IOException {
        Link link = chain.get(at);
        long durable = Math.max(link.mark().bytes(), scan.durableBytes());
        for (FileScan.Hole hole : List.copyOf(scan.holes())) {
            boolean neverWas = !topic.sealed() && hole.looksLost() && durable <= hole.position();
            if (neverWas && !isDurableFrom(at + 1)) {
                sayTaken(link.path(), hole.position(), hole.firstLost());
                scan.cutAt(hole);
                return;
            }
            sayDamaged(
                    link.path(),
                    hole.position(),
                    "entries %d to %d are lost, up to byte %d"
                            .formatted(hole.firstLost(), hole.endLost() - 1, hole.end()));
        }
    }

    /** Whether anything of a file, or of those behind it, was durable once. */
    private boolean isDurableFrom(int from) throws IOException {
        for (Link link : chain.subList(from, chain.size())) {
            if (link.unwritten()) {
                continue;
            }
            if (link.header() == null || link.damaged() || link.mark().bytes() > FileHeader.BYTES) {
                return true;
            }
            try (FileScan scan = new FileScan(disk, link.path(), link.header(), journal)) {
                scan.run();
                if (scan.durableBytes() > FileHeader.BYTES) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Behind the last whole frame of the last file. */
    private void judgeTail(Link link, FileScan scan) throws IOException {
        if (scan.end() < link.mark().bytes()) {
            nextOffset = link.header().firstOffset() + link.mark().entries();
            sayDamaged(
                    link.path(),
                    scan.end(),
                    "entries %d to %d are lost, up to byte %d"
                            .formatted(scan.nextOffset(), nextOffset - 1, link.mark().bytes()));
        } else if (scan.hasGarbage() && topic.sealed()) {
            sayDamaged(
                    link.path(),
                    scan.end(),
                    "entries from %d on, up to the file's end, are lost"
                            .formatted(scan.nextOffset()));
        } else if (scan.hasGarbage()) {
            findings.note(
                    link.path(),
                    scan.end(),
                    "topic %s: entry %d is torn or still being written"
                            .formatted(topic.name(), scan.nextOffset()));
        }
    }

    private void checkEnd() {
        long end = nextOffset < 0 ? topic.startOffset() : nextOffset;
        if (topic.sealed() && end != topic.endOffset()) {
            sayDamaged(
                    dir,
                    0,
                    "expected the end that it was sealed at, %d, found %d"
                            .formatted(topic.endOffset(), end));
        }
    }

    private void sayDamaged(Path file, long position, String what) {
        findings.damaged(file, position, "topic %s: %s".formatted(topic.name(), what));
    }

    private void sayTaken(Path file, long position, long offset) {
        findings.note(
                file,
                position,
                "topic %s: a power cut took entries from %d on; they were never durable"
                        .formatted(topic.name(), offset));
    }
}
