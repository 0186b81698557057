package io.walrus.node.console;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The files of the console page, as they are in the jar. */
final class Page {

    private static final Map<String, String> TYPES =
            Map.of(
                    "html", "text/html",
                    "css", "text/css",
                    "js", "text/javascript",
                    "txt", "text/plain",
                    "svg", "image/svg+xml");
    private static final String[] FILES = {
        "index.html",
        "console.css",
        "console.js",
        "look.js",
        "help.js",
        "map.js",
        "charts.js",
        "tables.js",
        "browse.js",
        "icon.svg",
        "uPlot.iife.min.js",
        "uPlot.min.css",
        "uPlot.LICENSE.txt"
    };

    /** One file and its media type. */
    record Part(String type, Buffer bytes) {}

    private final Map<String, Part> parts = new HashMap<>();

    Page() {
        for (String file : FILES) {
            String type = TYPES.get(file.substring(file.lastIndexOf('.') + 1));
            parts.put("/" + file, new Part(type, read(file)));
        }
        parts.put("/", parts.get("/index.html"));
    }

    Optional<Part> part(String path) {
        return Optional.ofNullable(parts.get(path));
    }

    private static Buffer read(String file) {
        try (InputStream in = Page.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks the console's file " + file);
            }
            return Buffer.buffer(in.readAllBytes());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
