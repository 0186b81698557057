package io.walrus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.walrus.protocol.Command;
import io.walrus.protocol.Reply;
import io.walrus.protocol.Request;
import io.walrus.scripted.ScriptedServer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ClusterCommandsTest extends CliAtServer {

    private static final String OPEN = "{\"current_segment\":3,\"leader_node\":2,\"epoch\":7}";

    @Test
    void infoShowsWhatTheAskedNodeSays() {
        useServer(request -> metrics(1, 2, "10.0.0.1:8080", "10.0.0.2:8080"));

        assertThat(run("cluster", "info").out())
                .isEqualTo(
                        """
                        WHAT             VALUE
                        asked node       1
                        its role         Follower
                        metadata leader  2
                        term             4
                        last log index   90
                        applied index    88
                        voters           [1, 2]
                        nodes            [1, 2]
                        """);
    }

    @Test
    void nodesShowsWhereEachListensAndHowFarItIs() {
        useServer(request -> metrics(2, 2, "10.0.0.1:8080", "10.0.0.2:8080"));

        assertThat(run("cluster", "nodes").out())
                .isEqualTo(
                        """
                        NODE  ROLE    CLIENTS        RAFT            REPLICATED
                           1  voter   10.0.0.1:8080  127.0.0.1:6001          81
                           2  leader  10.0.0.2:8080  127.0.0.1:6002          82
                        """);
    }

    @Test
    void jsonIsTheReplyAsItCame() {
        useServer(request -> new Reply.Json("{\"id\": 1}"));

        assertThat(run("cluster", "nodes", "-o", "json").out()).isEqualTo("{\"id\": 1}\n");
        assertThat(run("cluster", "info", "-o", "json").out()).isEqualTo("{\"id\": 1}\n");
        assertThat(run("cluster", "info").out()).contains("metadata leader  none");
    }

    @Test
    void leasesShowsWhoMayWriteWhat() {
        useServer(
                request ->
                        request instanceof Command.Topics
                                ? new Reply.Json("[\"a\",\"b\"]")
                                : ((Command.State) request).topic().equals("a")
                                        ? new Reply.Json(OPEN)
                                        : new Reply.Json(
                                                "{\"current_segment\":1,\"leader_node\":1}"));

        assertThat(run("cluster", "leases").out())
                .isEqualTo(
                        """
                        LEADER  TOPIC  SEGMENT  EPOCH
                             2  a            3      7
                             1  b            1      -
                        """);
        assertThat(run("cluster", "leases", "--node", "2", "-o", "json").out())
                .isEqualTo("[{\"leader\":2,\"topic\":\"a\",\"segment\":3,\"epoch\":7}]\n");
    }

    @Test
    void healthOfAWellClusterIsOneSentenceAndExitCodeZero() {
        ScriptedServer second = other(request -> metrics(2, 2, "-", "-"));
        useServer(request -> node(request, 1, 2, second.address(), "{\"leader_node\":2}"));

        CliRun run = run("cluster", "health");

        assertThat(run.out()).endsWith("\nHealthy: 2 of 2 nodes answer, 1 topic.\n");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void healthNamesTheNodeThatDoesNotAnswerAndItsTopics() {
        ScriptedServer second = other(request -> metrics(2, 2, "-", "-"));
        second.close();
        useServer(
                request ->
                        node(
                                request,
                                1,
                                1,
                                second.address(),
                                "{\"leader_node\":2,\"missing_segments\":[4]}"));

        CliRun run = run("cluster", "health");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out())
                .contains("NOT healthy: node 2 at " + second.address() + " does not answer")
                .contains("topic t is led by no node that answers")
                .contains("topic t misses segments [4]")
                .contains("(1 of 2 nodes answers, 1 topic)");
        JsonObject json = new JsonObject(run("cluster", "health", "-o", "json").out());
        assertThat(json.getBoolean("healthy")).isFalse();
        assertThat(json.getJsonArray("problems")).hasSize(3);
    }

    @Test
    void healthNoticesNodesThatNameDifferentLeaders() {
        ScriptedServer second = other(request -> metrics(2, 2, "-", "-"));
        useServer(request -> node(request, 1, 1, second.address(), "{\"leader_node\":2}"));

        CliRun run = run("cluster", "health");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains("different metadata leaders: [1, 2]");
    }

    @Test
    void aNodeWhoseAddressIsNoneIsOneThatDoesNotAnswer() {
        useServer(request -> node(request, 1, 1, "nowhere:port", "{\"leader_node\":1}"));

        assertThat(run("cluster", "health").out())
                .contains("node 2 at nowhere:port does not answer");
    }

    @Test
    void aNodeOnAllInterfacesIsAskedAtItsRaftHost() {
        assertThat(new ClusterView.Node("10.1.2.3:6000", "0.0.0.0:8080").reachableAddress())
                .isEqualTo("10.1.2.3:8080");
        assertThat(new ClusterView.Node("10.1.2.3:6000", "10.9.9.9:8080").reachableAddress())
                .isEqualTo("10.9.9.9:8080");
    }

    private Reply node(Request request, int id, int leader, String second, String state) {
        if (request instanceof Command.Topics) {
            return new Reply.Json("[\"t\"]");
        }
        return request instanceof Command.State
                ? new Reply.Json(state)
                : metrics(id, leader, server.address(), second);
    }

    private ScriptedServer other(Function<Request, Reply> answer) {
        return ScriptedServer.answering(vertx, answer);
    }

    private static Reply metrics(int id, int leader, String first, String second) {
        return new Reply.Json(
                """
                {"id":%d,"state":"%s","current_term":4,"current_leader":%d,"last_log_index":90,
                "last_applied":{"index":88},"membership_config":{"membership":{"configs":[[1,2]],"nodes":{
                "1":{"addr":"127.0.0.1:6001","client_addr":"%s"},
                "2":{"addr":"127.0.0.1:6002","client_addr":"%s"}}}},
                "replication":{"1":{"index":81},"2":{"index":82}}}"""
                        .formatted(
                                id, id == leader ? "Leader" : "Follower", leader, first, second));
    }
}
