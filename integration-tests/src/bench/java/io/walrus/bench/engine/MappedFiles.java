package io.walrus.bench.engine;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * A plain mapped file with a checksum per entry: what a log could reach if it had nothing to promise.
 *
 * <pre>
 *  0        4       8
 *  | length | crc32c | payload |     repeated in files of 128 MiB; length 0 ends a file
 * </pre>
 *
 * Files are sparse when mapped, as a plain program would do it; a full disk would be a fault in the middle of a write.
 */
final class MappedFiles implements LogEngine {
    private static final int HEADER_BYTES = 8;
    private static final int FILE_BYTES = 128 << 20;

    private final EngineSetup setup;

    MappedFiles(EngineSetup setup) {
        this.setup = setup;
    }

    @Override
    public Lane lane(int topic) throws IOException {
        return new MappedLane(topic);
    }

    @Override
    public long scan(int topic, Visitor visitor) throws IOException {
        long entries = 0;
        CRC32C crc = new CRC32C();
        for (int number = 0; Files.exists(file(topic, number)); number++) {
            ByteBuffer whole = mapForRead(file(topic, number));
            int position = 0;
            while (position + HEADER_BYTES <= whole.capacity()) {
                int length = whole.getInt(position);
                if (length == 0) {
                    break;
                }
                int start = position + HEADER_BYTES;
                whole.limit(start + length).position(start);
                crc.reset();
                crc.update(whole);
                if ((int) crc.getValue() != whole.getInt(position + 4)) {
                    throw new IOException("checksum differs at " + position + " of " + file(topic, number));
                }
                whole.position(start);
                visitor.see(whole);
                whole.limit(whole.capacity());
                position = start + length;
                entries++;
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

    private static ByteBuffer mapForRead(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, READ)) {
            return channel.map(MapMode.READ_ONLY, 0, channel.size()).order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    private Path file(int topic, int number) {
        return setup.directory().resolve(setup.topicName(topic) + "." + number);
    }

    private final class MappedLane implements Lane {
        private final int topic;
        private final boolean durable = setup.durability() == Durability.EACH;
        private final CRC32C crc = new CRC32C();
        private MappedByteBuffer buffer;
        private int number;

        MappedLane(int topic) throws IOException {
            this.topic = topic;
            this.buffer = next();
        }

        @Override
        public void append(byte[] payload) throws IOException {
            if (buffer.remaining() < HEADER_BYTES + payload.length) {
                buffer = next();
            }
            crc.reset();
            crc.update(payload, 0, payload.length);
            int position = buffer.position();
            buffer.putInt(payload.length).putInt((int) crc.getValue()).put(payload);
            if (durable) {
                buffer.force(position, HEADER_BYTES + payload.length);
            }
        }

        private MappedByteBuffer next() throws IOException {
            Path file = file(topic, number++);
            try (FileChannel channel = FileChannel.open(file, CREATE_NEW, READ, WRITE)) {
                MappedByteBuffer fresh = channel.map(MapMode.READ_WRITE, 0, FILE_BYTES);
                fresh.order(ByteOrder.LITTLE_ENDIAN);
                return fresh;
            }
        }
    }
}
