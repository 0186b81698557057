package io.walrus.node.tls;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * PEM files: a certificate with its chain, its key, and who is trusted.
 *
 * <p>Both methods read the files, and block. A file that cannot be used is an {@link IOException}
 * that names it.
 *
 * @param certificate of this node
 * @param key of that certificate, PKCS#8, not encrypted
 * @param authority whose certificates clients must show, and nodes do; without it, clients show
 *     none, and the nodes of a cluster share one certificate and trust that one alone
 */
public record TlsFiles(Path certificate, Path key, Optional<Path> authority) {

    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    /** All of them, to be watched. */
    public List<Path> all() {
        var all = new ArrayList<>(List.of(certificate, key));
        authority.ifPresent(all::add);
        return List.copyOf(all);
    }

    /** For a port: with an authority, a client without a certificate of it is not let in. */
    public ServerSSLOptions forServer() throws IOException {
        var options = new ServerSSLOptions().setKeyCertOptions(keyCertificate());
        PROTOCOLS.forEach(options::addEnabledSecureTransportProtocol);
        if (authority.isPresent()) {
            options.setClientAuth(ClientAuth.REQUIRED).setTrustOptions(trust(authority.get()));
        }
        return options;
    }

    /**
     * For connections to other nodes: with an authority, a node must carry its own name; without,
     * it must carry this very certificate.
     */
    public ClientSSLOptions forPeers() throws IOException {
        return new ClientSSLOptions()
                .setKeyCertOptions(keyCertificate())
                .setTrustOptions(trust(authority.orElse(certificate)))
                .setHostnameVerificationAlgorithm(authority.isPresent() ? "HTTPS" : "");
    }

    private PemKeyCertOptions keyCertificate() throws IOException {
        requireCertificates(certificate);
        String keyText = Files.readString(key);
        if (!keyText.contains("-----BEGIN PRIVATE KEY-----")
                && !keyText.contains("-----BEGIN RSA PRIVATE KEY-----")
                && !keyText.contains("-----BEGIN EC PRIVATE KEY-----")) {
            throw new IOException(
                    key + ": expected a private key in PEM that is not encrypted, found none");
        }
        return new PemKeyCertOptions()
                .setCertValue(Buffer.buffer(Files.readAllBytes(certificate)))
                .setKeyValue(Buffer.buffer(keyText));
    }

    private static PemTrustOptions trust(Path file) throws IOException {
        requireCertificates(file);
        return new PemTrustOptions().addCertValue(Buffer.buffer(Files.readAllBytes(file)));
    }

    private static void requireCertificates(Path file) throws IOException {
        try {
            var in = new ByteArrayInputStream(Files.readAllBytes(file));
            if (CertificateFactory.getInstance("X.509").generateCertificates(in).isEmpty()) {
                throw new IOException(file + ": expected certificates in PEM, found none");
            }
        } catch (CertificateException unreadable) {
            throw new IOException(
                    file + ": expected certificates in PEM, found: " + unreadable.getMessage(),
                    unreadable);
        }
    }
}
