package io.walrus.cli;

import io.walrus.client.Place;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;

/** A place as a person writes it: {@code beginning}, {@code end} or {@code SEGMENT:OFFSET}. */
final class PlaceWord {

    private static final Pattern NUMBERS = Pattern.compile("([0-9]{1,9}):([0-9]{1,18})");

    private final Place named;

    private PlaceWord(Place named) {
        this.named = named;
    }

    /** What the text says; anything else is a usage error that names the option or parameter. */
    static PlaceWord parse(CommandLine command, String name, String text) {
        if (text.equals("end")) {
            return new PlaceWord(null);
        }
        if (text.equals("beginning")) {
            return new PlaceWord(Place.FIRST);
        }
        Matcher numbers = NUMBERS.matcher(text);
        if (!numbers.matches() || Integer.parseInt(numbers.group(1)) == 0) {
            throw new CommandLine.ParameterException(
                    command,
                    name
                            + ": beginning, end or SEGMENT:OFFSET such as 1:0 is wanted; came: '"
                            + text
                            + "'");
        }
        return new PlaceWord(
                new Place(Integer.parseInt(numbers.group(1)), Long.parseLong(numbers.group(2))));
    }

    boolean isEnd() {
        return named == null;
    }

    /** The place in a topic; its end is searched. */
    Place in(TopicEnd topic) {
        return isEnd() ? topic.find() : named;
    }
}
