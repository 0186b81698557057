package io.walrus.node.browser;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The Chromium of this machine, without a window and with a profile of its own. */
public final class Chromium {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Path program;
    private final Path dir;

    private Chromium(Path program, Path dir) {
        this.program = program;
        this.dir = dir;
    }

    /** Where there is no Chromium, the test that asks is skipped, loudly. */
    public static Chromium orSkip(Path dir, Class<?> test) {
        Optional<Path> program = onPath();
        if (program.isEmpty()) {
            System.err.println(
                    "SKIPPED: %s looked at nothing, there is no chromium on the PATH"
                            .formatted(test.getSimpleName()));
        }
        assumeTrue(program.isPresent(), "no chromium on the PATH");
        return new Chromium(program.get(), dir);
    }

    private static Optional<Path> onPath() {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.of(path.split(File.pathSeparator))
                .flatMap(
                        folder ->
                                Stream.of("chromium", "chromium-browser", "google-chrome")
                                        .map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The page as markup after its first seconds. */
    public String render(String address) throws IOException, InterruptedException {
        Path dump = dir.resolve("page.html");
        Process process =
                start(
                        dump,
                        List.of("--virtual-time-budget=3000", "--dump-dom", address),
                        profile());
        try {
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as("the browser is done; it said: " + log())
                    .isTrue();
            return Files.readString(dump, UTF_8);
        } finally {
            end(process);
        }
    }

    /** An empty page to be driven; closing it ends the browser. */
    public BrowserPage open() throws IOException {
        Path profile = profile();
        // The browser writes there which port it took, and the path of its DevTools socket.
        Path where = profile.resolve("DevToolsActivePort");
        Process process =
                start(
                        dir.resolve("browser.out"),
                        List.of("--remote-debugging-port=0", "about:blank"),
                        profile);
        try {
            await("the browser's DevTools port")
                    .atMost(PATIENCE)
                    .failFast("the browser ended", () -> !process.isAlive())
                    .until(() -> Files.exists(where) && Files.readAllLines(where).size() == 2);
            List<String> lines = Files.readAllLines(where);
            var tools = DevTools.connect(Integer.parseInt(lines.get(0)), lines.get(1));
            return new BrowserPage(tools, () -> end(process));
        } catch (RuntimeException | IOException failed) {
            end(process);
            failed.addSuppressed(new IllegalStateException("the browser said: " + log()));
            throw failed;
        }
    }

    private Path profile() throws IOException {
        return Files.createTempDirectory(dir, "profile");
    }

    private Process start(Path out, List<String> what, Path profile) throws IOException {
        var command =
                new ArrayList<>(
                        List.of(
                                program.toString(),
                                "--headless",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-dev-shm-usage",
                                "--disable-quic",
                                "--no-first-run",
                                "--hide-scrollbars",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync",
                                "--user-data-dir=" + profile));
        command.addAll(what);
        return new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(dir.resolve("browser.log").toFile())
                .start();
    }

    private String log() {
        try {
            return Files.readString(dir.resolve("browser.log"), UTF_8);
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    private static void end(Process process) {
        List<ProcessHandle> all =
                Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        // The profile's directory can only be removed when nobody writes there.
        await("the end of the browser")
                .atMost(PATIENCE)
                .until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
    }
}
