package io.walrus.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether a standard stream is a terminal, without native code. */
final class TerminalCheck {

    private TerminalCheck() {}

    /** Asks Linux about that descriptor; elsewhere Java's console has to answer for all of them. */
    static boolean isTerminal(int descriptor) {
        try {
            Path link = Path.of("/proc/self/fd", Integer.toString(descriptor));
            String target = Files.readSymbolicLink(link).toString();
            return target.startsWith("/dev/pts/")
                    || target.startsWith("/dev/tty")
                    || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException notLinux) {
            return System.console() != null;
        }
    }
}
