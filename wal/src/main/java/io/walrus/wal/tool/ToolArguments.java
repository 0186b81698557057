package io.walrus.wal.tool;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/**
 * What was asked for.
 *
 * @param topic the only topic to look at, or null for all
 * @param from first offset
 * @param count most entries
 */
record ToolArguments(Verb verb, Path dir, String topic, long from, long count, Format format) {

    enum Verb {
        VERIFY,
        DUMP,
        STATS
    }

    enum Format {
        TEXT,
        HEX,
        JSON
    }

    static final String USAGE =
            """
            usage: verify DIR
                   dump DIR [--topic NAME] [--from OFFSET] [-n COUNT] [--format text|hex|json]
                   stats DIR [--topic NAME] [--format text|json]

            Looks at a log's directory and changes nothing; the log may be open meanwhile.
            Exit code: 0 nothing is damaged, 8 something is, 2 wrong use or not a log, 1 the disk failed.
            """;

    /** The arguments make no sense; the message says which one. */
    static final class MisusedException extends Exception {
        private static final long serialVersionUID = 1L;

        MisusedException(String message) {
            super(message);
        }
    }

    static ToolArguments parse(String[] args) throws MisusedException {
        Deque<String> left = new ArrayDeque<>(List.of(args));
        Verb verb = choice(Verb.class, "verb", next(left, "a verb"));
        Path dir = null;
        String topic = null;
        long from = 0;
        long count = Long.MAX_VALUE;
        Format format = Format.TEXT;
        while (!left.isEmpty()) {
            String word = left.pop();
            switch (word) {
                case "--topic" -> topic = next(left, "a name after --topic");
                case "--from" -> from = number(word, next(left, "an offset after --from"));
                case "-n" -> count = number(word, next(left, "a count after -n"));
                case "--format" ->
                        format = choice(Format.class, word, next(left, "text, hex or json"));
                default -> dir = directory(dir, word);
            }
        }
        if (dir == null) {
            throw new MisusedException("expected a log's directory, got none");
        }
        return new ToolArguments(verb, dir, topic, from, count, format);
    }

    private static Path directory(Path before, String word) throws MisusedException {
        if (before != null || word.startsWith("-")) {
            throw new MisusedException("expected nothing more, got " + word);
        }
        try {
            return Path.of(word);
        } catch (InvalidPathException refused) {
            throw new MisusedException("expected a directory: " + refused.getMessage());
        }
    }

    private static String next(Deque<String> left, String expected) throws MisusedException {
        if (left.isEmpty()) {
            throw new MisusedException("expected " + expected + ", got nothing");
        }
        return left.pop();
    }

    private static long number(String option, String word) throws MisusedException {
        try {
            long number = Long.parseLong(word);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException notOne) {
            // falls through to the refusal, which says the same of a negative one
        }
        throw new MisusedException("expected a number from 0 on after " + option + ", got " + word);
    }

    private static <E extends Enum<E>> E choice(Class<E> type, String what, String word)
            throws MisusedException {
        for (E constant : type.getEnumConstants()) {
            if (constant.name().toLowerCase(Locale.ROOT).equals(word)) {
                return constant;
            }
        }
        throw new MisusedException(
                "expected %s to be one of %s, got %s"
                        .formatted(
                                what,
                                List.of(type.getEnumConstants())
                                        .toString()
                                        .toLowerCase(Locale.ROOT),
                                word));
    }
}
