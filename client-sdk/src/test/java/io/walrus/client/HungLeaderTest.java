package io.walrus.client;

import static io.walrus.scripted.ScriptedServer.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.walrus.protocol.Command;
import io.walrus.protocol.Reply;
import io.walrus.protocol.Request;
import io.walrus.scripted.ScriptedServer;
import io.walrus.scripted.ScriptedServer.Conversation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Node 2 leads and takes an append without a word; node 1 knows how the cluster goes on. */
class HungLeaderTest {

    /** Longer than any test waits: nothing here is mended by a request's time-out. */
    private static final int PATIENCE_MILLIS = 600_000;

    private static final int SUSPICIONS = 3;

    private final Vertx vertx = Vertx.vertx();
    private final List<ScriptedServer> servers = new ArrayList<>();
    private final AtomicReference<Conversation> silent = new AtomicReference<>();
    private volatile boolean goesOn = true;
    private ScriptedServer leader;
    private ScriptedServer other;

    @AfterEach
    void close() {
        servers.forEach(ScriptedServer::close);
        await(vertx.close());
    }

    private void start(
            BiConsumer<Conversation, Request> onLeader, BiConsumer<Conversation, Request> onOther) {
        leader = ScriptedServer.start(vertx, onLeader);
        other = ScriptedServer.start(vertx, onOther);
        servers.addAll(List.of(leader, other));
    }

    private WalrusClient clientOf(ScriptedServer server) {
        return WalrusClient.create(
                vertx,
                new WalrusClientOptions()
                        .setAddresses(server.address())
                        .setRequestTimeoutMillis(PATIENCE_MILLIS));
    }

    private boolean hangs() {
        return silent.get() != null;
    }

    private void swallow(Conversation conversation, Request request) {
        if (request instanceof Command.AppendNumbered) {
            silent.set(conversation);
        } else if (!hangs()) {
            tell(conversation, request);
        }
    }

    private void tell(Conversation conversation, Request request) {
        if (request instanceof Command.State) {
            boolean isOver = hangs() && goesOn;
            conversation.reply(
                    new Reply.Json(
                            "{\"current_segment\":%d,\"leader_node\":%d}"
                                    .formatted(isOver ? 2 : 1, isOver ? 1 : 2)));
        } else if (request instanceof Command.Metrics) {
            conversation.reply(
                    new Reply.Json(
                            """
                            {"membership_config": {"membership": {"nodes": {
                             "1": {"client_addr": "%s"}, "2": {"client_addr": "%s"}}}}}"""
                                    .formatted(other.address(), leader.address())));
        } else if (request instanceof Command.AppendNumbered append) {
            conversation.reply(new Reply.Place(append.segment(), 0));
        } else {
            conversation.reply(Reply.empty());
        }
    }

    @Test
    void appendsGoOnAtTheNextLeaderWithoutWaitingForTheTimeOut() {
        start(this::swallow, this::tell);
        WalrusClient client = clientOf(other);
        assertThat(await(client.append("t", Buffer.buffer("a")))).isEqualTo(new Place(2, 0));
        assertThat(other.received())
                .anyMatch(request -> request instanceof Command.Find find && find.segment() == 1);
        assertThat(await(client.append("t", Buffer.buffer("b"))).segment()).isEqualTo(2);
    }

    @Test
    void alsoWhereTheLeaderIsTheOneNodeThatTheClientWasToldOf() {
        start(this::swallow, this::tell);
        WalrusClient client = clientOf(leader);
        assertThat(await(client.append("t", Buffer.buffer("a")))).isEqualTo(new Place(2, 0));
        await(client.put("t", Buffer.buffer("b")));
    }

    @Test
    void aLeaderThatIsOnlySlowIsWaitedFor() {
        goesOn = false;
        var asked = new AtomicInteger();
        start(
                this::swallow,
                (conversation, request) -> {
                    tell(conversation, request);
                    if (hangs()
                            && request instanceof Command.State
                            && asked.incrementAndGet() == SUSPICIONS) {
                        silent.get().reply(new Reply.Place(1, 7));
                    }
                });
        assertThat(await(clientOf(other).append("t", Buffer.buffer("a"))))
                .isEqualTo(new Place(1, 7));
        assertThat(leader.connections()).isEqualTo(1);
    }
}
