package io.walrus.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Certificates for tests, made by the JDK's keytool. */
final class PemFiles {

    private static final String PASSWORD = "password";

    private final Path dir;

    PemFiles(Path dir) {
        this.dir = dir;
    }

    /** A self-signed certificate for 127.0.0.1 under {@code name}.crt and {@code name}.key. */
    void selfSigned(String name) {
        keytool(name, "-genkeypair", "-dname", "CN=" + name, "-ext", "san=ip:127.0.0.1");
        write(name);
    }

    /** An authority, under {@code name}.crt. */
    void authority(String name) {
        keytool(name, "-genkeypair", "-dname", "CN=" + name, "-ext", "bc:c");
        write(name);
    }

    /** A certificate for 127.0.0.1 that the authority has signed. */
    void signed(String name, String authority) {
        keytool(name, "-genkeypair", "-dname", "CN=" + name);
        keytool(name, "-certreq", "-file", dir.resolve(name + ".csr").toString());
        keytool(
                authority,
                "-gencert",
                "-infile",
                dir.resolve(name + ".csr").toString(),
                "-outfile",
                dir.resolve(name + ".der").toString(),
                "-ext",
                "san=ip:127.0.0.1");
        keytool(
                name,
                "-importcert",
                "-noprompt",
                "-alias",
                "ca",
                "-file",
                crt(authority).toString());
        keytool(name, "-importcert", "-file", dir.resolve(name + ".der").toString());
        write(name);
    }

    Path crt(String name) {
        return dir.resolve(name + ".crt");
    }

    Path key(String name) {
        return dir.resolve(name + ".key");
    }

    private void keytool(String store, String... args) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(args));
        command.addAll(
                List.of(
                        "-keystore",
                        dir.resolve(store + ".p12").toString(),
                        "-storepass",
                        PASSWORD));
        if (!command.contains("-alias")) {
            command.addAll(List.of("-alias", "own"));
        }
        if (args[0].equals("-genkeypair")) {
            command.addAll(List.of("-keyalg", "EC", "-storetype", "PKCS12"));
        }
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes());
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command + " said: " + said);
            }
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private void write(String name) {
        try (var in = Files.newInputStream(dir.resolve(name + ".p12"))) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, PASSWORD.toCharArray());
            var chain = new StringBuilder();
            for (Certificate certificate : store.getCertificateChain("own")) {
                chain.append(pem("CERTIFICATE", certificate.getEncoded()));
            }
            Files.writeString(crt(name), chain);
            byte[] key = store.getKey("own", PASSWORD.toCharArray()).getEncoded();
            Files.writeString(key(name), pem("PRIVATE KEY", key));
        } catch (IOException | GeneralSecurityException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static String pem(String what, byte[] bytes) {
        return "-----BEGIN %s-----%n%s%n-----END %s-----%n"
                .formatted(
                        what,
                        Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes),
                        what);
    }
}
