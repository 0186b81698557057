package io.walrus.bench.engine;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.Kafka;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;

/** A single Kafka broker and controller in its own JVM: formats the directory if it is new, then serves until
 * killed or until its parent is gone. */
final class KafkaBrokerMain {
    private KafkaBrokerMain() {}

    /** {@code args}: the directory and the client port; the controller gets the port after it. */
    public static void main(String[] args) throws Exception {
        ParentWatch.start();
        Path directory = Path.of(args[0]);
        int port = Integer.parseInt(args[1]);
        Path config = directory.resolve("server.properties");
        try (var out = Files.newBufferedWriter(config)) {
            settings(directory.resolve("log"), port).store(out, null);
        }
        Path id = directory.resolve("cluster.id");
        if (Files.notExists(id)) {
            String clusterId = Uuid.randomUuid().toString();
            String[] format = {"format", "--cluster-id", clusterId, "--config", config.toString()};
            int code = StorageTool.execute(format, System.out);
            if (code != 0) {
                throw new IllegalStateException("formatting the Kafka log directory answered " + code);
            }
            Files.writeString(id, clusterId);
        }
        Kafka.main(new String[] {config.toString()});
    }

    private static Properties settings(Path logs, int port) {
        Properties settings = new Properties();
        settings.setProperty("process.roles", "broker,controller");
        settings.setProperty("node.id", "1");
        settings.setProperty("controller.quorum.voters", "1@127.0.0.1:" + (port + 1));
        settings.setProperty("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + (port + 1));
        settings.setProperty("controller.listener.names", "CONTROLLER");
        settings.setProperty("log.dirs", logs.toString());
        settings.setProperty("num.partitions", "1");
        settings.setProperty("offsets.topic.replication.factor", "1");
        settings.setProperty("transaction.state.log.replication.factor", "1");
        settings.setProperty("transaction.state.log.min.isr", "1");
        return settings;
    }
}
