package io.walrus.node.demo;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * All files as one row of entries: a line with its line end is an entry, byte for byte, and a
 * longer line is several.
 *
 * @param files what was read, in order
 * @param bytes the sum of all files
 */
record DemoSource(List<DemoFile> files, List<Buffer> entries, long bytes) {

    /** Entries stay well under the frame limit of a node. */
    private static final int ENTRY_BYTES_MAX = 256 << 10;

    /** So that enough is left to write when a node is killed halfway. */
    static final int ENTRIES_MIN = 24;

    /** One file: its digest, and how many entries it became. */
    record DemoFile(Path path, String sha256, int entries, long bytes) {}

    static DemoSource read(List<Path> paths) throws IOException {
        var files = new ArrayList<DemoFile>();
        var entries = new ArrayList<Buffer>();
        long bytes = 0;
        for (Path path : paths) {
            byte[] content = Files.readAllBytes(path);
            int before = entries.size();
            split(content, entries);
            files.add(new DemoFile(path, hex(content), entries.size() - before, content.length));
            bytes += content.length;
        }
        return new DemoSource(files, entries, bytes);
    }

    private static void split(byte[] content, List<Buffer> entries) {
        Buffer all = Buffer.buffer(content);
        int from = 0;
        for (int at = 0; at < content.length; at++) {
            if (content[at] == '\n' || at - from + 1 == ENTRY_BYTES_MAX) {
                entries.add(all.slice(from, at + 1));
                from = at + 1;
            }
        }
        if (from < content.length) {
            entries.add(all.slice(from, content.length));
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    private static String hex(byte[] content) {
        return HexFormat.of().formatHex(sha256().digest(content));
    }
}
