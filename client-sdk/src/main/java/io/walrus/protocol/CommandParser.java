package io.walrus.protocol;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Locale;

/**
 * Reads one body as a {@link Command}, or refuses it in words that say what was expected, what came
 * and what to do.
 *
 * <p>Keeps the names it has seen, so it belongs to one connection and one thread. Never throws for
 * any bytes.
 */
public final class CommandParser {

    private final TopicCache names = new TopicCache();

    /** A parser that has seen no names yet. */
    public CommandParser() {}

    /** Reads {@code [start, end)}, {@code start < end}; payloads are slices of {@code bytes}. */
    public Request parse(Buffer bytes, int start, int end) {
        Verb verb = Verb.ofKey(verbKey(bytes, start, end));
        if (verb == null) {
            return noCommand(new Words(bytes, start, end));
        }
        Words words = new Words(bytes, start, end);
        try {
            return command(verb, words, bytes);
        } catch (Refused refused) {
            return refused.answer;
        } catch (IllegalArgumentException outOfRange) {
            return badRequest(verb, outOfRange.getMessage());
        }
    }

    private Command command(Verb verb, Words words, Buffer bytes) {
        return switch (verb) {
            case PUT -> new Command.Put(name(verb, words, bytes), payload(verb, words));
            case GET -> new Command.Get(lastName(verb, words, bytes));
            case FETCH ->
                    new Command.Fetch(
                            name(verb, words, bytes),
                            integer(verb, words, "segment"),
                            lastNumber(verb, words, "offset"));
            case REGISTER -> new Command.Register(lastName(verb, words, bytes));
            case STATE -> new Command.State(lastName(verb, words, bytes));
            case METRICS -> alone(verb, words, new Command.Metrics());
            case APPEND -> new Command.Append(name(verb, words, bytes), payload(verb, words));
            case APPENDTO ->
                    new Command.AppendTo(
                            name(verb, words, bytes),
                            integer(verb, words, "segment"),
                            payload(verb, words));
            case APPENDB ->
                    new Command.AppendBatch(name(verb, words, bytes), entries(verb, words, bytes));
            case BATCHTO ->
                    new Command.BatchTo(
                            name(verb, words, bytes),
                            integer(verb, words, "segment"),
                            entries(verb, words, bytes));
            case APPENDP ->
                    new Command.AppendNumbered(
                            name(verb, words, bytes),
                            integer(verb, words, "segment"),
                            number(verb, words, "producer"),
                            number(verb, words, "sequence"),
                            entries(verb, words, bytes));
            case FIND ->
                    new Command.Find(
                            name(verb, words, bytes),
                            integer(verb, words, "segment"),
                            number(verb, words, "producer"),
                            lastNumber(verb, words, "sequence"));
            case READ ->
                    new Command.Read(
                            name(verb, words, bytes),
                            integer(verb, words, "segment"),
                            number(verb, words, "offset"),
                            lastInteger(verb, words, "maxBytes"));
            case PEEK -> new Command.Peek(lastName(verb, words, bytes));
            case GETB ->
                    new Command.GetBatch(
                            name(verb, words, bytes),
                            integer(verb, words, "maxEntries"),
                            lastInteger(verb, words, "maxBytes"));
            case CURSOR ->
                    new Command.Cursor(name(verb, words, bytes), lastName(verb, words, bytes));
            case CURSORS -> new Command.Cursors(lastName(verb, words, bytes));
            case COMMIT ->
                    new Command.Commit(
                            name(verb, words, bytes),
                            name(verb, words, bytes),
                            integer(verb, words, "segment"),
                            lastNumber(verb, words, "offset"));
            case SEEK ->
                    new Command.Seek(
                            name(verb, words, bytes),
                            name(verb, words, bytes),
                            integer(verb, words, "segment"),
                            number(verb, words, "offset"),
                            integer(verb, words, "toSegment"),
                            lastNumber(verb, words, "toOffset"));
            case TOPICS -> alone(verb, words, new Command.Topics());
            case DELETE -> new Command.Delete(lastName(verb, words, bytes));
            case WAIT ->
                    new Command.Wait(
                            name(verb, words, bytes),
                            integer(verb, words, "segment"),
                            number(verb, words, "offset"),
                            lastInteger(verb, words, "timeoutMillis"));
            case PLACE ->
                    new Command.PlaceAt(
                            name(verb, words, bytes), lastNumber(verb, words, "epochMillis"));
            case PLACEIN ->
                    new Command.PlaceIn(
                            name(verb, words, bytes),
                            integer(verb, words, "segment"),
                            lastNumber(verb, words, "epochMillis"));
            case HELLO -> alone(verb, words, new Command.Hello());
            case AUTH -> new Command.Auth(token(verb, words));
            case ROLL -> new Command.Roll(lastName(verb, words, bytes));
            case READS -> new Command.Reads(name(verb, words, bytes), rule(verb, words));
            case DRAIN -> alone(verb, words, new Command.Drain());
            case UNDRAIN -> alone(verb, words, new Command.Undrain());
            case REMOVE -> new Command.Remove(integer(verb, words, "node"), isForced(verb, words));
            case LEAVE -> new Command.Leave(isForced(verb, words));
        };
    }

