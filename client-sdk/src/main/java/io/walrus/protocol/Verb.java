package io.walrus.protocol;

import java.nio.charset.StandardCharsets;

/**
 * The first word of a request: the one list of what can be asked, how it is written and what a
 * repeat of it does.
 *
 * <p>The name of the constant is the word on the wire, upper case, at most eight ASCII letters.
 */
public enum Verb {
    PUT(Effect.ONCE, "PUT <topic> <payload>"),
    GET(Effect.ONCE, "GET <topic>"),
    FETCH(Effect.NONE, "FETCH <topic> <segment> <offset>"),
    REGISTER(Effect.REPEATABLE, "REGISTER <topic>"),
    STATE(Effect.NONE, "STATE <topic>"),
    METRICS(Effect.NONE, "METRICS"),
    APPEND(Effect.ONCE, "APPEND <topic> <payload>"),
    APPENDTO(Effect.ONCE, "APPENDTO <topic> <segment> <payload>"),
    APPENDB(Effect.ONCE, "APPENDB <topic> <count> <entries>"),
    BATCHTO(Effect.ONCE, "BATCHTO <topic> <segment> <count> <entries>"),
    APPENDP(Effect.REPEATABLE, "APPENDP <topic> <segment> <producer> <sequence> <count> <entries>"),
    FIND(Effect.NONE, "FIND <topic> <segment> <producer> <sequence>"),
    READ(Effect.NONE, "READ <topic> <segment> <offset> <maxBytes>"),
    PEEK(Effect.NONE, "PEEK <topic>"),
    GETB(Effect.ONCE, "GETB <topic> <maxEntries> <maxBytes>"),
    CURSOR(Effect.NONE, "CURSOR <topic> <name>"),
    CURSORS(Effect.NONE, "CURSORS <topic>"),
    COMMIT(Effect.REPEATABLE, "COMMIT <topic> <name> <segment> <offset>"),
    SEEK(Effect.REPEATABLE, "SEEK <topic> <name> <segment> <offset> <toSegment> <toOffset>"),
    TOPICS(Effect.NONE, "TOPICS"),
    DELETE(Effect.ONCE, "DELETE <topic>"),
    WAIT(Effect.NONE, "WAIT <topic> <segment> <offset> <timeoutMillis>"),
    PLACE(Effect.NONE, "PLACE <topic> <epochMillis>"),
    PLACEIN(Effect.NONE, "PLACEIN <topic> <segment> <epochMillis>"),
    HELLO(Effect.NONE, "HELLO"),
    AUTH(Effect.NONE, "AUTH <token>"),
    ROLL(Effect.ONCE, "ROLL <topic>"),
    READS(Effect.REPEATABLE, "READS <topic> <rule>"),
    DRAIN(Effect.REPEATABLE, "DRAIN"),
    UNDRAIN(Effect.REPEATABLE, "UNDRAIN"),
    LEAVE(Effect.REPEATABLE, "LEAVE <how>"),
    REMOVE(Effect.REPEATABLE, "REMOVE <node> <how>");

    /** What sending the same request twice leads to. */
    public enum Effect {
        /** Changes nothing on the server. */
        NONE,
        /** Changes something, and a second time changes nothing more. */
        REPEATABLE,
        /** A second time is a second change: a duplicate entry, or an entry consumed twice over. */
        ONCE
    }

    static final int NAME_BYTES_MAX = 8;

    private static final Verb[] ALL = values();

    private final Effect effect;
    private final String usage;
    private final byte[] ascii;
    private final long key;

    Verb(Effect effect, String usage) {
        this.effect = effect;
        this.usage = usage;
        this.ascii = name().getBytes(StandardCharsets.US_ASCII);
        long packed = 0;
        for (byte letter : ascii) {
            packed = packed << Byte.SIZE | letter;
        }
        this.key = packed;
    }

    /** What a repeat does; decides whether a request whose reply was lost may be sent again. */
    public Effect effect() {
        return effect;
    }

    /** How the request is written, for example {@code PUT <topic> <payload>}. */
    public String usage() {
        return usage;
    }

    /**
     * The verb whose letters, packed big-endian into a long, are {@code key}; null if there is
     * none.
     */
    static Verb ofKey(long key) {
        for (Verb verb : ALL) {
            if (verb.key == key) {
                return verb;
            }
        }
        return null;
    }

    byte[] ascii() {
        return ascii;
    }
}
