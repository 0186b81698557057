package io.walrus.bench.engine;

import io.walrus.wal.Backend;
import io.walrus.wal.Entry;
import io.walrus.wal.FsyncPolicy;
import io.walrus.wal.ReadConsistency;
import io.walrus.wal.Wal;
import io.walrus.wal.WalOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Walrus through its public door with its defaults; only the fsync policy, the backend and the way of reading differ. */
final class WalrusKind implements EngineKind {
    /** How entries are consumed. */
    enum Reads {
        ONE_BY_ONE,
        BATCHES
    }

    private static final int READ_BYTES = 1 << 20;
    private static final int BATCH_BYTES = 64 << 10;

    private final Backend backend;
    private final Reads reads;

    WalrusKind(Backend backend, Reads reads) {
        this.backend = backend;
        this.reads = reads;
    }

    @Override
    public LogEngine open(EngineSetup setup) {
        FsyncPolicy policy =
                switch (setup.durability()) {
                    case NONE -> FsyncPolicy.none();
                    case EVERY -> FsyncPolicy.every(Duration.ofMillis(200));
                    case EACH -> FsyncPolicy.each();
                };
        WalOptions options =
                WalOptions.in(setup.directory())
                        .fsync(policy)
                        .reads(ReadConsistency.strictlyAtOnce())
                        .backend(backend);
        return new Walrus(setup, Wal.open(options));
    }

    private final class Walrus implements LogEngine {
        private final EngineSetup setup;
        private final Wal wal;

        Walrus(EngineSetup setup, Wal wal) {
            this.setup = setup;
            this.wal = wal;
        }

        @Override
        public Lane lane(int topic) {
            String name = setup.topicName(topic);
            return new Lane() {
                @Override
                public void append(byte[] payload) {
                    wal.append(name, payload);
                }

                @Override
                public void appendAsync(byte[] payload, Ack acked) {
                    wal.appendAsync(name, ByteBuffer.wrap(payload))
                            .whenComplete((offset, failure) -> acked.done(failure));
                }
            };
        }

        @Override
        public long scan(int topic, Visitor visitor) {
            String name = setup.topicName(topic);
            long next = wal.startOffset(name);
            long entries = 0;
            while (true) {
                List<Entry> some = wal.readAt(name, next, READ_BYTES);
                if (some.isEmpty()) {
                    return entries;
                }
                for (Entry entry : some) {
                    visitor.see(entry.payload());
                }
                entries += some.size();
                next = some.get(some.size() - 1).offset() + 1;
            }
        }

        @Override
        public Taker taker(int topic) {
            String name = setup.topicName(topic);
            return switch (reads) {
                case ONE_BY_ONE -> visitor -> takeOne(name, visitor);
                case BATCHES -> visitor -> takeBatch(name, visitor);
            };
        }

        private int takeOne(String name, Visitor visitor) {
            Optional<Entry> entry = wal.readNext(name, true);
            entry.ifPresent(one -> visitor.see(one.payload()));
            return entry.isPresent() ? 1 : 0;
        }

        private int takeBatch(String name, Visitor visitor) {
            List<Entry> entries = wal.readBatch(name, BATCH_BYTES, true);
            entries.forEach(one -> visitor.see(one.payload()));
            return entries.size();
        }

        @Override
        public void seal(int topic) {
            wal.seal(setup.topicName(topic));
        }

        @Override
        public int topicCount() {
            return wal.topics().size();
        }

        @Override
        public long entryCount(int topic) {
            return wal.entryCount(setup.topicName(topic));
        }

        @Override
        public void close() {
            wal.close();
        }
    }
}
