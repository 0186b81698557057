package io.walrus.it.docs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.walrus.node.WalrusNode;
import io.walrus.wal.Entry;
import io.walrus.wal.FsyncPolicy;
import io.walrus.wal.Wal;
import io.walrus.wal.WalOptions;
import java.nio.file.Path;
import java.util.Optional;

/** The code of the README, which is compiled here and compared by {@link ReadmeTest}. */
final class ReadmeSnippets {

    private ReadmeSnippets() {}

    static void embeddedLog(Path dir) {
        try (Wal wal = Wal.open(WalOptions.in(dir).fsync(FsyncPolicy.each()))) {
            long offset = wal.append("events", "hello".getBytes(UTF_8));
            Optional<Entry> next = wal.readNext("events", true);
            next.ifPresent(
                    entry -> System.out.println(offset + ": " + new String(entry.bytes(), UTF_8)));
        }
    }

    static void verticle(Vertx vertx, Path dir) {
        JsonObject config = new JsonObject().put("dataDir", dir.toString()).put("clientPort", 8080);
        vertx.deployVerticle("walrus:node", new DeploymentOptions().setConfig(config))
                .map(id -> WalrusNode.deployed(vertx, 1).orElseThrow().client())
                .compose(
                        client ->
                                client.register("events")
                                        .compose(
                                                ok -> client.put("events", Buffer.buffer("hello"))))
                .onSuccess(stored -> System.out.println("stored, durable"));
    }
}
