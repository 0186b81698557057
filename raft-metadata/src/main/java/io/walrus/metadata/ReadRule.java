package io.walrus.metadata;

import java.util.Locale;

/** What the shared cursor of a topic promises about a node that dies. */
public enum ReadRule {
    /** The owner of the cursor decides by its own settings. */
    AS_NODE,
    /** The cursor is stored before an entry is handed out: none twice, one may be skipped. */
    STRICTLY_AT_ONCE,
    /** The cursor is stored after entries were handed out: none is skipped, some may come twice. */
    AT_LEAST_ONCE;

    /** How it is written: {@code strictly-at-once} and so on. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Reads what {@link #word} writes; anything else is an {@link IllegalArgumentException}. */
    public static ReadRule of(String word) {
        for (ReadRule rule : values()) {
            if (rule.word().equals(word)) {
                return rule;
            }
        }
        throw new IllegalArgumentException(
                "expected strictly-at-once, at-least-once or as-node, got '" + word + "'");
    }
}
