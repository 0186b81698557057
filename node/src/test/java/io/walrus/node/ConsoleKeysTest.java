package io.walrus.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.walrus.node.browser.BrowserPage;
import io.walrus.node.browser.Chromium;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody without a mouse at the console page, in a real browser on a real node. */
class ConsoleKeysTest {

    private static final int STOPS_MAX = 100;

    /** What has the focus: a cell's key, an id, or what kind of element it is. */
    private static final String FOCUSED =
            "(e => e.dataset.key ?? (e.id || e.textContent.trim() || e.tagName))(document.activeElement)";

    private static final String STYLE_OF_FOCUS =
            "(s => s.outlineStyle + ' ' + s.outlineWidth)(getComputedStyle(document.activeElement))";

    /** All that a mouse could use; the map counts once, since arrows move in it. */
    private static final String CONTROLS =
            "[...document.querySelectorAll('a[href], button, input, select, [tabindex=\"0\"]')]"
                    + ".filter(e => !e.disabled && e.checkVisibility() && e.tabIndex >= 0)"
                    + ".map(e => e.dataset.key ?? (e.id || e.textContent.trim())).join('|')";

    private static final String CELLS = "document.querySelectorAll('button.cell').length";
    private static final String TIME = "document.getElementById('when-text').textContent";

    @TempDir private static Path dir;
    private static NodeFixture node;
    private static BrowserPage page;

    @BeforeAll
    static void startNodeAndBrowser() throws IOException {
        Chromium chromium = Chromium.orSkip(dir, ConsoleKeysTest.class);
        node =
                NodeFixture.start(
                        dir.resolve("node"),
                        draft -> {
                            draft.httpPort = 0;
                            draft.segmentEntriesMax = 2;
                        });
        try (RawClient client = node.connect()) {
            fill(client, "clicks", 3, 2);
            fill(client, "orders", 5, 3);
            assertThat(client.ask("COMMIT orders billing 1 1")).isEqualTo("OK");
        }
        page = chromium.open();
    }

    private static void fill(RawClient client, String topic, int entries, int segments) {
        client.ask("REGISTER " + topic);
        for (int i = 0; i < entries; i++) {
            assertThat(client.ask("PUT " + topic + " entry " + i)).isEqualTo("OK");
        }
        String current = "\"current_segment\":" + segments;
        patiently().until(() -> client.ask("STATE " + topic).contains(current));
    }

