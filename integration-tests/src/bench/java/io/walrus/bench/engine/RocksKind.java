package io.walrus.bench.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * RocksDB used as a log only: {@code WriteBatch.putLogData} puts the bytes into the write-ahead log and nowhere else, one
 * batch per entry, with {@code sync} for durability (its own group commit merges the writers).
 *
 * <p>Topics share the log, as column families would. Reading back walks the log files in their documented format (32 KiB
 * blocks of records with a 7-byte header), because opening the database again would drop them.
 */
final class RocksKind implements EngineKind {
    @Override
    public LogEngine open(EngineSetup setup) throws IOException {
        return new Rocks(setup);
    }

    @Override
    public long countGood(EngineSetup setup, Ledger ledger) throws IOException {
        List<Path> logs;
        try (Stream<Path> files = Files.list(setup.directory())) {
            logs = files.filter(file -> file.toString().endsWith(".log")).sorted().toList();
        }
        long[] next = new long[ledger.topics()];
        long good = 0;
        for (Path log : logs) {
            good += new RocksLogWalk(log, ledger, next).walk();
        }
        return good;
    }

    private static final class Rocks implements LogEngine {
        private final Options options =
                new Options()
                        .setCreateIfMissing(true)
                        // Nothing reaches a memtable, so the log must not be dropped for being large.
                        .setMaxTotalWalSize(1L << 42);
        private final WriteOptions writeOptions = new WriteOptions();
        private final RocksDB db;

        Rocks(EngineSetup setup) throws IOException {
            RocksDB.loadLibrary();
            writeOptions.setSync(setup.durability() == Durability.EACH);
            try {
                db = RocksDB.open(options, setup.directory().toString());
            } catch (RocksDBException e) {
                throw new IOException(e);
            }
        }

        @Override
        public Lane lane(int topic) {
            return new RocksLane(topic);
        }

        @Override
        public long scan(int topic, Visitor visitor) {
            throw new CannotHere("RocksDB offers no scan of its write-ahead log");
        }

        @Override
        public void close() {
            db.close();
            writeOptions.close();
            options.close();
        }

        private final class RocksLane implements Lane {
            private final int topic;
            private final WriteBatch batch = new WriteBatch();

            RocksLane(int topic) {
                this.topic = topic;
            }

            @Override
            public void append(byte[] payload) throws IOException {
                byte[] blob =
                        ByteBuffer.allocate(4 + payload.length)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .putInt(topic)
                                .put(payload)
                                .array();
                try {
                    batch.clear();
                    batch.putLogData(blob);
                    db.write(writeOptions, batch);
                } catch (RocksDBException e) {
                    throw new IOException(e);
                }
            }

            @Override
            public void close() {
                batch.close();
            }
        }
    }

    /** Reads one write-ahead log file: fragments into batches, batches into blobs. */
    private static final class RocksLogWalk {
        private static final int BLOCK_BYTES = 32 << 10;
        private static final int HEADER_BYTES = 7;
        private static final int RECYCLABLE_HEADER_BYTES = 11;
        private static final int BATCH_HEADER_BYTES = 12;
        private static final int FULL = 1;
        private static final int FIRST = 2;
        private static final int LAST = 4;
        private static final int RECYCLABLE_FULL = 5;
        private static final int RECYCLABLE_LAST = 8;
        private static final int LOG_DATA_TAG = 3;

        private final Path file;
        private final Ledger ledger;
        private final long[] next;
        private final ByteBuffer batch = ByteBuffer.allocate(16 << 20).order(ByteOrder.LITTLE_ENDIAN);
        private long good;

        RocksLogWalk(Path file, Ledger ledger, long[] next) {
            this.file = file;
            this.ledger = ledger;
            this.next = next;
        }

        long walk() throws IOException {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                long size = channel.size();
                long window = 1L << 30;
                for (long start = 0; start < size; start += window) {
                    ByteBuffer bytes =
                            channel.map(MapMode.READ_ONLY, start, Math.min(window, size - start))
                                    .order(ByteOrder.LITTLE_ENDIAN);
                    for (int block = 0; block < bytes.limit(); block += BLOCK_BYTES) {
                        block(bytes, block, Math.min(bytes.limit(), block + BLOCK_BYTES));
                    }
                }
            }
            return good;
        }

        private void block(ByteBuffer bytes, int start, int end) {
            int position = start;
            while (position + HEADER_BYTES <= end) {
                int length = bytes.getShort(position + 4) & 0xffff;
                int type = bytes.get(position + 6);
                if (type == 0 && length == 0) {
                    return;
                }
                boolean recyclable = type >= RECYCLABLE_FULL && type <= RECYCLABLE_LAST;
                int kind = recyclable ? type - 4 : type;
                int body = position + (recyclable ? RECYCLABLE_HEADER_BYTES : HEADER_BYTES);
                if (kind >= FULL && kind <= LAST) {
                    fragment(kind, bytes.slice(body, length));
                }
                position = body + length;
            }
        }

        private void fragment(int kind, ByteBuffer bytes) {
            if (kind == FULL || kind == FIRST) {
                batch.clear();
            }
            batch.put(bytes);
            if (kind == FULL || kind == LAST) {
                batch.flip().position(BATCH_HEADER_BYTES);
                while (batch.hasRemaining()) {
                    blob();
                }
            }
        }

        private void blob() {
            int tag = batch.get();
            if (tag != LOG_DATA_TAG) {
                throw new IllegalStateException("unexpected tag " + tag + " in a batch of " + file);
            }
            int length = varint();
            int start = batch.position();
            int topic = batch.getInt(start);
            if (next[topic] < ledger.count(topic)
                    && ledger.matches(topic, next[topic], batch.slice(start + 4, length - 4))) {
                good++;
            }
            next[topic]++;
            batch.position(start + length);
        }

        private int varint() {
            int value = 0;
            for (int shift = 0; ; shift += 7) {
                byte part = batch.get();
                value |= (part & 0x7f) << shift;
                if (part >= 0) {
                    return value;
                }
            }
        }
    }
}
