package io.walrus.it.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code walrus dev}: three nodes in one process and a prompt, as a newcomer starts it. */
class DevJarTest {

    @TempDir private Path dir;

    private static WalrusJar.Result dev(String lines, String... flags) {
        var args = new String[flags.length + 1];
        args[0] = "dev";
        System.arraycopy(flags, 0, args, 1, flags.length);
        return WalrusJar.run(lines.getBytes(StandardCharsets.UTF_8), Map.of(), args);
    }

    @Test
    void aSecondStartOnTheSameDirectoryGoesOn() {
        String data = dir.resolve("data").toString();
        WalrusJar.Result first =
                dev("register a\nput a one\nput a two\nget a\n", "--data-dir", data);
        assertThat(first.exitCode()).as(first.err()).isZero();
        assertThat(first.out()).isEqualTo("one\n");
        assertThat(first.err()).contains("node 3  clients 127.0.0.1:");
        assertThat(first.err()).containsPattern("console http://127\\.0\\.0\\.1:[1-9][0-9]*/");

        WalrusJar.Result second = dev("put a three\nget a -n 9\n", "--data-dir", data);
        assertThat(second.exitCode()).as(second.err()).isZero();
        assertThat(second.out()).isEqualTo("two\nthree\n");
    }

    @Test
    void withoutADirectoryNothingIsLeftBehind() {
        WalrusJar.Result result = dev("metrics\n");
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).contains("\"configs\":[[1,2,3]]");
        String where = result.err().lines().findFirst().orElseThrow();
        assertThat(Path.of(where.substring(where.indexOf('/')))).doesNotExist();
    }

    @Test
    void aDirectoryWithOtherThingsIsRefusedAndLeftAlone() throws Exception {
        Path mine = Files.writeString(dir.resolve("letter.txt"), "dear");
        WalrusJar.Result result = dev("", "--data-dir", dir.toString());
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("expected an empty directory or one of 'walrus dev'");
        assertThat(dir.toFile().list()).containsExactly(mine.getFileName().toString());
    }
}
