package io.walrus.metadata.raft;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * How two members prove to each other that they belong together, before anything else is said on a
 * connection: each answers the other's random challenge with an HMAC-SHA256 over everything both
 * have said, under the shared secret.
 *
 * @param clusterId the speaker's cluster; empty while it is in none
 * @param nodeId the speaker's node
 * @param storeId the speaker's store
 * @param challenge the speaker's random challenge, which the other side has to answer
 * @param proof the speaker's answer to the other side's challenge
 */
record Hello(String clusterId, int nodeId, String storeId, String challenge, String proof) {

    /** A hello comes from anybody: what is missing is refused here. */
    Hello {
        Objects.requireNonNull(clusterId, "clusterId");
        Objects.requireNonNull(storeId, "storeId");
        Objects.requireNonNull(challenge, "challenge");
        Objects.requireNonNull(proof, "proof");
    }

    /**
     * Which side speaks; part of what is proved, so that an answer cannot be sent back to whom it
     * came from.
     */
    enum Side {
        CALLER,
        CALLED
    }

    static Hello from(
            Side side, Self self, String ownChallenge, String theirChallenge, String secret) {
        String proof =
                prove(
                        side,
                        self.clusterId(),
                        self.nodeId(),
                        self.storeId(),
                        ownChallenge,
                        theirChallenge,
                        secret);
        return new Hello(self.clusterId(), self.nodeId(), self.storeId(), ownChallenge, proof);
    }

    /**
     * Whether the speaker, on that side, knows the secret. Takes the same time whatever is wrong.
     */
    boolean isProved(Side side, String ownChallenge, String secret) {
        String expected = prove(side, clusterId, nodeId, storeId, challenge, ownChallenge, secret);
        return MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.US_ASCII),
                proof.getBytes(StandardCharsets.UTF_8));
    }

    private static String prove(
            Side side,
            String clusterId,
            int nodeId,
            String storeId,
            String speakersChallenge,
            String listenersChallenge,
            String secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            String key = "walrus-metadata-1:" + secret;
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            String said =
                    String.join(
                            "\n",
                            side.name(),
                            clusterId,
                            Integer.toString(nodeId),
                            storeId,
                            speakersChallenge,
                            listenersChallenge);
            return Base64.getEncoder()
                    .encodeToString(mac.doFinal(said.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    /** Who this member is, as it says in its hellos. */
    record Self(String clusterId, int nodeId, String storeId) {}
}
