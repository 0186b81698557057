package io.walrus.node.access;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;

/**
 * A token that was just made, and its entry for the tokens file.
 *
 * @param token for the client; 256 random bits, not kept anywhere else
 * @param entry for the file: an object of JSON without the token
 */
public record NewToken(String token, String entry) {

    private static final int RANDOM_BYTES = 32;

    /** Makes one with those rights, each a topic or the beginning of one and {@code *}. */
    public static NewToken of(
            String name, List<String> read, List<String> write, List<String> admin) {
        var random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        String token = "wt-" + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        ObjectNode entry = JsonNodeFactory.instance.objectNode();
        entry.put("name", name);
        entry.put("sha256", TokenHash.of(token));
        add(entry, Right.READ, read);
        add(entry, Right.WRITE, write);
        add(entry, Right.ADMIN, admin);
        AccessRules.parse("{\"tokens\": [" + entry + "]}");
        return new NewToken(token, entry.toString());
    }

    private static void add(ObjectNode entry, Right right, List<String> patterns) {
        if (!patterns.isEmpty()) {
            var list = entry.putArray(right.word());
            patterns.forEach(list::add);
        }
    }
}
