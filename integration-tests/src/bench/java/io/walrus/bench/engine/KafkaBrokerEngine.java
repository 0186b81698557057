package io.walrus.bench.engine;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A real Kafka broker over loopback: its own JVM, one partition per topic, one producer per lane.
 *
 * <p>Durable means {@code flush.messages=1} and {@code acks=all}; otherwise the broker's page cache acknowledges and the
 * producer batches as it was made to.
 */
final class KafkaBrokerEngine implements LogEngine {
    /** How the producers are set up. */
    enum Tuning {
        /** As a throughput guide advises: lingering, large batches, the leader's acknowledgement. */
        BATCHES,
        /** Untouched. */
        DEFAULT
    }

    private static final Duration START_TIME = Duration.ofSeconds(60);

    private final EngineSetup setup;
    private final Tuning tuning;
    private final Process broker;
    private final String address;

    KafkaBrokerEngine(EngineSetup setup, Tuning tuning) throws IOException {
        this.setup = setup;
        this.tuning = tuning;
        int port = freePort();
        this.address = "127.0.0.1:" + port;
        this.broker = start(setup.directory(), port);
        createTopics();
    }

    @Override
    public Lane lane(int topic) {
        return new ProducerLane(setup.topicName(topic));
    }

    @Override
    public long scan(int topic, Visitor visitor) {
        Map<String, Object> settings = Map.of("bootstrap.servers", address, "fetch.max.bytes", 64 << 20);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(setup.topicName(topic), 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> one : consumer.poll(Duration.ofSeconds(1))) {
                    visitor.see(ByteBuffer.wrap(one.value()));
                }
            }
            return end;
        }
    }

    @Override
    public void close() throws IOException {
        broker.destroy();
        try {
            if (!broker.waitFor(30, TimeUnit.SECONDS)) {
                broker.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            broker.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the Kafka broker was stopping", e);
        }
    }

    private static Process start(Path directory, int port) throws IOException {
        List<String> command =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xms1g",
                        "-Xmx1g",
                        "-XX:+UseG1GC",
                        "-XX:MaxGCPauseMillis=20",
                        "-XX:InitiatingHeapOccupancyPercent=35",
                        "-Dlogback.configurationFile=bench-logback.xml",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KafkaBrokerMain.class.getName(),
                        directory.toString(),
                        Integer.toString(port));
        return
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("broker.log").toFile())
                        .start();
    }

    private void createTopics() throws IOException {
        Map<String, String> configs =
                setup.durability() == Durability.EACH ? Map.of("flush.messages", "1") : Map.of();
        List<NewTopic> wanted =
                IntStream.range(0, setup.topics())
                        .mapToObj(topic -> new NewTopic(setup.topicName(topic), 1, (short) 1).configs(configs))
                        .toList();
        Map<String, Object> settings =
                Map.of("bootstrap.servers", address, "default.api.timeout.ms", (int) START_TIME.toMillis());
        try (Admin admin = Admin.create(settings)) {
            if (admin.listTopics().names().get().isEmpty()) {
                admin.createTopics(wanted).all().get();
            }
        } catch (ExecutionException e) {
            close();
            throw new IOException("the Kafka broker did not come up; see broker.log in " + setup.directory(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw new IOException("interrupted while the Kafka broker was starting", e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private Map<String, Object> producerSettings() {
        if (setup.durability() == Durability.EACH) {
            return Map.of("bootstrap.servers", address, "acks", "all", "linger.ms", 0);
        }
        return switch (tuning) {
            case DEFAULT -> Map.of("bootstrap.servers", address);
            case BATCHES ->
                    Map.of("bootstrap.servers", address, "acks", "1", "enable.idempotence", false, "linger.ms", 5,
                            "batch.size", 256 << 10, "compression.type", "none");
        };
    }

    private final class ProducerLane implements Lane {
        private final String topic;
        private final KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(producerSettings(), new ByteArraySerializer(), new ByteArraySerializer());
        private volatile Exception failure;

        ProducerLane(String topic) {
            this.topic = topic;
        }

        @Override
        public void append(byte[] payload) throws IOException {
            if (setup.durability() != Durability.EACH) {
                appendAsync(payload, lost -> {});
                return;
            }
            try {
                producer.send(new ProducerRecord<>(topic, 0, null, payload)).get();
            } catch (ExecutionException e) {
                throw new IOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }

        @Override
        public void appendAsync(byte[] payload, Ack acked) throws IOException {
            if (failure != null) {
                throw new IOException("an earlier record was lost", failure);
            }
            producer.send(
                    new ProducerRecord<>(topic, 0, null, payload),
                    (metadata, lost) -> {
                        if (lost != null) {
                            failure = lost;
                        }
                        acked.done(lost);
                    });
        }

        @Override
        public void close() throws IOException {
            producer.close();
            if (failure != null) {
                throw new IOException("a record was lost", failure);
            }
        }
    }
}
