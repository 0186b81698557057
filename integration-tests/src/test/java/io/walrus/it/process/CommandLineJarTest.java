package io.walrus.it.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands through the real jar, against a real node. */
class CommandLineJarTest {

    @TempDir private static Path dir;
    private static NodeUnderTest node;

    @BeforeAll
    static void startNode() {
        node = NodeUnderTest.start(dir.resolve("data"));
    }

    @AfterAll
    static void stopNode() {
        node.close();
    }

    private static WalrusJar.Result walrus(String... args) {
        return walrus(new byte[0], args);
    }

    private static WalrusJar.Result walrus(byte[] stdin, String... args) {
        var all = new java.util.ArrayList<String>();
        all.add("--addr");
        all.add(node.address());
        all.addAll(java.util.List.of(args));
        return WalrusJar.run(stdin, Map.of(), all.toArray(String[]::new));
    }

    @Test
    void onePutAndOneGetWithNothingButDataOnStandardOutput() {
        assertThat(walrus("register", "one").exitCode()).isZero();
        WalrusJar.Result put = walrus("put", "one", "hello world");
        assertThat(put.exitCode()).as(put.err()).isZero();
        WalrusJar.Result get = walrus("get", "one");
        assertThat(get.exitCode()).isZero();
        assertThat(get.out()).isEqualTo("hello world\n");
        WalrusJar.Result empty = walrus("get", "one");
        assertThat(empty.exitCode()).isZero();
        assertThat(empty.out()).isEmpty();
        assertThat(empty.err()).isNotEmpty();
    }

    @Test
    void linesOfStandardInputComeBackByteForByte() {
        walrus("register", "lines");
        byte[] lines = "one\r\n\n  three \nÄ\u0000\nlast without an end".getBytes(UTF_8);
        WalrusJar.Result put = walrus(lines, "put", "lines", "-");
        assertThat(put.exitCode()).as(put.err()).isZero();
        assertThat(walrus("tail", "lines", "-n", "2").outBytes())
                .isEqualTo("Ä\u0000\nlast without an end\n".getBytes(UTF_8));
        WalrusJar.Result get = walrus("get", "lines", "-n", "5");
        assertThat(get.outBytes())
                .isEqualTo("one\r\n\n  three \nÄ\u0000\nlast without an end\n".getBytes(UTF_8));
    }

    @Test
    void linesOfAFileArePipelined() throws IOException {
        walrus("register", "file");
        var text = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            text.append("line ").append(i).append('\n');
        }
        Path file = Files.writeString(dir.resolve("lines.txt"), text);
        WalrusJar.Result put = walrus("put", "file", "--file", file.toString());
        assertThat(put.exitCode()).as(put.err()).isZero();
        assertThat(put.out()).isEmpty();
        WalrusJar.Result get = walrus("get", "file", "-n", "20000");
        assertThat(get.out()).isEqualTo(text.toString());
    }

    @Test
    void stateMetricsAndFetchPrintWhatTheServerSaid() throws IOException {
        walrus("register", "seen");
        walrus("put", "seen", "x");
        var json = new ObjectMapper();
        assertThat(json.readTree(walrus("state", "seen").out()).get("leader_node").asInt()).isOne();
        assertThat(json.readTree(walrus("metrics").out()).get("current_leader").asInt()).isOne();
        WalrusJar.Result fetch = walrus("fetch", "seen", "1", "0");
        assertThat(fetch.out()).isEqualTo("x\n");
    }

    @Test
    void topicsAreCreatedListedAndDescribed() {
        assertThat(walrus("topic", "create", "made.a", "made.b").exitCode()).isZero();
        assertThat(walrus("topic", "list").out()).containsPattern("(?m)^made\\.a +1 +1 +0$");
        assertThat(walrus("topic", "describe", "made.b").out())
                .containsPattern("(?m)^ +1 +open +1 +0$");
        assertThat(walrus("cursor", "commit", "made.a", "mail", "1:0").exitCode()).isZero();
        assertThat(walrus("cursor", "list", "made.a").out()).containsPattern("(?m)^mail +1 +0 +0$");
        assertThat(walrus("topic", "delete", "made.a", "--yes").exitCode()).isZero();
        assertThat(walrus("topic", "list", "--names").out()).doesNotContain("made.a");
    }

    @Test
    void clusterOfOneNodeIsHealthy() {
        WalrusJar.Result health = walrus("cluster", "health");
        assertThat(health.exitCode()).as(health.out() + health.err()).isZero();
        assertThat(health.out()).contains("Healthy: 1 of 1 node answers");
    }

    @Test
    void aLoadOnARealNodeKeepsWhatItWasPromised() {
        WalrusJar.Result bench =
                walrus("bench", "put", "load", "--count", "3000", "--in-flight", "20", "--verify");
        assertThat(bench.exitCode()).as(bench.out() + bench.err()).isZero();
        assertThat(bench.out()).contains("3,000, none lost, none doubled, in order");
        assertThat(walrus("stat", "load", "-n", "1", "--every", "10ms").out()).contains(" 3000 ");
    }

    @Test
    void doctorSaysWhatToExpectOfThisDisk() {
        WalrusJar.Result doctor =
                WalrusJar.run("doctor", "--data-dir", dir.toString(), "--millis", "20");
        assertThat(doctor.exitCode()).isLessThan(2);
        assertThat(doctor.out()).contains("durable appends").contains("will hurt");
    }

    @Test
    void exitCodesTellServerErrorUsageAndConnection() {
        WalrusJar.Result refused = walrus("put", "nowhere", "x");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("unknown topic");
        WalrusJar.Result usage = walrus("put");
        assertThat(usage.exitCode()).isEqualTo(2);
        WalrusJar.Result unreachable = WalrusJar.run("--addr", "127.0.0.1:1", "get", "x");
        assertThat(unreachable.exitCode()).isEqualTo(3);
        for (WalrusJar.Result result : new WalrusJar.Result[] {refused, usage, unreachable}) {
            assertThat(result.out()).isEmpty();
            assertThat(result.err())
                    .doesNotContain("\tat ")
                    .doesNotContain("Exception")
                    .doesNotContain("\u001b[");
        }
    }

    @Test
    void helpAndVersionGoToStandardOutput() {
        assertThat(walrus("--help").out()).contains("put").contains("node").contains("demo");
        assertThat(walrus("--version").out()).contains("0.1.0");
        assertThat(walrus("put", "--help").out()).contains("--file");
    }
}
