package io.walrus.it.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code walrus node drain} and {@code leave}, {@code topic roll}, against two processes. */
class NodeCommandsTest {

    private static final Map<String, String> PATIENT = Map.of("WALRUS_RPC_TIMEOUT_MS", "9000");

    @TempDir private Path dir;

    private static WalrusJar.Result ok(String... args) {
        WalrusJar.Result result = WalrusJar.run(args);
        assertThat(result.exitCode()).as(result.err()).isZero();
        return result;
    }

    @Test
    void aNodeIsDrainedAndLeavesAndItsProcessEnds() {
        try (var one = NodeUnderTest.start(dir.resolve("one"), PATIENT);
                var two =
                        NodeUnderTest.start(
                                dir.resolve("two"),
                                PATIENT,
                                "--node-id",
                                "2",
                                "--join",
                                "127.0.0.1:" + one.raftPort())) {
            ok("--addr", one.address(), "register", "events");
            ok("--addr", two.address(), "put", "events", "x");
            ok("--addr", two.address(), "topic", "roll", "events");
            assertThat(ok("node", "drain", "--addr", two.address()).err())
                    .contains("it leads nothing");
            assertThat(ok("--addr", one.address(), "state", "events").out())
                    .contains("\"leader_node\":1");
            ok("node", "drain", "--undo", "--addr", two.address());
            WalrusJar.Result left =
                    WalrusJar.run("node", "leave", "--force", "--addr", two.address());
            assertThat(left.exitCode()).as(left.err()).isZero();
            two.awaitEnd();
            assertThat(two.said()).contains("walrus node 2 has left its cluster");
            assertThatItHearsThatItIsOut();
            WalrusJar.Result alone = WalrusJar.run("node", "leave", "--addr", one.address());
            assertThat(alone.exitCode()).isEqualTo(1);
            assertThat(alone.err()).contains("a cluster of one cannot be left");
        }
    }

    private void assertThatItHearsThatItIsOut() {
        try (var again =
                NodeUnderTest.startWithoutWaiting(dir.resolve("two"), PATIENT, "--node-id", "2")) {
            assertThat(again.awaitExit()).as(again.said().toString()).isEqualTo(4);
            assertThat(again.said())
                    .anyMatch(
                            line ->
                                    line.startsWith("walrus node: node 2 is not in its cluster")
                                            && line.contains("--join HOST:RAFTPORT"));
        }
    }

    @Test
    void joinStartsANodeThatJoins() {
        try (var one = NodeUnderTest.start(dir.resolve("first"), PATIENT);
                var two =
                        NodeUnderTest.launch(
                                PATIENT,
                                List.of(
                                        "--node-id",
                                        "2",
                                        "join",
                                        "127.0.0.1:" + one.raftPort(),
                                        "--data-dir",
                                        dir.resolve("second").toString(),
                                        "--client-port",
                                        "0",
                                        "--raft-port",
                                        "0"))) {
            two.awaitReady();
            assertThat(two.said()).anyMatch(line -> line.contains("node 2 is ready"));
            assertThat(ok("--addr", one.address(), "cluster", "nodes").out())
                    .contains(two.address());
        }
    }

    @Test
    void joinWithoutAnAddressOrWithAWrongOneIsRefusedAtOnce() {
        WalrusJar.Result none = WalrusJar.run("node", "join");
        assertThat(none.exitCode()).isEqualTo(2);
        assertThat(none.err()).contains("HOST:RAFTPORT");
        WalrusJar.Result twice =
                WalrusJar.run("node", "--join", "127.0.0.1:1", "join", "127.0.0.1:2");
        assertThat(twice.exitCode()).isEqualTo(2);
        assertThat(twice.err()).contains("given twice");
        for (String[] wrong :
                new String[][] {{"node", "join", "nonsense"}, {"node", "--join", "nonsense"}}) {
            WalrusJar.Result result = WalrusJar.run(wrong);
            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.err())
                    .isEqualTo("walrus node: join: expected host:port, got 'nonsense'\n");
        }
    }
}
