package io.walrus.wal;

import io.walrus.wal.disk.Disk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Streams of one small file each that can be written to and synced, with no engine around them. */
final class OneFileStreams {

    private final Disk disk;
    private final OpenFiles openFiles;
    private final DirtyFiles dirty;

    OneFileStreams(Disk disk, OpenFiles openFiles, DirtyFiles dirty) {
        this.disk = disk;
        this.openFiles = openFiles;
        this.dirty = dirty;
    }

    Stream create(int id) {
        var stream = new Stream(services(), id, "topic-" + id);
        Path path = stream.chain().dir().resolve(StreamFile.name(1));
        try {
            disk.createDirectories(path.getParent());
            disk.create(path).close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        var bytes = new ChannelBytes(new FileHandle(disk, path, null, openFiles));
        return withFile(stream, path, bytes);
    }

    /** A stream whose file keeps a tail, from a room. */
    Stream createTailed(int id, TailRoom room) {
        Stream stream = create(id);
        Path path = stream.chain().last().path();
        var handle = new FileHandle(disk, path, null, openFiles);
        return withFile(
                stream,
                path,
                new TailedBytes(handle, new MappedBytes(disk, handle), 64 << 10, room));
    }

    private static Stream withFile(Stream stream, Path path, FileBytes bytes) {
        stream.chain().found(new StreamFile[] {new StreamFile(path, 1, 64, 64, bytes)}, 1);
        return stream;
    }

    /** What a stream needs that takes no append of its own. */
    private EngineServices services() {
        return new EngineServices(
                disk,
                LogOnDisk.DIR,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                dirty,
                null,
                null,
                WalObserver.NONE);
    }

    /** As an append does: under the stream's lock, and told as dirty. */
    void write(Stream stream) {
        StreamFile file = stream.chain().last();
        stream.locked(
                () -> {
                    try {
                        file.bytes().makeRoom(0, Long.BYTES, stream);
                        file.bytes().reserve(0, Long.BYTES);
                        file.bytes().commit(0, Long.BYTES);
                        dirty.written(stream, file);
                    } catch (IOException failed) {
                        throw new UncheckedIOException(failed);
                    }
                });
    }
}
