package io.walrus.wal;

/** The rule for names of topics, cursors and namespaces. */
final class TopicNames {

    private static final int SHOWN_CHARS_MAX = 40;

    private TopicNames() {}

    /**
     * Gives the name back if it is 1 to {@code lengthMax} of {@code [A-Za-z0-9._-]} and neither
     * {@code .} nor {@code ..}; refuses it otherwise, before anything is allocated for its length.
     */
    static String check(String name, int lengthMax) {
        if (name == null) {
            throw refused("null", lengthMax);
        }
        boolean legal = 1 <= name.length() && name.length() <= lengthMax;
        for (int at = 0; legal && at < name.length(); at++) {
            legal = isLegal(name.charAt(at));
        }
        if (!legal || name.equals(".") || name.equals("..")) {
            throw refused(shown(name), lengthMax);
        }
        return name;
    }

    private static boolean isLegal(char c) {
        return 'a' <= c && c <= 'z'
                || 'A' <= c && c <= 'Z'
                || '0' <= c && c <= '9'
                || c == '.'
                || c == '_'
                || c == '-';
    }

    private static WalException refused(String shown, int lengthMax) {
        return new WalException(
                WalException.Kind.ILLEGAL_NAME,
                "expected a name of 1 to %d of [A-Za-z0-9._-], neither . nor .., got %s: choose another"
                        .formatted(lengthMax, shown));
    }

    /** Never the raw name: it may hold terminal escapes, line ends, or a megabyte. */
    private static String shown(String name) {
        var shown = new StringBuilder("\"");
        for (int at = 0; at < Math.min(name.length(), SHOWN_CHARS_MAX); at++) {
            char c = name.charAt(at);
            boolean plain = ' ' <= c && c <= '~' && c != '"' && c != '\\';
            shown.append(plain ? String.valueOf(c) : "\\u%04x".formatted((int) c));
        }
        shown.append('"');
        if (name.length() > SHOWN_CHARS_MAX) {
            shown.append("... of ").append(name.length()).append(" characters");
        }
        return shown.toString();
    }
}
