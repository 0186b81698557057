package io.walrus.bench.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.bytes.SyncMode;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;

/** Chronicle Queue: a queue per topic with the defaults, {@code writeBytes} per entry, {@code sync()} for durability. */
final class ChronicleKind implements EngineKind {
    @Override
    public LogEngine open(EngineSetup setup) {
        return new Chronicle(setup);
    }

    /** As its documentation asks for on Java 17, and no usage reports leave the machine. */
    @Override
    public List<String> jvmFlags(Path nativeLibraries) {
        List<String> flags = new ArrayList<>();
        flags.add("-Dchronicle.analytics.disable=true");
        flags.add("-Dchronicle.announcer.disable=true");
        for (String exported : List.of("java.base/jdk.internal.ref", "java.base/sun.nio.ch", "jdk.unsupported/sun.misc",
                "jdk.compiler/com.sun.tools.javac.file")) {
            flags.add("--add-exports=" + exported + "=ALL-UNNAMED");
        }
        for (String opened : List.of("jdk.compiler/com.sun.tools.javac", "java.base/java.lang",
                "java.base/java.lang.reflect", "java.base/java.io", "java.base/java.util", "java.base/java.nio",
                "java.base/sun.nio.ch", "java.base/jdk.internal.ref")) {
            flags.add("--add-opens=" + opened + "=ALL-UNNAMED");
        }
        return flags;
    }

    private static final class Chronicle implements LogEngine {
        private final EngineSetup setup;
        private final boolean durable;
        private final List<ChronicleQueue> queues = new ArrayList<>();

        Chronicle(EngineSetup setup) {
            this.setup = setup;
            this.durable = setup.durability() == Durability.EACH;
        }

        private synchronized ChronicleQueue queue(int topic) {
            SingleChronicleQueueBuilder builder =
                    SingleChronicleQueueBuilder.binary(setup.directory().resolve(setup.topicName(topic)));
            if (durable) {
                builder.syncMode(SyncMode.SYNC);
            }
            ChronicleQueue queue = builder.build();
            queues.add(queue);
            return queue;
        }

        @Override
        public Lane lane(int topic) {
            ChronicleQueue queue = queue(topic);
            ExcerptAppender appender = queue.createAppender();
            Bytes<ByteBuffer> scratch = Bytes.elasticByteBuffer(Payloads.BYTES_MAX);
            return new Lane() {
                @Override
                public void append(byte[] payload) {
                    scratch.clear();
                    scratch.write(payload);
                    appender.writeBytes(scratch);
                    if (durable) {
                        appender.sync();
                    }
                }

                @Override
                public void close() {
                    appender.close();
                    scratch.releaseLast();
                }
            };
        }

        @Override
        public long scan(int topic, Visitor visitor) throws IOException {
            try (ChronicleQueue queue = queue(topic);
                    ExcerptTailer tailer = queue.createTailer()) {
                Taker taker = taker(tailer);
                long entries = 0;
                while (taker.take(visitor) > 0) {
                    entries++;
                }
                return entries;
            }
        }

        @Override
        public Taker taker(int topic) {
            return taker(queue(topic).createTailer("consumer"));
        }

        private static Taker taker(ExcerptTailer tailer) {
            Bytes<ByteBuffer> scratch = Bytes.elasticByteBuffer(Payloads.BYTES_MAX);
            return visitor -> {
                scratch.clear();
                if (!tailer.readBytes(scratch)) {
                    return 0;
                }
                ByteBuffer view = scratch.underlyingObject();
                view.limit((int) scratch.readLimit()).position((int) scratch.readPosition());
                visitor.see(view);
                return 1;
            };
        }

        @Override
        public synchronized void close() {
            queues.forEach(ChronicleQueue::close);
        }
    }
}
