package io.walrus.protocol;

import io.vertx.core.buffer.Buffer;
import java.util.List;

/** Writes commands as frames, many into one buffer; keeps no state, so any thread may call it. */
public final class CommandWriter {

    /** No command without payloads or a token has a longer body, in bytes. */
    public static final int SMALL_BODY_BYTES_MAX = 512;

    /** The verb, six spaces, an int, two longs and the count of a batch. */
    private static final int NUMBERED_HEAD_BYTES_MAX = 7 + 6 + 10 + 19 + 19 + 4;

    private static final int UTF8_BYTES_PER_CHAR_MAX = 3;

    private CommandWriter() {}

    /** Appends the command's frame to {@code out}; payload bytes are copied. */
    public static void append(Buffer out, Command command) {
        int at = out.length();
        out.appendIntLE(0).appendBytes(command.verb().ascii());
        if (command instanceof Command.OnTopic onTopic) {
            word(out, onTopic.topic());
        }
        arguments(out, command);
        out.setIntLE(at, out.length() - at - FrameParser.LENGTH_BYTES);
    }

    /**
     * How long the command's body is, at most, in bytes: what a client holds against the limit
     * before it sends.
     */
    public static long bodyBytesMax(Command command) {
        long bytes = SMALL_BODY_BYTES_MAX;
        if (command instanceof Command.Put put) {
            bytes = Verb.PUT.ascii().length + 2L + put.topic().length() + put.payload().length();
        } else if (command instanceof Command.Append append) {
            bytes =
                    Verb.APPEND.ascii().length
                            + 2L
                            + append.topic().length()
                            + append.payload().length();
        } else if (command instanceof Command.AppendTo append) {
            bytes += append.payload().length();
        } else if (command instanceof Command.Auth auth) {
            bytes += UTF8_BYTES_PER_CHAR_MAX * (long) auth.token().length();
        } else if (command instanceof Command.AppendBatch batch) {
            bytes += bytesOf(batch.entries());
        } else if (command instanceof Command.BatchTo batch) {
            bytes += bytesOf(batch.entries());
        } else if (command instanceof Command.AppendNumbered numbered) {
            bytes = NUMBERED_HEAD_BYTES_MAX + numbered.topic().length();
            bytes += bytesOf(numbered.entries());
        }
        return bytes;
    }

    private static long bytesOf(List<Buffer> entries) {
        long bytes = 0;
        for (Buffer entry : entries) {
            bytes += EntriesFormat.LENGTH_BYTES + entry.length();
        }
        return bytes;
    }

    private static void arguments(Buffer out, Command command) {
        switch (command.verb()) {
            case REGISTER,
                    GET,
                    STATE,
                    METRICS,
                    PEEK,
                    CURSORS,
                    TOPICS,
                    DELETE,
                    HELLO,
                    ROLL,
                    DRAIN,
                    UNDRAIN -> {}
            case PUT -> payload(out, ((Command.Put) command).payload());
            case APPEND -> payload(out, ((Command.Append) command).payload());
            case APPENDTO -> {
                Command.AppendTo append = (Command.AppendTo) command;
                word(out, append.segment());
                payload(out, append.payload());
            }
            case APPENDB -> entries(out, ((Command.AppendBatch) command).entries());
            case BATCHTO -> {
                Command.BatchTo batch = (Command.BatchTo) command;
                word(out, batch.segment());
                entries(out, batch.entries());
            }
            case APPENDP -> {
                Command.AppendNumbered numbered = (Command.AppendNumbered) command;
                word(out, numbered.segment());
                word(out, numbered.producer());
                word(out, numbered.sequence());
                entries(out, numbered.entries());
            }
            case FIND -> {
                Command.Find find = (Command.Find) command;
                word(out, find.segment());
                word(out, find.producer());
                word(out, find.sequence());
            }
            case FETCH -> {
                Command.Fetch fetch = (Command.Fetch) command;
                word(out, fetch.segment());
                word(out, fetch.offset());
            }
            case READ -> {
                Command.Read read = (Command.Read) command;
                word(out, read.segment());
                word(out, read.offset());
                word(out, read.maxBytes());
            }
            case GETB -> {
                Command.GetBatch batch = (Command.GetBatch) command;
                word(out, batch.maxEntries());
                word(out, batch.maxBytes());
            }
            case CURSOR -> word(out, ((Command.Cursor) command).name());
            case COMMIT -> {
                Command.Commit commit = (Command.Commit) command;
                word(out, commit.name());
                word(out, commit.segment());
                word(out, commit.offset());
            }
            case SEEK -> {
                Command.Seek seek = (Command.Seek) command;
                word(out, seek.name());
                word(out, seek.segment());
                word(out, seek.offset());
                word(out, seek.toSegment());
                word(out, seek.toOffset());
            }
            case WAIT -> {
                Command.Wait wait = (Command.Wait) command;
                word(out, wait.segment());
                word(out, wait.offset());
                word(out, wait.timeoutMillis());
            }
            case PLACE -> word(out, ((Command.PlaceAt) command).epochMillis());
            case PLACEIN -> {
                Command.PlaceIn in = (Command.PlaceIn) command;
                word(out, in.segment());
                word(out, in.epochMillis());
            }
            case AUTH -> word(out, ((Command.Auth) command).token());
            case READS -> word(out, ((Command.Reads) command).rule());
            case REMOVE -> {
                Command.Remove remove = (Command.Remove) command;
                word(out, remove.node());
                word(out, remove.how());
            }
            case LEAVE -> word(out, ((Command.Leave) command).how());
        }
    }

    private static void word(Buffer out, String word) {
        out.appendByte((byte) ' ').appendString(word);
    }

    private static void word(Buffer out, long number) {
        word(out, Long.toString(number));
    }

    private static void entries(Buffer out, List<Buffer> entries) {
        word(out, entries.size());
        EntriesFormat.append(out.appendByte((byte) ' '), entries);
    }

    private static void payload(Buffer out, Buffer payload) {
        out.appendByte((byte) ' ').appendBuffer(payload);
    }
}
