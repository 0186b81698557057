package io.walrus.metadata.spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A TLA+ module and the text of a TLC configuration for it: the size of the world, the rules, and
 * the promises to check.
 *
 * <p>Immutable; each change gives a new model. A change that finds nothing to change is refused, so
 * that a renamed rule cannot turn a counter-example into a run of the unchanged model.
 */
record Model(String module, String text) {
    private static final Pattern RULE = Pattern.compile("(?m)^ {2}(\\w+) = (?:TRUE|FALSE)$");
    private static final Pattern CHECKED =
            Pattern.compile("(?m)^(INVARIANTS|PROPERTIES)\\n((?: {2}\\w+\\n)+)");

    static Model read(String module, String configuration) throws IOException {
        return new Model(module, Files.readString(directory().resolve(configuration)));
    }

    /** The folder of the spec, from the root that the build hands to every test. */
    static Path directory() {
        return Path.of(System.getProperty("walrus.root", ".."), "raft-metadata", "spec");
    }

    Model without(String rule) {
        return replaced("(?m)^ {2}" + rule + " = TRUE$", "  " + rule + " = FALSE");
    }

    Model with(String constant, int value) {
        return replaced("(?m)^ {2}" + constant + " = \\d+$", "  " + constant + " = " + value);
    }

    /** The same world, asked about one promise only. */
    Model askedOnlyFor(String promise) {
        Matcher section = CHECKED.matcher(text);
        String kind = null;
        while (section.find()) {
            if (section.group(2).lines().anyMatch(line -> line.strip().equals(promise))) {
                kind = section.group(1);
            }
        }
        if (kind == null) {
            throw new IllegalArgumentException("the configuration does not check " + promise);
        }
        return new Model(
                module, CHECKED.matcher(text).replaceAll("") + kind + "\n  " + promise + "\n");
    }

    Set<String> rules() {
        Set<String> rules = new TreeSet<>();
        RULE.matcher(text).results().forEach(found -> rules.add(found.group(1)));
        return rules;
    }

    /**
     * Invariants and properties under check, without the type invariant, which promises nothing.
     */
    Set<String> promises() {
        List<String> checked = new ArrayList<>();
        CHECKED.matcher(text)
                .results()
                .forEach(found -> found.group(2).lines().map(String::strip).forEach(checked::add));
        Set<String> promises = new TreeSet<>(checked);
        promises.remove("TypeOK");
        return promises;
    }

    private Model replaced(String pattern, String replacement) {
        Matcher line = Pattern.compile(pattern).matcher(text);
        if (!line.find()) {
            throw new IllegalArgumentException("no line of the configuration matches " + pattern);
        }
        return new Model(module, line.replaceFirst(replacement));
    }
}
