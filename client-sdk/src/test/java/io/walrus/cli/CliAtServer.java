package io.walrus.cli;

import io.vertx.core.Vertx;
import io.walrus.protocol.Reply;
import io.walrus.protocol.Request;
import io.walrus.scripted.ScriptedLog;
import io.walrus.scripted.ScriptedServer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;

/** What the tests of commands share: a server, and runs of the command line against it. */
abstract class CliAtServer {

    final Vertx vertx = Vertx.vertx();
    final ScriptedLog log = new ScriptedLog();
    ScriptedServer server = ScriptedServer.answering(vertx, log);

    @AfterEach
    void closeVertx() {
        ScriptedServer.await(vertx.close());
    }

    CliRun run(String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.add("--addr");
        all.add(server.address());
        return CliRun.of(all.toArray(String[]::new));
    }

    void useServer(Function<Request, Reply> answer) {
        server = ScriptedServer.answering(vertx, answer);
    }
}
