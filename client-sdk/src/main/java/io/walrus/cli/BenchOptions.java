package io.walrus.cli;

import io.walrus.cli.load.LoadOptions;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** What the benchmarks have in common. */
final class BenchOptions {

    private static final int CLIENTS_MAX = 10_000;
    private static final int IN_FLIGHT_MAX = 4_096;
    private static final Duration DEFAULT_DURATION = Duration.ofSeconds(10);

    @Option(
            names = "--clients",
            paramLabel = "N",
            defaultValue = "10",
            description = "Connections. Default 10.")
    private int clients;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            defaultValue = "1",
            description = "Requests waiting for a reply on each connection. Default 1.")
    private int inFlight;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Requests a second in all. Latency then counts from when a request was due. Default no limit.")
    private long rate;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long. Default 10s, with --count no limit.")
    private Duration duration;

    @Option(names = "--count", paramLabel = "N", description = "End after N requests.")
    private Long count;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table (the default) or json.")
    private OutputFormat format;

    /** The load that these describe; what makes no sense is a usage error. */
    LoadOptions load(
            CommandLine command, String topic, int entryBytes, int batch, boolean isVerified) {
        Limits.check(command, "--clients", clients, 1, CLIENTS_MAX);
        Limits.check(command, "--in-flight", inFlight, 1, IN_FLIGHT_MAX);
        Limits.check(command, "--rate", rate, 0, Integer.MAX_VALUE);
        Limits.check(command, "--count", count == null ? 1 : count, 1, Long.MAX_VALUE);
        long durationMillis =
                duration != null
                        ? duration.toMillis()
                        : count != null ? LoadOptions.UNLIMITED : DEFAULT_DURATION.toMillis();
        Limits.check(command, "--duration (in ms)", durationMillis, 1, Long.MAX_VALUE);
        return new LoadOptions(
                WalrusCommand.topic(command, topic),
                clients,
                inFlight,
                entryBytes,
                batch,
                rate,
                durationMillis,
                count == null ? LoadOptions.UNLIMITED : count,
                isVerified);
    }

    OutputFormat format() {
        return format;
    }
}
