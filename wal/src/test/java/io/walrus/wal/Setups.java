package io.walrus.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The combinations every behaviour must hold under, and the words tests are written in. */
final class Setups {

    private Setups() {}

    /** One way to run a log. */
    record Setup(String name, Backend backend, FsyncPolicy fsync) {

        WalOptions options(Path dir) {
            return WalOptions.in(dir).backend(backend).fsync(fsync).fileBytes(256 << 10);
        }

        Wal open(Path dir) {
            return Wal.open(options(dir));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Setup> all() {
        List<Setup> all = new ArrayList<>();
        for (Backend backend : Backend.values()) {
            all.add(new Setup(backend + " each", backend, FsyncPolicy.each()));
            all.add(
                    new Setup(
                            backend + " every", backend, FsyncPolicy.every(Duration.ofMillis(20))));
            all.add(
                    new Setup(
                            backend + " window",
                            backend,
                            FsyncPolicy.window(Duration.ofMillis(5))));
            all.add(new Setup(backend + " none", backend, FsyncPolicy.none()));
        }
        return all.stream();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static ByteBuffer buffer(String text) {
        return ByteBuffer.wrap(bytes(text));
    }

    static String text(Entry entry) {
        return StandardCharsets.UTF_8.decode(entry.payload().duplicate()).toString();
    }

    /** Every entry from an offset on, as text. */
    static List<String> textsFrom(Wal wal, String topic, long offset) {
        List<String> texts = new ArrayList<>();
        for (long next = offset; ; ) {
            List<Entry> read = wal.readAt(topic, next, 1 << 20);
            if (read.isEmpty()) {
                return texts;
            }
            for (Entry entry : read) {
                texts.add(text(entry));
                next = entry.offset() + 1;
            }
        }
    }

    /** What a kill leaves: the files as they are now, without the lock of the one that goes on. */
    static Path killed(Path dir, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path from : files.toList()) {
                Path copy = to.resolve(dir.relativize(from).toString());
                if (Files.isDirectory(from)) {
                    Files.createDirectories(copy);
                } else if (!from.getFileName().toString().equals("LOCK")) {
                    Files.copy(from, copy);
                }
            }
        }
        return to;
    }

    /** The newest file of the log's only stream. */
    static Path lastStreamFile(Path dir) throws IOException {
        try (Stream<Path> files = Files.walk(dir.resolve("streams"))) {
            return files.filter(path -> path.toString().endsWith(".log"))
                    .max(Path::compareTo)
                    .orElseThrow();
        }
    }
}
