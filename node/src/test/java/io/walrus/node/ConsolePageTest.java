package io.walrus.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console page in a real browser, if there is one: what a person would read. */
class ConsolePageTest {

    private static final int BROWSER_SECONDS_MAX = 60;

    @TempDir private Path dir;

    @Test
    void thePageShowsTheRotationAndPayloadsAreTextWhateverTheyPretendToBe() throws Exception {
        Optional<Path> browser = browser();
        if (browser.isEmpty()) {
            System.err.println(
                    "SKIPPED: ConsolePageTest looked at nothing, there is no chromium on the PATH");
        }
        assumeTrue(browser.isPresent(), "no chromium on the PATH");
        try (NodeFixture node =
                        NodeFixture.start(
                                dir.resolve("node"),
                                draft -> {
                                    draft.httpPort = 0;
                                    draft.segmentEntriesMax = 2;
                                });
                RawClient client = node.connect()) {
            client.ask("REGISTER events");
            client.ask("PUT events <img src=x onerror=\"document.title='HACKED'\">");
            client.ask("PUT events <script>document.title='HACKED'</script>");
            client.ask("PUT events third");
            await().until(() -> client.ask("STATE events").contains("\"current_segment\":2"));
            String page = render(browser.get(), node, "/?still&topic=events&segment=1&offset=0");
            assertThat(page).contains("Node 1 is ready; it is a cluster of one; 1 topic.");
            assertThat(page)
                    .contains("<title>Walrus node 1</title>")
                    .doesNotContain("<img src=\"x\"");
            assertThat(page).contains("&lt;img src=x onerror=").contains("&lt;script&gt;document");
            assertThat(page)
                    .contains("events, segment 1: node 1, sealed, 2 entries")
                    .contains("events, segment 2: node 1, open, 1 entries");
            assertThat(page).contains("node 1 sealed segment 1 at 2 entries; segment 2 is open");
            String before = render(browser.get(), node, "/?still&event=1");
            assertThat(before)
                    .contains("events, segment 1: node 1, open")
                    .doesNotContain("events, segment 2: node 1");
            assertThat(page).contains("data-pictures=\"1\"").contains("class=\"uplot");
        }
    }

    @Test
    void anEmptyNodeSaysWhatToDo() throws Exception {
        Optional<Path> browser = browser();
        assumeTrue(browser.isPresent(), "no chromium on the PATH");
        try (NodeFixture node =
                NodeFixture.start(dir.resolve("node"), draft -> draft.httpPort = 0)) {
            String page = render(browser.get(), node, "/?still");
            assertThat(page)
                    .contains("No topic yet. Create one:")
                    .contains("walrus topic create events");
        }
    }

    private String render(Path browser, NodeFixture node, String path) throws Exception {
        Path dump = dir.resolve("page.html");
        List<String> command = new ArrayList<>(List.of(browser.toString()));
        command.addAll(
                List.of(
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--user-data-dir=" + Files.createTempDirectory(dir, "profile"),
                        "--virtual-time-budget=3000",
                        "--dump-dom",
                        "http://127.0.0.1:" + node.node().httpPort() + path));
        Process process =
                new ProcessBuilder(command)
                        .redirectOutput(dump.toFile())
                        .redirectError(dir.resolve("browser.log").toFile())
                        .start();
        try {
            assertThat(process.waitFor(BROWSER_SECONDS_MAX, TimeUnit.SECONDS))
                    .as("the browser is done; it said: " + dir.resolve("browser.log"))
                    .isTrue();
            return Files.readString(dump, UTF_8);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.toHandle().destroyForcibly();
        }
    }

    private static Optional<Path> browser() throws IOException {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.of(path.split(File.pathSeparator))
                .flatMap(
                        folder ->
                                Stream.of("chromium", "chromium-browser", "google-chrome")
                                        .map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
