package io.walrus.it.cluster;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Which process a connection's local port belongs to, as Linux tells it under {@code /proc}. */
final class PortOwner {

    private static final int LOCAL_ADDRESS = 1;
    private static final int INODE = 9;

    private PortOwner() {}

    /** Whether that process has a socket with that local port. */
    static boolean owns(long pid, int port) {
        return inodeOf(port).map(inode -> holds(pid, "socket:[" + inode + "]")).orElse(false);
    }

    private static Optional<String> inodeOf(int port) {
        String ending = ":%04X".formatted(port);
        for (String table : List.of("/proc/net/tcp6", "/proc/net/tcp")) {
            try {
                for (String line : Files.readAllLines(Path.of(table))) {
                    String[] words = line.trim().split("\\s+");
                    if (words.length > INODE
                            && words[LOCAL_ADDRESS].endsWith(ending)
                            && !words[INODE].equals("0")) {
                        return Optional.of(words[INODE]);
                    }
                }
            } catch (IOException absent) {
                // no such table here; the other one may have it
            }
        }
        return Optional.empty();
    }

    private static boolean holds(long pid, String link) {
        try (DirectoryStream<Path> open =
                Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            for (Path descriptor : open) {
                if (linkOf(descriptor).equals(link)) {
                    return true;
                }
            }
        } catch (IOException gone) {
            // the process has ended
        }
        return false;
    }

    private static String linkOf(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closed) {
            return "";
        }
    }
}
