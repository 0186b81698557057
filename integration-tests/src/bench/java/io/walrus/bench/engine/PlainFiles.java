package io.walrus.bench.engine;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Set;

/**
 * The references: a growing file per topic, one positional write per entry, optionally opened with O_SYNC or O_DSYNC.
 *
 * <pre>
 *  0        4
 *  | length | payload |     repeated; no checksum: the reference may do less than a log
 * </pre>
 */
final class PlainFiles implements LogEngine {
    private static final int HEADER_BYTES = 4;
    private static final long WINDOW_BYTES = 1L << 30;

    private final EngineSetup setup;
    private final OpenOption sync;

    /** {@code sync} is null for no sync at all. */
    PlainFiles(EngineSetup setup, OpenOption sync) {
        if (setup.durability() == Durability.EACH && sync == null) {
            throw new CannotHere("plain pwrite is never durable; use osync or odsync");
        }
        this.setup = setup;
        this.sync = sync;
    }

    @Override
    public Lane lane(int topic) throws IOException {
        Set<OpenOption> options =
                sync == null || setup.durability() != Durability.EACH
                        ? Set.of(CREATE, WRITE)
                        : Set.of(CREATE, WRITE, sync);
        return new FileLane(FileChannel.open(file(topic), options));
    }

    @Override
    public long scan(int topic, Visitor visitor) throws IOException {
        long entries = 0;
        try (FileChannel channel = FileChannel.open(file(topic), READ)) {
            long position = 0;
            long size = channel.size();
            while (position < size) {
                ByteBuffer window =
                        channel.map(MapMode.READ_ONLY, position, Math.min(WINDOW_BYTES, size - position))
                                .order(ByteOrder.LITTLE_ENDIAN);
                int end = 0;
                while (window.limit() - end >= HEADER_BYTES) {
                    int length = window.getInt(end);
                    if (length > window.limit() - end - HEADER_BYTES) {
                        break;
                    }
                    visitor.see(window.slice(end + HEADER_BYTES, length));
                    end += HEADER_BYTES + length;
                    entries++;
                }
                if (end == 0) {
                    throw new IOException("torn entry at position " + position + " of " + file(topic));
                }
                position += end;
            }
        }
        return entries;
    }

    @Override
    public int topicCount() {
        return setup.topics();
    }

    @Override
    public void close() {}

    private Path file(int topic) {
        return setup.directory().resolve(setup.topicName(topic));
    }

    private static final class FileLane implements Lane {
        private final FileChannel channel;
        private final ByteBuffer scratch =
                ByteBuffer.allocateDirect(HEADER_BYTES + Payloads.BYTES_MAX).order(ByteOrder.LITTLE_ENDIAN);
        private long position;

        FileLane(FileChannel channel) throws IOException {
            this.channel = channel;
            this.position = channel.size();
        }

        @Override
        public void append(byte[] payload) throws IOException {
            scratch.clear().putInt(payload.length).put(payload).flip();
            while (scratch.hasRemaining()) {
                position += channel.write(scratch, position);
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
