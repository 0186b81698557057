package io.walrus.cli;

import io.walrus.client.Entry;
import io.walrus.client.Place;
import io.walrus.client.TopicReaderOptions;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code walrus tail TOPIC}: shows entries and takes none. */
@CommandLine.Command(
        name = "tail",
        description = "Shows entries by place; no cursor moves, others still get them.",
        mixinStandardHelpOptions = true)
final class TailCommand implements Runnable {

    private static final long LAST = 10;
    private static final int RETRIES_MAX = 5;

    /** Some minutes: a server that restarts is waited for. */
    private static final int FOLLOWING_RETRIES_MAX = 1_500;

    private static final Duration FOREVER = Duration.ofDays(36_500);

    @ParentCommand private WalrusCommand root;
    @Spec private CommandSpec spec;
    @Mixin private ServerOptions server;

    @Parameters(paramLabel = "TOPIC", description = "The topic.")
    private String topic;

    @Option(
            names = "-n",
            paramLabel = "N",
            description =
                    "Without --from: start N entries before the end (default 10). With --from: end after N.")
    private Long count;

    @Option(
            names = "--from",
            paramLabel = "PLACE",
            description =
                    "beginning, end (with --follow: only what is new), SEGMENT:OFFSET, or a time: so long ago"
                            + " (-90s, -10m, -2h, -3d) or ISO (2026-03-01T12:30:00Z, without Z local).")
    private String from;

    @Option(names = "--follow", description = "Go on at the end, and wait for more.")
    private boolean isFollowing;

    @Option(
            names = "--until-idle",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "With --follow: end when nothing came for so long.")
    private Duration untilIdle;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text (the bytes, the default), json (with the place) or hex.")
    private EntryFormat format;

    @Override
    public void run() {
        String name = WalrusCommand.topic(spec.commandLine(), topic);
        check();
        PlaceWord word = from == null ? null : PlaceWord.parse(spec.commandLine(), "--from", from);
        if (word != null && word.isEnd() && !isFollowing) {
            throw usage("--from end goes with --follow; for the last entries leave --from out");
        }
        ServerConnection connection = root.connect(spec.commandLine(), server);
        // Asked first in any case: no such topic, or no server, is told at once and not retried.
        TopicEnd end = TopicEnd.of(connection, name);
        TopicReaderOptions options =
                new TopicReaderOptions()
                        .setStart(start(end, word))
                        .setEndingAtEnd(!isFollowing)
                        .setRetriesMax(isFollowing ? FOLLOWING_RETRIES_MAX : RETRIES_MAX);
        long wanted = from == null || count == null ? Long.MAX_VALUE : count;
        try (EntryQueue entries = new EntryQueue(connection.client().reader(name, options))) {
            print(entries, wanted);
            root.flush();
        } catch (CliFailure failure) {
            // Nothing was taken, so nothing is lost: | head ends it without a word.
            if (!failure.isReaderGone()) {
                root.flush();
                throw failure;
            }
        }
    }

    private void check() {
        if (count != null && count < 1) {
            throw usage("-n: at least 1 is wanted; came: " + count);
        }
        if (untilIdle != null && !isFollowing) {
            throw usage("--until-idle goes with --follow");
        }
    }

    private Place start(TopicEnd end, PlaceWord word) {
        return word != null ? word.in(end) : end.back(end.find(), count == null ? LAST : count);
    }

    private void print(EntryQueue entries, long wanted) {
        for (long printed = 0; printed < wanted; printed++) {
            if (entries.isEmpty()) {
                root.flush();
            }
            Optional<Entry> entry = entries.take(untilIdle == null ? FOREVER : untilIdle);
            if (entry.isEmpty()) {
                return;
            }
            root.writeEntry(format.line(entry.get()));
        }
    }

    private CommandLine.ParameterException usage(String message) {
        return new CommandLine.ParameterException(spec.commandLine(), message);
    }
}
