package io.walrus.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One line of the prompt, taken apart.
 *
 * @param words the command in lower case, then what follows, split at white space
 * @param data all that follows the second word and one space, less one pair of quotes around it;
 *     null if there is none
 */
record ReplLine(List<String> words, String data) {

    static ReplLine parse(String line) {
        List<String> words = new ArrayList<>();
        String data = null;
        int at = 0;
        while (true) {
            int start = skipSpace(line, at);
            if (start == line.length()) {
                break;
            }
            int stop = skipWord(line, start);
            String word = line.substring(start, stop);
            words.add(words.isEmpty() ? word.toLowerCase(Locale.ROOT) : word);
            at = stop;
            if (words.size() == 2 && stop < line.length()) {
                data = unquoted(line.substring(stop + 1));
            }
        }
        return new ReplLine(words, data);
    }

    boolean isBlank() {
        return words.isEmpty();
    }

    boolean isExit() {
        return words.size() == 1 && (words.get(0).equals("exit") || words.get(0).equals("quit"));
    }

    boolean isHelp() {
        return words.get(0).equals("help");
    }

    boolean isPut() {
        return words.get(0).equals("put");
    }

    private static String unquoted(String data) {
        if (data.length() >= 2) {
            char first = data.charAt(0);
            if ((first == '"' || first == '\'') && data.charAt(data.length() - 1) == first) {
                return data.substring(1, data.length() - 1);
            }
        }
        return data;
    }

    private static int skipSpace(String line, int from) {
        int at = from;
        while (at < line.length() && Character.isWhitespace(line.charAt(at))) {
            at++;
        }
        return at;
    }

    private static int skipWord(String line, int from) {
        int at = from;
        while (at < line.length() && !Character.isWhitespace(line.charAt(at))) {
            at++;
        }
        return at;
    }
}
