package io.walrus.cli;

import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.walrus.client.WalrusClientOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "Holds the token to show to servers that want one.")
    private Path tokenFile;

    @Option(
            names = "--tls",
            description = "Speak TLS, and trust whom the Java installation trusts.")
    private boolean tls;

    @Option(
            names = "--tls-ca",
            paramLabel = "FILE",
            description = "Speak TLS, and trust the servers with a certificate of this file (PEM).")
    private Path tlsCa;

    @Option(
            names = "--tls-cert",
            paramLabel = "FILE",
            description = "Certificate (PEM) to show to servers that want one.")
    private Path tlsCert;

    @Option(
            names = "--tls-key",
            paramLabel = "FILE",
            description = "Key (PEM) of that certificate.")
    private Path tlsKey;

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
                        .setStoredOnce(false)
                        .setConnectTimeoutMillis(Math.min(CONNECT_MILLIS_MAX, waitMillis))
                        .setRequestTimeoutMillis(waitMillis);
        Path secret = tokenFile != null ? tokenFile : others.tokenFile;
        if (secret != null) {
            options.setToken(token(secret));
        }
        options.setNetClientOptions(net(others));
        return where == null ? options : options.setAddresses(where);
    }

    private NetClientOptions net(ServerOptions others) {
        Path authority = tlsCa != null ? tlsCa : others.tlsCa;
        Path certificate = tlsCert != null ? tlsCert : others.tlsCert;
        Path key = tlsKey != null ? tlsKey : others.tlsKey;
        var net = new NetClientOptions();
        if (!tls && !others.tls && authority == null && certificate == null && key == null) {
            return net;
        }
        net.setSsl(true).setHostnameVerificationAlgorithm("HTTPS");
        if (authority != null) {
            net.setTrustOptions(new PemTrustOptions().addCertPath(readable("--tls-ca", authority)));
        }
        if ((certificate == null) != (key == null)) {
            throw new CliFailure(
                    ExitCode.USAGE, "--tls-cert and --tls-key: expected both or neither, got one");
        }
        if (certificate != null) {
            net.setKeyCertOptions(
                    new PemKeyCertOptions()
                            .setCertPath(readable("--tls-cert", certificate))
                            .setKeyPath(readable("--tls-key", key)));
        }
        return net;
    }

    private static String readable(String flag, Path file) {
        if (!Files.isReadable(file)) {
            throw new CliFailure(ExitCode.USAGE, flag + ": cannot read " + file);
        }
        return file.toString();
    }

    /** In a file, since other users of a machine can see what a command line says. */
    private static String token(Path file) {
        String token;
        try {
            token = Files.readString(file).strip();
        } catch (NoSuchFileException missing) {
            throw new CliFailure(
                    ExitCode.USAGE, "--token-file " + file + ": there is no such file");
        } catch (IOException unreadable) {
            throw new CliFailure(
                    ExitCode.USAGE,
                    "--token-file " + file + " cannot be read: " + unreadable.getMessage());
        }
        if (token.isEmpty()) {
            throw new CliFailure(
                    ExitCode.USAGE, "--token-file " + file + " is empty; a token is wanted");
        }
        return token;
    }
}
