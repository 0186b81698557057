package io.walrus.metadata;

/** What a topic may be called: 1–128 of {@code [A-Za-z0-9._-]}, not {@code .} or {@code ..}. */
public final class TopicName {
    /** Longest name, in characters; they are all ASCII. */
    public static final int LENGTH_MAX = 128;

    private TopicName() {}

    /** Whether that is a topic's name. Looks at the length before it looks at the characters. */
    public static boolean isValid(String name) {
        if (name.isEmpty() || name.length() > LENGTH_MAX || name.equals(".") || name.equals("..")) {
            return false;
        }
        return name.chars().allMatch(TopicName::isAllowed);
    }

    private static boolean isAllowed(int c) {
        return ('a' <= c && c <= 'z')
                || ('A' <= c && c <= 'Z')
                || ('0' <= c && c <= '9')
                || c == '.'
                || c == '_'
                || c == '-';
    }
}
