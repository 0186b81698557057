package io.walrus.it.disk;

import io.walrus.wal.Backend;
import io.walrus.wal.Entry;
import io.walrus.wal.FsyncPolicy;
import io.walrus.wal.Wal;
import io.walrus.wal.WalException;
import io.walrus.wal.WalOptions;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A process that appends and consumes until it is killed or refused, and tells each ack in one
 * write of 13 bytes: kind, topic, offset. What it told before it died stays in the pipe.
 */
final class WritingChild {

    static final int TOLD_BYTES = 13;
    static final byte OPENED = 'O';
    static final byte ACKED = 'A';
    static final byte DELIVERED = 'D';

    /** An append was refused; the offset is the ordinal of its kind. */
    static final byte REFUSED = 'R';

    private static final OutputStream OUT = new FileOutputStream(FileDescriptor.out);
    private static final int REFUSALS_MAX = 3;

    private WritingChild() {}

    /** Arguments: directory, policy, backend, topics. */
    public static void main(String[] args) throws Exception {
        int topics = Integer.parseInt(args[3]);
        Wal wal = Wal.open(options(Path.of(args[0]), args[1], args[2]));
        tell(OPENED, 0, 0);
        List<Thread> threads = new ArrayList<>();
        for (int topic = 0; topic < topics; topic++) {
            int number = topic;
            threads.add(new Thread(() -> write(wal, number)));
            threads.add(new Thread(() -> consume(wal, number)));
        }
        threads.forEach(Thread::start);
        for (Thread each : threads) {
            each.join();
        }
        Runtime.getRuntime().halt(0);
    }

    static WalOptions options(Path dir, String policy, String backend) {
        return WalOptions.in(dir)
                .backend(Backend.valueOf(backend))
                .fileBytes(1 << 20)
                .fsync(policyNamed(policy));
    }

    private static FsyncPolicy policyNamed(String name) {
        return switch (name) {
            case "each" -> FsyncPolicy.each();
            case "none" -> FsyncPolicy.none();
            case "every" -> FsyncPolicy.every(Duration.ofMillis(20));
            case "window" -> FsyncPolicy.window(Duration.ofMillis(20));
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static void write(Wal wal, int topic) {
        String name = "topic-" + topic;
        if (!wal.exists(name)) {
            wal.create(name);
        }
        long next = wal.endOffset(name);
        for (int refusals = 0; refusals < REFUSALS_MAX; ) {
            try {
                if (next % 10 == 3) {
                    long first = wal.appendBatch(name, batch(topic, next));
                    next = first + 3;
                } else {
                    next = wal.append(name, Payload.of(topic, next)) + 1;
                }
                tell(ACKED, topic, next - 1);
            } catch (WalException refused) {
                tell(REFUSED, topic, refused.kind().ordinal());
                refusals++;
            } catch (InternalError mappedDeviceIsGone) {
                return;
            }
        }
    }

    private static List<ByteBuffer> batch(int topic, long first) {
        List<ByteBuffer> batch = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            batch.add(ByteBuffer.wrap(Payload.of(topic, first + i)));
        }
        return batch;
    }

    private static void consume(Wal wal, int topic) {
        String name = "topic-" + topic;
        while (true) {
            try {
                Optional<Entry> next =
                        wal.exists(name) ? wal.readNext(name, true) : Optional.empty();
                if (next.isPresent()) {
                    tell(DELIVERED, topic, next.get().offset());
                } else {
                    Thread.onSpinWait();
                    Thread.yield();
                }
            } catch (WalException | InternalError refused) {
                return;
            }
        }
    }

    private static void tell(byte kind, int topic, long offset) {
        var line = ByteBuffer.allocate(TOLD_BYTES).put(kind).putInt(topic).putLong(offset);
        try {
            OUT.write(line.array());
        } catch (IOException parentIsGone) {
            Runtime.getRuntime().halt(1);
        }
    }
}
