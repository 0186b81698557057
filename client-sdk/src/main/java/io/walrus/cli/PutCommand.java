package io.walrus.cli;

import io.vertx.core.buffer.Buffer;
import io.walrus.protocol.Command;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code walrus put TOPIC DATA}, and one entry per line from standard input or a file. */
@CommandLine.Command(
        name = "put",
        description = "Appends DATA as one entry, or each line of standard input (-) or of a file.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Lines are sent byte for byte without their \\n; a \\r stays. An empty line is an empty entry.",
        })
final class PutCommand implements Runnable {

    private static final String STANDARD_INPUT = "-";
    private static final int BATCH_MAX = Command.BATCH_ENTRIES_MAX;
    private static final char REPLACEMENT = '\ufffd';

    @ParentCommand private WalrusCommand root;
    @Spec private CommandSpec spec;
    @Mixin private ServerOptions server;

    @Parameters(index = "0", paramLabel = "TOPIC", description = "The topic.")
    private String topic;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "DATA",
            description = "The entry, in UTF-8; - for lines of standard input.")
    private String data;

    @Option(names = "--file", paramLabel = "F", description = "Send the lines of this file.")
    private Path file;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description =
                    "Send up to N lines that are here already as one request, all or nothing. Default 1.")
    private Integer batch;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Send at most N lines a second. Default no limit.")
    private Integer rate;

    @Override
    public void run() {
        String name = WalrusCommand.topic(spec.commandLine(), topic);
        if ((data == null) == (file == null)) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "put wants one of DATA, - (standard input) or --file F");
        }
        checkLineOptions();
        if (file != null) {
            putFile(name);
        } else if (data.equals(STANDARD_INPUT)) {
            putLines(name, root.streams().in(), PutProgress.UNKNOWN_BYTES, "standard input");
        } else {
            putOne(
                    root,
                    root.connect(spec.commandLine(), server),
                    name,
                    Buffer.buffer(dataBytes()));
        }
    }

    private void checkLineOptions() {
        if ((batch != null || rate != null) && data != null && !data.equals(STANDARD_INPUT)) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--batch and --rate are for lines: put TOPIC - or --file");
        }
        Limits.check(spec.commandLine(), "--batch", batch == null ? 1 : batch, 1, BATCH_MAX);
        Limits.check(spec.commandLine(), "--rate", rate == null ? 1 : rate, 1, Integer.MAX_VALUE);
    }

    static void putOne(
            WalrusCommand root, ServerConnection connection, String topic, Buffer payload) {
        connection.call(new Command.Put(topic, payload));
        root.note("OK");
    }

    private byte[] dataBytes() {
        boolean isDamaged =
                !root.streams().argumentCharset().equals(StandardCharsets.UTF_8)
                        && data.indexOf(REPLACEMENT) >= 0;
        if (isDamaged) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    "the locale ("
                            + root.streams().argumentCharset()
                            + ") cannot carry these bytes as an argument; set LC_ALL=C.UTF-8 or use: put TOPIC -");
        }
        return data.getBytes(StandardCharsets.UTF_8);
    }

    private void putFile(String name) {
        try (InputStream in = Files.newInputStream(file)) {
            putLines(name, in, Files.size(file), file.toString());
        } catch (NoSuchFileException missing) {
            throw new CliFailure(ExitCode.USAGE, "no such file: " + file);
        } catch (IOException failure) {
            throw new CliFailure(
                    ExitCode.REFUSED, "cannot read " + file + ": " + failure.getMessage());
        }
    }

    private Pace pace() {
        return rate == null
                ? Pace.UNLIMITED
                : new Pace(rate, System::nanoTime, LockSupport::parkNanos);
    }

    private void putLines(String name, InputStream in, long sizeBytes, String source) {
        ServerConnection connection = root.connect(spec.commandLine(), server);
        String account;
        try (PutProgress progress = PutProgress.to(root.streams(), sizeBytes)) {
            LinePutter putter =
                    new LinePutter(
                            connection.client(), name, progress, batch == null ? 1 : batch, pace());
            try {
                putter.putAll(new LineSource(in));
            } catch (IOException failure) {
                throw new CliFailure(
                        ExitCode.REFUSED,
                        "cannot read "
                                + source
                                + ": "
                                + failure.getMessage()
                                + "; "
                                + putter.account());
            }
            account = putter.account();
        }
        root.note(account);
    }
}
