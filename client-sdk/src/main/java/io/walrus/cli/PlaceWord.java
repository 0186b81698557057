package io.walrus.cli;

import io.walrus.client.Place;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;

/**
 * A place as a person writes it: {@code beginning}, {@code end}, {@code SEGMENT:OFFSET}, or a time
 * as {@link TimeWord} reads it.
 */
final class PlaceWord {

    private static final Pattern NUMBERS = Pattern.compile("([0-9]{1,9}):([0-9]{1,18})");

    private final Place named;
    private final Instant time;

    private PlaceWord(Place named, Instant time) {
        this.named = named;
        this.time = time;
    }

    /** What the text says; anything else is a usage error that names the option or parameter. */
    static PlaceWord parse(CommandLine command, String name, String text) {
        if (text.equals("end")) {
            return new PlaceWord(null, null);
        }
        if (text.equals("beginning")) {
            return new PlaceWord(Place.FIRST, null);
        }
        Optional<Instant> time = TimeWord.parse(text, Clock.systemDefaultZone());
        if (time.isPresent()) {
            return new PlaceWord(null, time.get());
        }
        Matcher numbers = NUMBERS.matcher(text);
        if (!numbers.matches() || Integer.parseInt(numbers.group(1)) == 0) {
            throw new CommandLine.ParameterException(
                    command,
                    name
                            + ": beginning, end, SEGMENT:OFFSET such as 1:0, or a time such as -10m or"
                            + " 2026-03-01T12:30:00Z is wanted; came: '"
                            + text
                            + "'");
        }
        return new PlaceWord(
                new Place(Integer.parseInt(numbers.group(1)), Long.parseLong(numbers.group(2))),
                null);
    }

    boolean isEnd() {
        return named == null && time == null;
    }

    /** The place in a topic; its end, or a time, is searched. */
    Place in(TopicEnd topic) {
        if (time != null) {
            return topic.at(time);
        }
        return isEnd() ? topic.find() : named;
    }
}