    @AfterAll
    static void stopBrowserAndNode() {
        if (page != null) {
            page.close();
        }
        if (node != null) {
            node.close();
        }
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(60));
    }

    @BeforeEach
    void openThePage() {
        page.size(1400, 900);
        page.prefer("light");
        page.go(origin() + "/");
        until(CELLS + " === 5");
        until("(document.getElementById('events').innerText.match(/rollover/g) ?? []).length >= 3");
    }

    private static String origin() {
        return "http://127.0.0.1:" + node.node().httpPort();
    }

    @AfterEach
    void nobodyElseWasAskedAndNothingWentWrong() {
        assertThat(page.requests())
                .isNotEmpty()
                .allMatch(
                        address ->
                                address.startsWith(origin() + "/") || address.startsWith("data:"));
        assertThat(page.complaints()).isEmpty();
    }

    private static void until(String expression) {
        patiently().until(() -> page.is(expression));
    }

    private static void untilFocused(String what) {
        patiently().until(() -> page.text(FOCUSED), what::equals);
    }

    private static void press(String... keys) {
        for (String key : keys) {
            page.press(key);
        }
    }

    private static void focus(String selector) {
        page.text("document.querySelector('" + selector + "').focus()");
        until("document.querySelector('" + selector + "') === document.activeElement");
    }

    /** Each is seen to have the focus when Tab has come there. */
    private static List<String> stopsOfTab() {
        var stops = new ArrayList<String>();
        for (int i = 0; i < STOPS_MAX; i++) {
            press("Tab");
            String stop = page.text(FOCUSED);
            // Behind the last one a browser leaves the page, or begins again at its top.
            if (page.is("document.activeElement === document.body") || stops.contains(stop)) {
                return stops;
            }
            assertThat(page.text(STYLE_OF_FOCUS)).as("outline of " + stop).isEqualTo("solid 3px");
            stops.add(stop);
        }
        throw new AssertionError("Tab does not come to an end: " + stops);
    }

    @Test
    void tabReachesEveryControlInTheOrderOfReadingAndTheFocusIsSeen() {
        focus("#rows [data-key=\"orders 3\"]");
        press("Enter");
        untilFocused("browse-result");
        page.text("document.activeElement.blur()");
        page.text("getSelection().collapse(document.body, 0)");
        List<String> stops = stopsOfTab();
        assertThat(stops)
                .containsExactly(
                        "Skip to the segment map",
                        "help-open",
                        "orders 3",
                        "when",
                        "browse-topic",
                        "browse-segment",
                        "browse-offset",
                        "browse-form-of",
                        "browse-read",
                        "browse-next",
                        "browse-close");
        assertThat(stops).containsExactly(page.text(CONTROLS).split("\\|"));
        focus("#browse-close");
        page.pressWithShift("Tab");
        untilFocused("browse-next");
    }

    @Test
    void arrowsMoveInTheMap() {
        focus("#rows [data-key=\"orders 3\"]");
        press("ArrowLeft");
        untilFocused("orders 2");
        press("ArrowUp");
        untilFocused("clicks 2");
        press("Home");
        untilFocused("clicks 1");
        press("ArrowDown");
        untilFocused("orders 1");
        press("End");
        untilFocused("orders 3");
        assertThat(page.text("document.getElementById('cell').textContent"))
                .startsWith("orders, segment 3: node 1, open");
        press("ArrowRight");
        assertThat(page.text(FOCUSED)).isEqualTo("orders 3");
    }

    @Test
    void theFocusedCellStaysTheSameWhilePicturesComeIn() {
        focus("#rows [data-key=\"orders 2\"]");
        page.text("document.activeElement.mark = 'the same'");
        page.text("document.body.dataset.pictures = 1");
        until("Number(document.body.dataset.pictures) >= 4");
        assertThat(page.text(FOCUSED)).isEqualTo("orders 2");
        assertThat(page.text("document.activeElement.mark")).isEqualTo("the same");
    }

    @Test
    void theFocusOutlivesASegmentThatComes() {
        try (RawClient client = node.connect()) {
            client.ask("REGISTER coming");
            until("document.querySelector('[data-key=\"coming 1\"]') !== null");
            focus("#rows [data-key=\"coming 1\"]");
            fill(client, "coming", 2, 2);
            until("document.querySelector('[data-key=\"coming 2\"]') !== null");
            untilFocused("coming 1");
            // The other tests share this node: its events are to have come before they begin.
            assertThat(client.ask("DELETE coming")).isEqualTo("OK");
            until("document.getElementById('events').innerText.includes('deleted')");
        }
    }

    @Test
    void theSliderGoesThroughTimeWithKeys() {
        until("document.getElementById('when').max > 1");
        String last = page.text("document.getElementById('when').max");
        focus("#when");
        assertThat(page.text(TIME)).isEqualTo("now");
        press("ArrowLeft");
        String before = "event " + (Integer.parseInt(last) - 1) + " of " + last;
        patiently().until(() -> page.text(TIME).endsWith(before));
        press("Home");
        patiently().until(() -> page.text(TIME), "before the first event"::equals);
        until(CELLS + " < 5");
        press("End");
        patiently().until(() -> page.text(TIME), "now"::equals);
        until(CELLS + " === 5");
    }

    @Test
    void enterReadsASegmentAndEscapeGoesBackToItsCell() throws IOException {
        focus("#rows [data-key=\"orders 2\"]");
        press("Enter");
        untilFocused("browse-result");
        assertThat(page.text("document.activeElement.textContent"))
                .contains("2:0")
                .contains("entry 2")
                .contains("2:1")
                .contains("entry 3");
        photograph("entries");
        press("Escape");
        untilFocused("orders 2");
        assertThat(page.text("document.getElementById('browse-result').textContent"))
                .startsWith("Choose a place");
        assertThat(page.is("document.getElementById('browse-close').disabled")).isTrue();
    }

    @Test
    void theFormReadsWithEnterAndEscapeLeavesTheFocusThere() {
        focus("#browse-offset");
        press("Enter");
        until("document.getElementById('browse-result').textContent.includes('entry 0')");
        assertThat(page.text(FOCUSED)).isEqualTo("browse-offset");
        press("Escape");
        until("document.getElementById('browse-result').textContent.startsWith('Choose a place')");
        assertThat(page.text(FOCUSED)).isEqualTo("browse-offset");
    }

    @Test
    void aQuestionMarkListsTheKeysAndEscapeGivesTheFocusBack() throws IOException {
        focus("#rows [data-key=\"clicks 1\"]");
        press("?");
        until("document.getElementById('help').open");
        untilFocused("help-close");
        assertThat(page.text("document.getElementById('help').innerText"))
                .contains("Tab", "Home", "End", "Enter", "Esc", "?", "slider", "map");
        photograph("keys");
        press("Escape");
        until("!document.getElementById('help').open");
        untilFocused("clicks 1");
        press("?", "?");
        until("!document.getElementById('help').open");
        untilFocused("clicks 1");
    }

    @Test
    void escapeClosesTheKeysBeforeTheEntries() {
        focus("#rows [data-key=\"orders 1\"]");
        press("Enter");
        untilFocused("browse-result");
        press("?");
        until("document.getElementById('help').open");
        press("Escape");
        until("!document.getElementById('help').open");
        untilFocused("browse-result");
        press("Escape");
        untilFocused("orders 1");
    }

    @Test
    void whoPrefersDarkGetsADarkPage() throws IOException {
        photograph("light");
        String ground = "getComputedStyle(document.body).backgroundColor";
        String light = page.text(ground);
        String lightInk = page.text("getComputedStyle(document.body).color");
        page.prefer("dark");
        patiently().until(() -> !page.text(ground).equals(light));
        assertThat(brightness(page.text(ground))).isLessThan(brightness(light));
        assertThat(brightness(page.text("getComputedStyle(document.body).color")))
                .isGreaterThan(brightness(lightInk));
        photograph("dark");
    }

    /** For a person to look at: {@code target/console/*.png}. */
    private static void photograph(String name) throws IOException {
        Path folder = Files.createDirectories(Path.of("target", "console"));
        page.photograph(folder.resolve(name + ".png"));
    }

    /** Of {@code rgb(r, g, b)}. */
    private static int brightness(String colour) {
        int sum = 0;
        for (String part : colour.replaceAll("[^0-9,]", "").split(",")) {
            sum += Integer.parseInt(part);
        }
        return sum;
    }

    @Test
    void theNumbersOfAnAxisHaveOneUnitAndTheSameDecimals() {
        page.text(
                "(import('/charts.js').then(it => { window.axes ="
                        + " it.evenMillis([0, 2.5, 5], 2.5).join(' ') + ' | '"
                        + " + it.evenMillis([0, 50, 100], 50).join(' ') + ' | '"
                        + " + it.evenMillis([0, 0.25, 0.5], 0.25).join(' ') + ' | '"
                        + " + it.evenShort([0, 500, 1000], 500).join(' ') + ' | '"
                        + " + it.evenShort([0, 0.5, 1], 0.5).join(' '); }), 'asked')");
        until(
                "window.axes === '0.0 2.5 5.0 | 0 50 100 | 0.00 0.25 0.50 | 0.0K 0.5K 1.0K |"
                        + " 0.0 0.5 1.0'");
    }

    @Test
    void aNarrowScreenNeedsNoScrollingSideways() throws IOException {
        page.size(400, 800);
        until("innerWidth === 400");
        patiently().until(() -> page.is("document.documentElement.scrollWidth <= 400"));
        photograph("narrow");
    }
}
