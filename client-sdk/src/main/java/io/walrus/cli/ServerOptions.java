package io.walrus.cli;

import io.walrus.client.WalrusClientOptions;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Which server, and how long to wait for it; may stand before or after the command's name. */
final class ServerOptions {

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);
    private static final int CONNECT_MILLIS_MAX = 3_000;

    @Option(
            names = "--addr",
            paramLabel = "HOST[:PORT]",
            description =
                    "Server, or several split by commas: the first reachable one. Default 127.0.0.1:8080.")
    private String addresses;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long a request may take, such as 500ms or 10s (the default).")
    private Duration timeout;

    /** These, and where they are silent, the others. */
    WalrusClientOptions clientOptions(ServerOptions others) {
        Duration wait =
                timeout != null
                        ? timeout
                        : others.timeout != null ? others.timeout : DEFAULT_TIMEOUT;
        String where = addresses != null ? addresses : others.addresses;
        int waitMillis = (int) Math.max(1, Math.min(Integer.MAX_VALUE, wait.toMillis()));
        WalrusClientOptions options =
                new WalrusClientOptions()
                        .setConnectRoundsMax(1)
                        .setConnectTimeoutMillis(Math.min(CONNECT_MILLIS_MAX, waitMillis))
                        .setRequestTimeoutMillis(waitMillis);
        return where == null ? options : options.setAddresses(where);
    }
}
