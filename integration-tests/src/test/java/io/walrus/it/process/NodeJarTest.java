package io.walrus.it.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code java -jar walrus.jar node}, as a newcomer and as a script start it. */
class NodeJarTest {

    @TempDir private Path dir;

    @Test
    void theStartMessageSaysWhoListensWhereAndWhereTheDataIs() {
        try (var node = NodeUnderTest.start(dir)) {
            assertThat(String.join("\n", node.said()))
                    .contains("node 1 is ready")
                    .contains("clients  127.0.0.1:" + node.clientPort())
                    .contains("raft     127.0.0.1:")
                    .contains(dir.toString())
                    .contains("fsync: each")
                    .doesNotContain(" WARN ")
                    .doesNotContain("Exception");
        }
    }

    @Test
    void sigtermStopsItCleanlyAndTheNextStartRecoversNothing() {
        try (var node = NodeUnderTest.start(dir)) {
            node.terminate();
            assertThat(node.said()).contains("walrus node 1 stopped");
        }
        try (var again = NodeUnderTest.start(dir)) {
            assertThat(String.join("\n", again.said())).contains("nothing cut");
        }
    }

    @Test
    void aSecondStartOnTheSameDirectoryIsRefusedAndNamesTheFirst() {
        try (var node = NodeUnderTest.start(dir)) {
            WalrusJar.Result second = startOn(dir, "--client-port", "0", "--raft-port", "0");
            assertOneClearLine(second, 1);
            assertThat(second.err()).contains("pid " + node.pid());
        }
    }

    @Test
    void aPortInUseIsOneClearLine() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            WalrusJar.Result clientPort = startOn(dir, "--client-port", port, "--raft-port", "0");
            assertOneClearLine(clientPort, 1);
            assertThat(clientPort.err()).contains(port).contains("--client-port");
            WalrusJar.Result raftPort = startOn(dir, "--client-port", "0", "--raft-port", port);
            assertOneClearLine(raftPort, 1);
            assertThat(raftPort.err()).contains(port);
        }
    }

    @Test
    void aDirectoryThatCannotBeWrittenIsOneClearLine() throws IOException {
        Path file = Files.writeString(dir.resolve("file"), "not a directory");
        WalrusJar.Result result = startOn(file, "--client-port", "0", "--raft-port", "0");
        assertOneClearLine(result, 1);
        assertThat(result.err()).contains(file.toString());
    }

    @Test
    void unknownFlagsAndBadNumbersAreOneClearLine() {
        WalrusJar.Result flag = startOn(dir, "--clientport", "1");
        assertThat(flag.exitCode()).isEqualTo(2);
        assertThat(flag.err()).contains("--clientport").doesNotContain("\tat ");
        WalrusJar.Result number = startOn(dir, "--client-port", "many");
        assertThat(number.exitCode()).isEqualTo(2);
        assertThat(number.err()).contains("many").doesNotContain("\tat ");
        WalrusJar.Result range = startOn(dir, "--client-port", "70000");
        assertOneClearLine(range, 2);
        assertThat(range.err()).contains("70000");
        WalrusJar.Result fsync = startOn(dir, "--fsync", "sometimes");
        assertOneClearLine(fsync, 2);
        assertThat(fsync.err()).contains("sometimes").contains("each");
    }

    @Test
    void aBadEnvironmentVariableIsNamed() {
        WalrusJar.Result result =
                WalrusJar.run(
                        new byte[0],
                        Map.of("WALRUS_MAX_SEGMENT_ENTRIES", "0"),
                        "node",
                        "--data-dir",
                        dir.toString());
        assertOneClearLine(result, 2);
        assertThat(result.err()).contains("WALRUS_MAX_SEGMENT_ENTRIES").contains("'0'");
    }

    @Test
    void flagsWinOverEnvironmentAndEnvironmentOverTheFile() throws IOException {
        Path config = dir.resolve("node.json");
        Files.writeString(
                config,
                "{\"dataDir\": \"from-file\", \"segmentEntriesMax\": 5, \"monitorMillis\": 77}");
        WalrusJar.Result result =
                WalrusJar.run(
                        new byte[0],
                        Map.of("WALRUS_DATA_DIR", "from-env", "WALRUS_MAX_SEGMENT_ENTRIES", "6"),
                        "node",
                        "--config",
                        config.toString(),
                        "--data-dir",
                        "from-flag",
                        "--print-config");
        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .contains("\"dataDir\" : \"from-flag\"")
                .contains("\"segmentEntriesMax\" : 6")
                .contains("\"monitorMillis\" : 77");
    }

    @Test
    void theLogOfAStoppedNodeIsVerifiedFromTheCommandLine() throws IOException {
        try (var node = NodeUnderTest.start(dir);
                var wire = new Wire(node.clientPort())) {
            wire.ask("REGISTER events");
            wire.ask("PUT events hello");
            node.terminate();
        }
        WalrusJar.Result fine = WalrusJar.run("wal", "verify", dir.resolve("log").toString());
        assertThat(fine.exitCode()).as(fine.err()).isZero();
        WalrusJar.Result noLog = WalrusJar.run("wal", "verify", dir.resolve("nothing").toString());
        assertThat(noLog.exitCode()).isEqualTo(2);
        assertThat(noLog.err()).doesNotContain("Exception");
    }

    private WalrusJar.Result startOn(Path data, String... more) {
        var args = new java.util.ArrayList<String>();
        args.addAll(java.util.List.of("node", "--data-dir", data.toString()));
        args.addAll(java.util.List.of(more));
        return WalrusJar.run(args.toArray(String[]::new));
    }

    private static void assertOneClearLine(WalrusJar.Result result, int exitCode) {
        assertThat(result.err().strip().lines()).as("one line: %s", result.err()).hasSize(1);
        assertThat(result.err()).startsWith("walrus node: ").doesNotContain("Exception");
        assertThat(result.exitCode()).isEqualTo(exitCode);
    }
}
