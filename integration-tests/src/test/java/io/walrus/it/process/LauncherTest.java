package io.walrus.it.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script beside the jar: the same command line, sooner. */
class LauncherTest {

    @TempDir private Path cache;

    @Test
    void theFirstCommandMakesAnArchiveThatLaterOnesUse() throws IOException {
        WalrusJar.Result first = walrus("--version");
        assertThat(first.exitCode()).as(first.err()).isZero();
        assertThat(first.out()).startsWith("walrus ").hasLineCount(1);

        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> cached().size() == 1 && cached().get(0).endsWith(".jsa"));

        WalrusJar.Result usage = walrus("put");
        assertThat(usage.exitCode()).isEqualTo(2);
        assertThat(usage.out()).isEmpty();
        assertThat(usage.err()).startsWith("walrus: ").hasLineCount(2);
        assertThat(walrus("doctor", "--millis", "0").exitCode()).isEqualTo(2);
        assertThat(cached()).hasSize(1);
    }

    private WalrusJar.Result walrus(String... args) throws IOException {
        var command =
                Stream.concat(
                                Stream.of(WalrusJar.path().resolveSibling("walrus").toString()),
                                Stream.of(args))
                        .toList();
        var builder = new ProcessBuilder(command);
        builder.environment().put("XDG_CACHE_HOME", cache.toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return WalrusJar.await(builder.start(), new byte[0]);
    }

    private List<String> cached() throws IOException {
        try (Stream<Path> files = Files.list(cache.resolve("walrus"))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
