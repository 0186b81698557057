package io.walrus.it.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's first command. */
class DemoJarTest {

    @TempDir private Path dir;

    @Test
    void filesComeBackByteForByteThroughAHardKill() throws IOException {
        Path text = dir.resolve("text.txt");
        Files.writeString(text, "a line\r\n\n".repeat(3_000) + "no line end");
        Path binary = dir.resolve("binary.bin");
        var bytes = new byte[700_000];
        new Random(1).nextBytes(bytes);
        Files.write(binary, bytes);
        Path longLine = dir.resolve("long.txt");
        var line = new ByteArrayOutputStream();
        line.writeBytes("x".repeat(3_000_000).getBytes(StandardCharsets.UTF_8));
        Files.write(longLine, line.toByteArray());

        WalrusJar.Result result =
                WalrusJar.run("demo", text.toString(), binary.toString(), longLine.toString());

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out())
                .contains("every file came back byte for byte")
                .contains("recovery")
                .contains("MB/s");
        assertThat(result.out())
                .containsPattern("segments +node 1: \\d+, node 2: \\d+, node 3: \\d+");
        assertThat(result.err()).containsPattern("segment +2 is led by node \\d");
        assertThat(result.err()).contains("SIGKILL").doesNotContain("Exception");
    }

    @Test
    void aShortFileIsEnough() throws IOException {
        Path text = Files.writeString(dir.resolve("short.txt"), "a line\n".repeat(100));

        WalrusJar.Result result = WalrusJar.run("demo", text.toString());

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.err()).contains("SIGKILL").doesNotContain("Exception");
    }

    @Test
    void aFileOfAFewLinesIsRefusedInOneLine() throws IOException {
        Path text = Files.writeString(dir.resolve("few.txt"), "one\ntwo\n");

        WalrusJar.Result result = WalrusJar.run("demo", text.toString());

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("2 lines are too few").doesNotContain("\tat ");
    }

    @Test
    void aFileThatIsNotThereIsOneClearLine() {
        WalrusJar.Result result = WalrusJar.run("demo", dir.resolve("nothing").toString());
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .contains("nothing")
                .doesNotContain("Exception")
                .doesNotContain("\tat ");
    }
}
