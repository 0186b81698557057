package io.walrus.node.browser;

import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A page in a real browser, with somebody at the keys. Every call waits until the page took it. */
public final class BrowserPage implements AutoCloseable {

    private static final int SHIFT = 8;

    /** What a key is for the browser: its number, and the text that it types, if any. */
    private record Key(int number, String text) {}

    private static final Map<String, Key> KEYS =
            Map.of(
                    "Tab", new Key(9, ""),
                    "Enter", new Key(13, "\r"),
                    "Escape", new Key(27, ""),
                    "End", new Key(35, ""),
                    "Home", new Key(36, ""),
                    "ArrowLeft", new Key(37, ""),
                    "ArrowUp", new Key(38, ""),
                    "ArrowRight", new Key(39, ""),
                    "ArrowDown", new Key(40, ""),
                    "?", new Key(191, "?"));

    private final DevTools tools;
    private final Runnable end;

    BrowserPage(DevTools tools, Runnable end) {
        this.tools = tools;
        this.end = end;
        Stream.of("Page", "Runtime", "Log", "Network").forEach(room -> tools.ask(room + ".enable"));
        tools.ask("Emulation.setFocusEmulationEnabled", new JsonObject().put("enabled", true));
    }

    /** Opens that address; what was asked for and complained of before is forgotten. */
    public void go(String address) {
        tools.ask("Page.navigate", new JsonObject().put("url", "about:blank"));
        await().atMost(Duration.ofSeconds(60)).until(() -> is("location.href === 'about:blank'"));
        tools.forget();
        tools.ask("Page.navigate", new JsonObject().put("url", address));
    }

    /** What that expression is in the page, as text. */
    public String text(String expression) {
        JsonObject answer =
                tools.ask(
                        "Runtime.evaluate",
                        new JsonObject()
                                .put("expression", "String(" + expression + ")")
                                .put("returnByValue", true));
        if (answer.containsKey("exceptionDetails")) {
            throw new IllegalStateException(
                    expression + ": " + answer.getJsonObject("exceptionDetails").encode());
        }
        return answer.getJsonObject("result").getString("value");
    }

    public boolean is(String expression) {
        return text(expression).equals("true");
    }

    public void press(String key) {
        press(key, 0);
    }

    public void pressWithShift(String key) {
        press(key, SHIFT);
    }

    private void press(String key, int modifiers) {
        Key known = KEYS.get(key);
        var event =
                new JsonObject()
                        .put("key", key)
                        .put("modifiers", modifiers)
                        .put("windowsVirtualKeyCode", known.number());
        if (key.length() > 1) {
            event.put("code", key);
        }
        var down = event.copy().put("type", known.text().isEmpty() ? "rawKeyDown" : "keyDown");
        if (!known.text().isEmpty()) {
            down.put("text", known.text());
        }
        tools.ask("Input.dispatchKeyEvent", down);
        tools.ask("Input.dispatchKeyEvent", event.put("type", "keyUp"));
    }

    /** What the system prefers: {@code light} or {@code dark}. */
    public void prefer(String scheme) {
        var feature = new JsonObject().put("name", "prefers-color-scheme").put("value", scheme);
        tools.ask(
                "Emulation.setEmulatedMedia",
                new JsonObject().put("features", new JsonArray().add(feature)));
    }

    public void size(int width, int height) {
        tools.ask(
                "Emulation.setDeviceMetricsOverride",
                new JsonObject()
                        .put("width", width)
                        .put("height", height)
                        .put("deviceScaleFactor", 1)
                        .put("mobile", false));
    }

    /** The addresses of all requests since the page was opened. */
    public List<String> requests() {
        return tools.told("Network.requestWillBeSent").stream()
                .map(event -> event.getJsonObject("request").getString("url"))
                .toList();
    }

    /**
     * Errors and warnings of the console, exceptions that nobody caught, and answers from 400 on.
     */
    public List<String> complaints() {
        Stream<String> said =
                tools.told("Runtime.consoleAPICalled").stream()
                        .filter(
                                event ->
                                        List.of("error", "warning")
                                                .contains(event.getString("type")))
                        .map(JsonObject::encode);
        Stream<String> thrown =
                tools.told("Runtime.exceptionThrown").stream().map(JsonObject::encode);
        Stream<String> logged =
                tools.told("Log.entryAdded").stream()
                        .map(event -> event.getJsonObject("entry"))
                        .filter(
                                entry ->
                                        List.of("error", "warning")
                                                .contains(entry.getString("level")))
                        .map(JsonObject::encode);
        Stream<String> refused =
                tools.told("Network.responseReceived").stream()
                        .map(event -> event.getJsonObject("response"))
                        .filter(response -> response.getInteger("status") >= 400)
                        .map(response -> response.getInteger("status") + response.getString("url"));
        return Stream.of(said, thrown, logged, refused).flatMap(each -> each).toList();
    }

    /** Takes a photograph of the whole page, for a person to look at. */
    public void photograph(Path file) throws IOException {
        String picture =
                tools.ask(
                                "Page.captureScreenshot",
                                new JsonObject().put("captureBeyondViewport", true))
                        .getString("data");
        Files.write(file, Base64.getDecoder().decode(picture));
    }

    @Override
    public void close() {
        try {
            tools.close();
        } finally {
            end.run();
        }
    }
}
