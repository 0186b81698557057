package io.walrus.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * What the command line reads from and writes to, and what it may assume about it.
 *
 * @param in where {@code put TOPIC -} and the prompt read
 * @param out where entries and JSON go, byte for byte; may be buffered, so it is flushed before
 *     waiting
 * @param err where everything else goes
 * @param inIsTerminal a person types: the prompt edits lines and keeps a history
 * @param outShowsBlocks a person reads the output, on a terminal that shows Unicode's blocks
 * @param errIsTerminal a person watches: progress may be shown
 * @param colour help may be coloured
 * @param argumentCharset how the process decoded its arguments
 * @param historyFile where the prompt keeps its history
 */
public record CliStreams(
        InputStream in,
        OutputStream out,
        PrintStream err,
        boolean inIsTerminal,
        boolean outShowsBlocks,
        boolean errIsTerminal,
        boolean colour,
        Charset argumentCharset,
        Path historyFile) {

    private static final int OUT_BYTES = 64 << 10;

    /**
     * The streams of this process; {@code NO_COLOR} is honoured, history is kept in {@code
     * ~/.walrus_history}.
     */
    public static CliStreams ofProcess(Map<String, String> environment) {
        boolean outIsTerminal = TerminalCheck.isTerminal(1);
        boolean errIsTerminal = TerminalCheck.isTerminal(2);
        boolean isColourRefused = !environment.getOrDefault("NO_COLOR", "").isEmpty();
        return new CliStreams(
                System.in,
                // Not System.out: it hides write errors, and a lost entry must be told.
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), OUT_BYTES),
                System.err,
                TerminalCheck.isTerminal(0) && outIsTerminal,
                outIsTerminal && charsetOfArguments().equals(StandardCharsets.UTF_8),
                errIsTerminal,
                outIsTerminal && errIsTerminal && !isColourRefused,
                charsetOfArguments(),
                Path.of(System.getProperty("user.home"), ".walrus_history"));
    }

    private static Charset charsetOfArguments() {
        String name = System.getProperty("sun.jnu.encoding", "UTF-8");
        return Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.UTF_8;
    }
}
