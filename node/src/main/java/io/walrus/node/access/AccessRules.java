package io.walrus.node.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which tokens there are and what they may do: the value of a tokens file.
 *
 * <pre>{@code
 * {"tokens": [{"name": "shop", "sha256": "…", "read": ["orders", "stock.*"], "write": ["orders"]}]}
 * }</pre>
 *
 * <p>Immutable; any thread.
 */
public final class AccessRules {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> KEYS = Set.of("name", "sha256", "read", "write", "admin");
    private static final AccessRules OPEN = new AccessRules(false, Map.of());

    private final boolean wantsToken;
    private final Map<String, Grants> byHash;

    private AccessRules(boolean wantsToken, Map<String, Grants> byHash) {
        this.wantsToken = wantsToken;
        this.byHash = Map.copyOf(byHash);
    }

    /** Nobody is asked for a token, everybody may do everything. */
    public static AccessRules open() {
        return OPEN;
    }

    /**
     * Reads a tokens file.
     *
     * @throws IllegalArgumentException saying what was expected and what is there
     */
    public static AccessRules parse(String json) {
        JsonNode tokens = treeOf(json).path("tokens");
        require(tokens.isArray(), "an object with an array 'tokens'", json.isBlank() ? "" : "none");
        var byHash = new HashMap<String, Grants>();
        for (JsonNode token : tokens) {
            Grants grants = grantsOf(token);
            Grants other = byHash.put(hashOf(grants.name(), token), grants);
            require(other == null, "each token once", grants.name() + " has that of another");
        }
        return new AccessRules(true, byHash);
    }

    private static JsonNode treeOf(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException unreadable) {
            throw new IllegalArgumentException(
                    "tokens file: expected JSON, found: "
                            + unreadable.getOriginalMessage()
                            + " in line "
                            + unreadable.getLocation().getLineNr());
        }
    }

    private static Grants grantsOf(JsonNode token) {
        String name = token.path("name").asText("");
        require(!name.isBlank(), "a name for each token", token.isObject() ? "one without" : "");
        var unknown = new ArrayList<String>();
        token.fieldNames().forEachRemaining(unknown::add);
        unknown.removeAll(KEYS);
        require(unknown.isEmpty(), "the keys " + sorted(KEYS) + " for " + name, "" + unknown);
        var patterns = new EnumMap<Right, List<String>>(Right.class);
        for (Right right : Right.values()) {
            patterns.put(right, patternsOf(name, token.path(right.word()), right));
        }
        return new Grants(name, patterns);
    }

    private static List<String> patternsOf(String name, JsonNode list, Right right) {
        require(
                list.isMissingNode() || list.isArray(),
                "an array of topics for '%s' of %s".formatted(right.word(), name),
                list.getNodeType().name().toLowerCase(Locale.ROOT));
        var patterns = new ArrayList<String>();
        for (JsonNode pattern : list) {
            String text = pattern.asText("");
            require(
                    text.matches("[A-Za-z0-9._-]*\\*?") && !text.isEmpty(),
                    "a topic, or the beginning of one and *, for " + name,
                    "'" + text + "'");
            patterns.add(text);
        }
        return List.copyOf(patterns);
    }

    private static String hashOf(String name, JsonNode token) {
        String hash = token.path("sha256").asText("").toLowerCase(Locale.ROOT);
        require(
                hash.matches("[0-9a-f]{" + TokenHash.HEX_DIGITS + "}"),
                "64 hexadecimal digits as 'sha256' of " + name,
                hash.length() + " characters; 'walrus token' makes such a line");
        return hash;
    }

    private static List<String> sorted(Set<String> words) {
        return words.stream().sorted().toList();
    }

    private static void require(boolean ok, String expected, String found) {
        if (!ok) {
            throw new IllegalArgumentException(
                    "tokens file: expected " + expected + ", found " + found);
        }
    }

    /** A request without a token is refused. */
    public boolean wantsToken() {
        return wantsToken;
    }

    /**
     * Whether somebody with that token, empty if he shows none, may see how the cluster stands:
     * everybody where no tokens are wanted, else whoever may read, or administer, every topic.
     */
    public boolean maySeeAll(String token) {
        return !wantsToken || ofHash(TokenHash.of(token)).map(Grants::maySeeAll).orElse(false);
    }

    /** How many tokens there are. */
    public int size() {
        return byHash.size();
    }

    Optional<Grants> ofHash(String hash) {
        return Optional.ofNullable(byHash.get(hash));
    }
}
