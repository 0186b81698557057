package io.walrus.bench.engine;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.activemq.artemis.api.core.ActiveMQBuffer;
import org.apache.activemq.artemis.core.io.SequentialFileFactory;
import org.apache.activemq.artemis.core.io.aio.AIOSequentialFileFactory;
import org.apache.activemq.artemis.core.io.mapped.MappedSequentialFileFactory;
import org.apache.activemq.artemis.core.io.nio.NIOSequentialFileFactory;
import org.apache.activemq.artemis.core.journal.EncodingSupport;
import org.apache.activemq.artemis.core.journal.IOCompletion;
import org.apache.activemq.artemis.core.journal.RecordInfo;
import org.apache.activemq.artemis.core.journal.impl.JournalFile;
import org.apache.activemq.artemis.core.journal.impl.JournalImpl;
import org.apache.activemq.artemis.core.journal.impl.JournalReaderCallback;

/**
 * The journal of ActiveMQ Artemis with its broker's defaults: files of 10 MiB, a pool of 10, a write buffer of 490 KiB. The
 * time after which the buffer is flushed is measured on this disk, as {@code artemis create} does it. All topics share the
 * journal; a record's id says which it is.
 *
 * <p>An append that is not synced only queues the record, without bound; to be counted it must have been written, so each
 * lane keeps at most 1,000 on their way, as a broker's credits would.
 */
final class ArtemisKind implements EngineKind {
    /** How the journal reaches the disk. */
    enum Disk {
        NIO(1),
        AIO(4096),
        MAPPED(1);

        private final int ioMax;

        Disk(int ioMax) {
            this.ioMax = ioMax;
        }
    }

    private static final int FILE_BYTES = 10 << 20;
    private static final int BUFFER_BYTES = 490 << 10;
    private static final int IN_FLIGHT_MAX = 1000;
    private static final String NATIVE_LIBRARY = "libartemis-native-64.so";
    private static final int INDEX_BITS = 40;

    private final Disk disk;

    ArtemisKind(Disk disk) {
        this.disk = disk;
    }

    /** The journal's own library for libaio is in its jar, but must be found on a path. */
    @Override
    public List<String> jvmFlags(Path nativeLibraries) throws IOException {
        if (disk != Disk.AIO) {
            return List.of();
        }
        Files.createDirectories(nativeLibraries);
        try (InputStream library = ArtemisKind.class.getResourceAsStream("/lib/linux-x86_64/" + NATIVE_LIBRARY)) {
            if (library != null) {
                Files.copy(library, nativeLibraries.resolve(NATIVE_LIBRARY), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return List.of("-Djava.library.path=" + nativeLibraries);
    }

    @Override
    public LogEngine open(EngineSetup setup) throws IOException {
        if (disk == Disk.AIO && !AIOSequentialFileFactory.isSupported(setup.directory().toFile())) {
            throw new CannotHere("libaio does not load here (Debian: libaio1)");
        }
        try {
            return new Artemis(setup.directory().toFile(), setup.durability());
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    @Override
    public long countGood(EngineSetup setup, Ledger ledger) throws IOException {
        File directory = setup.directory().toFile();
        SequentialFileFactory factory = new NIOSequentialFileFactory(directory, 1);
        JournalImpl journal = journal(factory);
        AtomicLong good = new AtomicLong();
        JournalReaderCallback reader =
                new JournalReaderCallback() {
                    @Override
                    public void onReadAddRecord(RecordInfo record) {
                        int topic = (int) (record.id >>> INDEX_BITS);
                        long index = record.id & ((1L << INDEX_BITS) - 1);
                        if (index < ledger.count(topic)
                                && ledger.matches(topic, index, ByteBuffer.wrap(record.data))) {
                            good.incrementAndGet();
                        }
                    }
                };
        try {
            for (JournalFile file : journal.orderFiles()) {
                JournalImpl.readJournalFile(factory, file, reader);
            }
        } catch (Exception e) {
            throw new IOException(e);
        }
        return good.get();
    }

    private JournalImpl journal(SequentialFileFactory factory) {
        return new JournalImpl(FILE_BYTES, 2, 10, 10, 30, factory, "activemq-data", "amq", disk.ioMax);
    }

    private SequentialFileFactory factory(File directory) throws IOException {
        int timeoutNanos = SyncTime.nanos(directory.toPath());
        return switch (disk) {
            case NIO -> new NIOSequentialFileFactory(directory, true, BUFFER_BYTES, timeoutNanos, 1, false);
            case AIO -> new AIOSequentialFileFactory(directory, BUFFER_BYTES, timeoutNanos, disk.ioMax, false);
            case MAPPED ->
                    new MappedSequentialFileFactory(directory, FILE_BYTES, true, BUFFER_BYTES, timeoutNanos, null);
        };
    }

    private final class Artemis implements LogEngine {
        private final JournalImpl journal;
        private final boolean durable;

        Artemis(File directory, Durability durability) throws Exception {
            durable = durability == Durability.EACH;
            SequentialFileFactory factory = factory(directory);
            factory.start();
            journal = journal(factory);
            // One growing set of live records, as a broker whose consumers are away: nothing to compact.
            journal.setAutoReclaim(false);
            journal.start();
            journal.load(new ArrayList<>(), new ArrayList<>(), null);
        }

        @Override
        public Lane lane(int topic) {
            return new JournalLane(topic);
        }

        @Override
        public long scan(int topic, Visitor visitor) {
            throw new CannotHere("the journal is read once, when a broker starts");
        }

        @Override
        public void close() throws IOException {
            try {
                journal.flush();
                journal.stop();
                journal.getFileFactory().stop();
            } catch (Exception e) {
                throw new IOException(e);
            }
        }

        private final class JournalLane implements Lane {
            private final Semaphore room = new Semaphore(IN_FLIGHT_MAX);
            private volatile Throwable failure;
            private long nextId;

            JournalLane(int topic) {
                nextId = (long) topic << INDEX_BITS;
            }

            @Override
            public void append(byte[] payload) throws IOException {
                if (!durable) {
                    room.acquireUninterruptibly();
                    appendAsync(payload, this::written);
                    return;
                }
                try {
                    journal.appendAddRecord(nextId++, (byte) 1, payload, true);
                } catch (Exception e) {
                    throw new IOException(e);
                }
            }

            private void written(Throwable problem) {
                if (problem != null) {
                    failure = problem;
                }
                room.release();
            }

            @Override
            public void close() throws IOException {
                room.acquireUninterruptibly(IN_FLIGHT_MAX);
                if (failure != null) {
                    throw new IOException("a record was lost", failure);
                }
            }

            @Override
            public void appendAsync(byte[] payload, Ack acked) throws IOException {
                try {
                    journal.appendAddRecord(nextId++, (byte) 1, new Encoded(payload), durable, new Completion(acked));
                } catch (Exception e) {
                    throw new IOException(e);
                }
            }
        }
    }

    private record Encoded(byte[] payload) implements EncodingSupport {
        @Override
        public int getEncodeSize() {
            return payload.length;
        }

        @Override
        public void encode(ActiveMQBuffer buffer) {
            buffer.writeBytes(payload);
        }

        @Override
        public void decode(ActiveMQBuffer buffer) {
            throw new CannotHere("records are only written here");
        }
    }

    private record Completion(Lane.Ack acked) implements IOCompletion {
        @Override
        public void storeLineUp() {}

        @Override
        public void done() {
            acked.done(null);
        }

        @Override
        public void onError(int code, String message) {
            acked.done(new IOException(message + " (" + code + ")"));
        }
    }
}
