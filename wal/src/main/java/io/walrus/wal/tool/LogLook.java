package io.walrus.wal.tool;

import io.walrus.wal.disk.Disk;
import io.walrus.wal.disk.DiskFile;
import io.walrus.wal.format.DirectoryFormat;
import io.walrus.wal.format.LittleEndian;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A log's directory as it is at this moment: its topics, and what its journal holds. */
final class LogLook implements Closeable {

    private static final String FORMAT = "format.walrus";

    private final Disk disk;
    private final Path dir;
    private final Findings findings;
    private final Collection<Topic> topics;
    private final JournalLook journal;

    /** There is no log that this program can read, or not that topic in it. */
    static final class NotThereException extends Exception {
        private static final long serialVersionUID = 1L;

        NotThereException(String message) {
            super(message);
        }
    }

    private LogLook(
            Disk disk, Path dir, Findings findings, Collection<Topic> topics, JournalLook journal) {
        this.disk = disk;
        this.dir = dir;
        this.findings = findings;
        this.topics = topics;
        this.journal = journal;
    }

    static LogLook at(Disk disk, Path dir, Findings findings)
            throws IOException, NotThereException {
        Path format = dir.resolve(FORMAT);
        if (!disk.exists(format)) {
            throw new NotThereException(
                    "expected a log's directory, found no %s in %s".formatted(FORMAT, dir));
        }
        try (DiskFile file = disk.openReadOnly(format)) {
            ByteBuffer bytes = LittleEndian.allocate(DirectoryFormat.BYTES);
            file.read(0, bytes);
            int version = DirectoryFormat.versionIn(bytes.flip());
            if (version < 0) {
                findings.damaged(format, 0, "expected a log's mark in one of its copies");
            } else if (version != DirectoryFormat.VERSION) {
                throw new NotThereException(
                        "expected a log of format %d, found format %d in %s: use the version that wrote it"
                                .formatted(DirectoryFormat.VERSION, version, dir));
            } else if (DirectoryFormat.damagedCopy(bytes) >= 0) {
                findings.damaged(
                        format,
                        DirectoryFormat.damagedCopy(bytes),
                        "one of two copies of the log's mark; nothing is lost");
            }
        }
        Collection<Topic> topics = CatalogLook.topics(disk, dir, findings);
        return new LogLook(disk, dir, findings, topics, JournalLook.at(disk, dir, findings));
    }

    /** The topics by name; or the one that is asked for. */
    Collection<Topic> topics(String only) throws NotThereException {
        Collection<Topic> asked =
                topics.stream()
                        .filter(topic -> only == null || topic.name().equals(only))
                        .sorted(Comparator.comparing(Topic::name))
                        .toList();
        if (asked.isEmpty() && only != null) {
            throw new NotThereException(
                    "expected a topic of %s, found no %s".formatted(dir, EntryPrint.quoted(only)));
        }
        return asked;
    }

    StreamLook.Totals walk(Topic topic, long fromOffset, StreamLook.FrameVisitor visitor)
            throws IOException {
        return new StreamLook(disk, dir, topic, journal, findings).walk(fromOffset, visitor);
    }

    /** Cursors of all topics. */
    void checkCursors() throws IOException {
        CursorLook.check(disk, dir, topics, journal, findings);
    }

    /** Directories of streams that the catalogue does not know. */
    void noteLeftovers() throws IOException {
        Path streams = dir.resolve("streams");
        if (!disk.exists(streams)) {
            return;
        }
        var unknown = new TreeSet<>(disk.list(streams));
        unknown.removeAll(
                topics.stream()
                        .map(topic -> "%016x".formatted(topic.streamId()))
                        .collect(Collectors.toSet()));
        for (String name : unknown) {
            findings.note(
                    streams.resolve(name), 0, "of no topic: deleted, or its making was cut short");
        }
    }

    JournalLook journal() {
        return journal;
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }
}
