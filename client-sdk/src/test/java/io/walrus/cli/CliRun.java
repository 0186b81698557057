package io.walrus.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;

/** One run of the command line in this process: what went in, what came out. */
final class CliRun {

    final ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    final ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    private final List<Object> subcommands = new ArrayList<>();
    private OutputStream out = outBytes;
    private InputStream in = InputStream.nullInputStream();
    private boolean isTerminal;
    private boolean isColoured;
    private Path historyFile = Path.of("never-written");
    private int exitCode;

    static CliRun of(String... arguments) {
        return new CliRun().run(arguments);
    }

    CliRun input(String bytesAsLatin1) {
        in = new ByteArrayInputStream(bytesAsLatin1.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    /** Writes elsewhere; {@link #out()} stays empty then. */
    CliRun output(OutputStream stream) {
        out = stream;
        return this;
    }

    CliRun input(InputStream stream) {
        in = stream;
        return this;
    }

    CliRun atTerminal(Path history) {
        isTerminal = true;
        historyFile = history;
        return this;
    }

    CliRun coloured() {
        isColoured = true;
        return this;
    }

    CliRun with(Object subcommand) {
        subcommands.add(subcommand);
        return this;
    }

    CliRun run(String... arguments) {
        return run(
                streams -> WalrusCommandLine.run(streams, arguments, () -> subcommands.toArray()));
    }

    /** One plain request; it fails if the whole command line was needed for it. */
    static CliRun plain(String... arguments) {
        return new CliRun()
                .run(streams -> WalrusCommandLine.runPlain(streams, arguments).orElseThrow());
    }

    private CliRun run(ToIntFunction<CliStreams> commandLine) {
        try (PrintStream err = new PrintStream(errBytes, true, StandardCharsets.UTF_8)) {
            exitCode =
                    commandLine.applyAsInt(
                            new CliStreams(
                                    in,
                                    out,
                                    err,
                                    isTerminal,
                                    false,
                                    false,
                                    isColoured,
                                    StandardCharsets.UTF_8,
                                    historyFile));
        }
        return this;
    }

    /** Streams that carry nothing anywhere. */
    static CliStreams silentStreams() {
        return streamsTo(new ByteArrayOutputStream());
    }

    /** The same, but for standard output. */
    static CliStreams streamsTo(ByteArrayOutputStream out) {
        return new CliStreams(
                InputStream.nullInputStream(),
                out,
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                false,
                false,
                false,
                false,
                StandardCharsets.UTF_8,
                Path.of("never-written"));
    }

    int exitCode() {
        return exitCode;
    }

    /** Standard output, one char per byte. */
    String out() {
        return outBytes.toString(StandardCharsets.ISO_8859_1);
    }

    String err() {
        return errBytes.toString(StandardCharsets.UTF_8);
    }

    List<String> errLines() {
        return Arrays.asList(err().split("\n"));
    }

    /** An input that breaks after some bytes. */
    static InputStream breakingAfter(String start) {
        byte[] bytes = start.getBytes(StandardCharsets.ISO_8859_1);
        return new InputStream() {
            private int at;

            @Override
            public int read() throws IOException {
                if (at == bytes.length) {
                    throw new IOException("pulled out");
                }
                return bytes[at++];
            }
        };
    }
}