    private static List<Buffer> entries(Verb verb, Words words, Buffer bytes) {
        int count = integer(verb, words, "count");
        Range.count(count);
        if (!words.rest()) {
            throw new Refused(
                    badRequest(verb, "entries are missing; put one space after the count"));
        }
        List<Buffer> entries = EntriesFormat.parse(bytes, words.start(), words.end(), count);
        if (entries == null) {
            throw new Refused(
                    badRequest(
                            verb,
                            "the "
                                    + (words.end() - words.start())
                                    + " bytes after the count are not "
                                    + count
                                    + " entries of [u32 little-endian length][bytes]"));
        }
        return entries;
    }

    private String lastName(Verb verb, Words words, Buffer bytes) {
        if (!words.rest()) {
            throw missing(verb, words);
        }
        return nameHere(words, bytes);
    }

    private String name(Verb verb, Words words, Buffer bytes) {
        if (!words.next()) {
            throw missing(verb, words);
        }
        return nameHere(words, bytes);
    }

    private String nameHere(Words words, Buffer bytes) {
        String name = names.name(bytes, words.start(), words.stop());
        if (name == null) {
            throw new Refused(
                    new CommandRefused(
                            ErrorCode.BAD_TOPIC,
                            "a name is " + TopicName.RULE + "; came: " + words.escaped()));
        }
        return name;
    }

    private static Buffer payload(Verb verb, Words words) {
        if (!words.rest()) {
            throw new Refused(
                    badRequest(
                            verb,
                            "the payload is missing; put one space after the topic, the payload is all that follows"
                                    + " and may be empty"));
        }
        return words.slice();
    }

    private static boolean isForced(Verb verb, Words words) {
        if (!words.rest()) {
            throw missing(verb, words);
        }
        if (!words.is("safe") && !words.is("force")) {
            throw new Refused(badRequest(verb, "how is safe or force; came: " + words.escaped()));
        }
        return words.is("force");
    }

    private static String rule(Verb verb, Words words) {
        if (!words.rest()) {
            throw missing(verb, words);
        }
        for (String rule : Range.READ_RULES) {
            if (words.is(rule)) {
                return rule;
            }
        }
        throw new Refused(
                badRequest(
                        verb, "rule is one of " + Range.READ_RULES + "; came: " + words.escaped()));
    }

    private static String token(Verb verb, Words words) {
        if (!words.rest()) {
            throw new Refused(badRequest(verb, "the token is missing"));
        }
        return words.text();
    }

    private static int integer(Verb verb, Words words, String what) {
        return narrow(verb, words, number(verb, words, what), what);
    }

    private static int lastInteger(Verb verb, Words words, String what) {
        return narrow(verb, words, lastNumber(verb, words, what), what);
    }

    private static int narrow(Verb verb, Words words, long number, String what) {
        if (number > Integer.MAX_VALUE) {
            throw notANumber(verb, words, what, Integer.MAX_VALUE);
        }
        return (int) number;
    }

    private static long number(Verb verb, Words words, String what) {
        if (!words.next()) {
            throw missing(verb, words);
        }
        return numberHere(verb, words, what);
    }

    private static long lastNumber(Verb verb, Words words, String what) {
        if (!words.rest()) {
            throw missing(verb, words);
        }
        return numberHere(verb, words, what);
    }

    private static long numberHere(Verb verb, Words words, String what) {
        long number = words.number();
        if (number == Words.NOT_A_NUMBER) {
            throw notANumber(verb, words, what, Long.MAX_VALUE);
        }
        return number;
    }

    private static <C extends Command> C alone(Verb verb, Words words, C command) {
        if (!words.isLast()) {
            throw new Refused(
                    badRequest(
                            verb,
                            "nothing follows the verb; came: "
                                    + (words.end() - words.stop())
                                    + " more bytes"));
        }
        return command;
    }

    private static long verbKey(Buffer bytes, int start, int end) {
        int stop = Math.min(end, start + Verb.NAME_BYTES_MAX);
        long key = 0;
        int at = start;
        while (at < stop && bytes.getByte(at) != ' ') {
            key = key << Byte.SIZE | bytes.getByte(at) & 0xff;
            at++;
        }
        return at == end || bytes.getByte(at) == ' ' ? key : 0;
    }

    private static CommandRefused noCommand(Words words) {
        String hint = "; commands are words in upper case such as PUT, GET, STATE, METRICS";
        if (words.stop() - words.start() <= Verb.NAME_BYTES_MAX) {
            String upper = words.text().toUpperCase(Locale.ROOT);
            for (Verb verb : Verb.values()) {
                if (verb.name().equals(upper)) {
                    hint = "; commands are case-sensitive, write " + verb.usage();
                }
            }
        }
        return new CommandRefused(
                ErrorCode.NO_COMMAND, "no such command: " + words.escaped() + hint);
    }

    private static Refused missing(Verb verb, Words words) {
        return new Refused(badRequest(verb, "an argument is missing after " + words.escaped()));
    }

    private static Refused notANumber(Verb verb, Words words, String what, long max) {
        return new Refused(
                badRequest(
                        verb,
                        what
                                + " is a decimal number from 0 to "
                                + max
                                + "; came: "
                                + words.escaped()));
    }

    private static CommandRefused badRequest(Verb verb, String what) {
        return new CommandRefused(ErrorCode.BAD_REQUEST, what + "; usage: " + verb.usage());
    }

    /**
     * The way out of the middle of a command; never leaves this class, so it needs no stack trace.
     */
    private static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1;

        private final transient CommandRefused answer;

        Refused(CommandRefused answer) {
            super(answer.message(), null, false, false);
            this.answer = answer;
        }
    }
}
