package io.walrus.node;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What a connection from another node of the same cluster shows. */
final class PeerToken {

    private static final String ALGORITHM = "HmacSHA256";

    private PeerToken() {}

    static String of(String clusterId, String secret) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            byte[] key = ("walrus-peer:" + secret).getBytes(StandardCharsets.UTF_8);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return "peer-"
                    + HexFormat.of()
                            .formatHex(mac.doFinal(clusterId.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException | InvalidKeyException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
