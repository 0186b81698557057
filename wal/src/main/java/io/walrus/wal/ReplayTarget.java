package io.walrus.wal;

import io.walrus.wal.disk.Disk;
import io.walrus.wal.disk.DiskFile;
import io.walrus.wal.format.FileHeader;
import io.walrus.wal.format.FrameFormat;
import io.walrus.wal.format.LittleEndian;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Where replayed records go. Makes files anew that a power cut took. One thread. */
final class ReplayTarget implements AutoCloseable {

    private static final long HELD_BYTES_MAX = 16 << 20;

    private final Disk disk;
    private final Path dir;
    private final Catalog catalog;
    private final CursorStore cursors;
    private final Map<Long, StreamRecord> streams = new HashMap<>();
    private final Map<Key, Target> targets = new LinkedHashMap<>();
    private final Map<Long, Set<Integer>> slots = new HashMap<>();
    private final Set<Path> directories = new HashSet<>();
    private boolean cursorsMoved;
    private long heldBytes;

    /** A file of a stream; its path costs more to put together than a frame to write. */
    private record Key(long streamId, int seq) {}

    /** A file that frames go to; none if those frames are another file's of that name. */
    private static final class Target {

        private final DiskFile file;
        private final FrameRun run;
        private long sizeBytes;

        Target(DiskFile file, long sizeBytes) {
            this.file = file;
            this.run = new FrameRun(file);
            this.sizeBytes = sizeBytes;
        }

        DiskFile file() {
            return file;
        }
    }

    ReplayTarget(Disk disk, Path dir, Catalog catalog, CursorStore cursors) {
        this.disk = disk;
        this.dir = dir;
        this.catalog = catalog;
        this.cursors = cursors;
        catalog.streams().values().forEach(stream -> streams.put(stream.id(), stream));
    }

    void cursor(long streamId, int slot, long value) {
        if (streams.containsKey(streamId) && slotsOf(streamId).contains(slot)) {
            cursors.set(slot, streamId, value);
            cursorsMoved = true;
        }
    }

    private Set<Integer> slotsOf(long streamId) {
        return slots.computeIfAbsent(streamId, id -> Set.copyOf(catalog.cursorSlots(id).values()));
    }

    /** Deleted, sealed and given-up places need nothing: they were durable before that was said. */
    void frame(FileHeader header, int position, ByteBuffer frame) throws IOException {
        StreamRecord stream = streams.get(header.streamId());
        long end = FrameFormat.firstOffset(frame, 0) + FrameFormat.count(frame, 0);
        if (stream == null || stream.sealed() || end <= stream.startOffset()) {
            return;
        }
        Target target = target(header);
        if (target.file == null) {
            return;
        }
        if (target.sizeBytes < position + frame.remaining()) {
            FileFactory.fill(target.file, target.sizeBytes, header.fileBytes());
            target.sizeBytes = header.fileBytes();
        }
        // Also if it is there: after a failed sync memory may hold it and the disk may not, and
        // only bytes that are written again are synced again.
        heldBytes -= target.run.heldBytes();
        target.run.add(position, frame);
        heldBytes += target.run.heldBytes();
        if (heldBytes > HELD_BYTES_MAX) {
            writeAll();
        }
    }

    private Target target(FileHeader header) throws IOException {
        var key = new Key(header.streamId(), header.seq());
        Target known = targets.get(key);
        if (known != null) {
            return known;
        }
        Path path =
                StreamDirectories.of(dir, header.streamId()).resolve(StreamFile.name(header.seq()));
        Target opened = open(path, header);
        targets.put(key, opened);
        return opened;
    }

    private void writeAll() throws IOException {
        for (Target target : targets.values()) {
            target.run.write();
        }
        heldBytes = 0;
    }

    private Target open(Path path, FileHeader header) throws IOException {
        directories.add(path.getParent());
        boolean there = disk.exists(path);
        if (!there) {
            disk.createDirectories(path.getParent());
        }
        DiskFile file = there ? disk.open(path) : disk.create(path);
        try {
            if (isAnothers(file, header)) {
                file.close();
                return new Target(null, 0);
            }
            return new Target(file, file.size());
        } catch (IOException | RuntimeException | Error failed) {
            file.close();
            throw failed;
        }
    }

    /**
     * A file of that name with another salt; one without a header becomes the one that is meant.
     */
    private static boolean isAnothers(DiskFile file, FileHeader header) throws IOException {
        ByteBuffer bytes = LittleEndian.allocate(FileHeader.BYTES);
        file.read(0, bytes);
        FileHeader found = FileHeader.read(bytes.flip(), 0);
        if (found != null) {
            return found.salt() != header.salt();
        }
        if (file.size() < header.fileBytes()) {
            FileFactory.fill(file, file.size(), header.fileBytes());
        }
        writeHeader(file, header);
        return false;
    }

    private static void writeHeader(DiskFile file, FileHeader header) throws IOException {
        ByteBuffer bytes = LittleEndian.allocate(FileHeader.BYTES);
        header.write(bytes, 0);
        file.write(0, bytes);
    }

    /** Everything that was replayed is durable after this. */
    void force() throws IOException {
        writeAll();
        for (Target target : targets.values()) {
            if (target.file != null) {
                target.file.force();
            }
        }
        for (Path directory : directories) {
            disk.syncDirectory(directory);
        }
        if (!directories.isEmpty()) {
            // An earlier opening may have made them and failed to sync their names.
            disk.syncDirectory(dir.resolve(StreamDirectories.NAME));
            disk.syncDirectory(dir);
        }
        if (cursorsMoved) {
            cursors.force();
        }
    }

    @Override
    public void close() throws IOException {
        Closing.all(targets.values().stream().map(Target::file).toList());
    }
}
