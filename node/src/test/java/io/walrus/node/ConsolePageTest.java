package io.walrus.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.walrus.node.browser.Chromium;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console page in a real browser, if there is one: what a person would read. */
class ConsolePageTest {

    @TempDir private Path dir;

    @Test
    void thePageShowsTheRotationAndPayloadsAreTextWhateverTheyPretendToBe() throws Exception {
        Chromium browser = Chromium.orSkip(dir, ConsolePageTest.class);
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
            String page = browser.render(origin(node) + "/?still&topic=events&segment=1&offset=0");
            assertThat(page).contains("Node 1 is ready; it is a cluster of one; 1 topic.");
            assertThat(page)
                    .contains("<title>Walrus node 1</title>")
                    .doesNotContain("<img src=\"x\"");
            assertThat(page).contains("&lt;img src=x onerror=").contains("&lt;script&gt;document");
            assertThat(page)
                    .contains("events, segment 1: node 1, sealed, 2 entries")
                    .contains("events, segment 2: node 1, open, 1 entry,");
            assertThat(page).contains("node 1 sealed segment 1 at 2 entries; segment 2 is open");
            String before = browser.render(origin(node) + "/?still&event=1");
            assertThat(before)
                    .contains("events, segment 1: node 1, open")
                    .doesNotContain("events, segment 2: node 1");
            assertThat(page).contains("data-pictures=\"1\"").contains("class=\"uplot");
        }
    }

    @Test
    void anEmptyNodeSaysWhatToDo() throws Exception {
        Chromium browser = Chromium.orSkip(dir, ConsolePageTest.class);
        try (NodeFixture node =
                NodeFixture.start(dir.resolve("node"), draft -> draft.httpPort = 0)) {
            String page = browser.render(origin(node) + "/?still");
            assertThat(page)
                    .contains("No topic yet. Create one:")
                    .contains("walrus topic create events");
        }
    }

    private static String origin(NodeFixture node) {
        return "http://127.0.0.1:" + node.node().httpPort();
    }
}
