package io.walrus.protocol;

/**
 * The rule for names of topics and cursors: 1–128 of {@code [A-Za-z0-9._-]}, and not {@code .} or
 * {@code ..}.
 */
public final class TopicName {

    /** The longest name, in characters, which are bytes. */
    public static final int LENGTH_MAX = 128;

    static final String RULE = "1-128 of A-Z a-z 0-9 . _ - and not . or ..";

    private TopicName() {}

    /**
     * Returns the name if it is legal; throws {@link IllegalArgumentException} that says the rule
     * and what came.
     */
    public static String check(String name) {
        if (!isLegal(name)) {
            throw new IllegalArgumentException(
                    "a name is "
                            + RULE
                            + "; came: "
                            + (name == null ? "null" : Escaped.text(name)));
        }
        return name;
    }

    /** Whether the name keeps the rule; false for null. */
    public static boolean isLegal(String name) {
        if (name == null || name.isEmpty() || name.length() > LENGTH_MAX) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (!isLegalCharacter(name.charAt(i))) {
                return false;
            }
        }
        return !name.equals(".") && !name.equals("..");
    }

    static boolean isLegalCharacter(int character) {
        return 'a' <= character && character <= 'z'
                || '0' <= character && character <= '9'
                || 'A' <= character && character <= 'Z'
                || character == '-'
                || character == '_'
                || character == '.';
    }
}
