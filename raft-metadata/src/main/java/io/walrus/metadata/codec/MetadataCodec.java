package io.walrus.metadata.codec;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.MetadataCommand;
import io.walrus.metadata.Outcome;
import io.walrus.metadata.Proposal;
import io.walrus.metadata.ReadRule;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Turns proposals, outcomes and states into bytes and back.
 *
 * <p>Every document says its version; another one is refused. Equal values give equal bytes on
 * every node. Thread-safe.
 */
public final class MetadataCodec {
    /** The version this code writes, and the only one it reads so far. */
    public static final int VERSION = 1;

    private final ObjectMapper json =
            JsonMapper.builder()
                    .addModule(new Jdk8Module())
                    .disable(
                            MapperFeature.AUTO_DETECT_GETTERS, MapperFeature.AUTO_DETECT_IS_GETTERS)
                    .visibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY)
                    .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                    .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                    .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .addMixIn(MetadataCommand.class, TypeNames.OfCommands.class)
                    .addMixIn(Outcome.class, TypeNames.OfOutcomes.class)
                    .addMixIn(ClusterMetadata.class, TypeNames.OfState.class)
                    .build();

    public byte[] encodeProposal(Proposal proposal) {
        return encode("proposal", proposal);
    }

    public Proposal decodeProposal(byte[] bytes) {
        return decode("proposal", Proposal.class, bytes);
    }

    public byte[] encodeOutcome(Outcome outcome) {
        return encode("outcome", outcome);
    }

    public Outcome decodeOutcome(byte[] bytes) {
        return decode("outcome", Outcome.class, bytes);
    }

    public byte[] encodeState(ClusterMetadata state) {
        return encode("state", state);
    }

    public ClusterMetadata decodeState(byte[] bytes) {
        return decode("state", ClusterMetadata.class, bytes);
    }

    /** A plain document of another room's own record type: same rules, same versions. */
    public byte[] encode(String name, Object value) {
        ObjectNode document = json.createObjectNode();
        document.put("v", VERSION);
        document.set(name, json.valueToTree(value));
        try {
            return json.writeValueAsBytes(document);
        } catch (JsonProcessingException e) {
            throw new MetadataFormatException("cannot write " + name + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads what {@link #encode(String, Object)} wrote; anything else is refused with what was
     * expected and found.
     */
    public <T> T decode(String name, Class<T> type, byte[] bytes) {
        try {
            JsonNode document = json.readTree(bytes);
            JsonNode version = document.path("v");
            if (!version.isInt() || version.intValue() != VERSION) {
                throw new MetadataFormatException(
                        "expected version "
                                + VERSION
                                + " of "
                                + name
                                + ", found "
                                + (version.isMissingNode() ? "none" : version)
                                + "; a newer release wrote it, or it is damaged");
            }
            if (document.size() != 2 || !document.hasNonNull(name)) {
                throw new MetadataFormatException("expected a " + name + ", found other fields");
            }
            return json.treeToValue(completed(document.get(name)), type);
        } catch (IOException | IllegalArgumentException e) {
            throw new MetadataFormatException("cannot read " + name + ": " + e.getMessage(), e);
        }
    }

    /**
     * States from before there were named cursors, read rules or draining nodes have none; all else
     * must be there.
     */
    private static JsonNode completed(JsonNode value) {
        if (value instanceof ObjectNode state && state.has("topics") && !state.has("draining")) {
            state.putArray("draining");
        }
        value.path("topics")
                .forEach(
                        topic -> {
                            if (topic instanceof ObjectNode fields && !fields.has("namedCursors")) {
                                fields.putObject("namedCursors");
                            }
                            if (topic instanceof ObjectNode fields && !fields.has("reads")) {
                                fields.put("reads", ReadRule.AS_NODE.name());
                            }
                        });
        return value;
    }

    /**
     * First 8 bytes of the SHA-256 of the state's bytes: equal on two nodes if and only if, in
     * practice, their states are.
     */
    public long hash(ClusterMetadata state) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(encodeState(state));
            return ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
