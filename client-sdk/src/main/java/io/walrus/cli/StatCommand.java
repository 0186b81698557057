package io.walrus.cli;

import io.walrus.client.Place;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code walrus stat}: a line a second, counted from what readers would find. */
@CommandLine.Command(
        name = "stat",
        description = "Shows how many entries come in, a line a second, until Ctrl-C.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Counts what readers can see, so one topic costs a few small requests a second."
        })
final class StatCommand implements Runnable {

    private final LongSupplier nanoClock;

    @ParentCommand private WalrusCommand root;
    @Spec private CommandSpec spec;
    @Mixin private ServerOptions server;

    @Parameters(paramLabel = "TOPIC", arity = "0..*", description = "Which topics. Default all.")
    private List<String> topics;

    @Option(names = "-n", paramLabel = "N", description = "End after N lines.")
    private Long count;

    @Option(
            names = "--every",
            paramLabel = "TIME",
            defaultValue = "1s",
            converter = DurationConverter.class,
            description = "A line how often. Default 1s.")
    private Duration every;

    StatCommand(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    @Override
    public void run() {
        check();
        ServerConnection connection = root.connect(spec.commandLine(), server);
        Map<String, Place> ends = new HashMap<>();
        StatSample before = sample(connection, ends);
        root.writeLine(StatSample.HEADING);
        for (long line = 0; count == null || line < count; line++) {
            connection.pause(every.toMillis());
            StatSample now = sample(connection, ends);
            root.writeLine(now.rowAfter(before));
            before = now;
        }
    }

    private void check() {
        if (count != null && count < 1) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "-n: at least 1 is wanted; came: " + count);
        }
        if (every.isZero()) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--every: more than 0 is wanted");
        }
        for (String topic : topics == null ? List.<String>of() : topics) {
            WalrusCommand.topic(spec.commandLine(), topic);
        }
    }

    private StatSample sample(ServerConnection connection, Map<String, Place> ends) {
        List<String> names = topics == null ? TopicStates.names(connection) : topics;
        ends.keySet().retainAll(names);
        long entries = 0;
        long segments = 0;
        TreeSet<Integer> leaders = new TreeSet<>();
        for (String name : names) {
            TopicEnd end = TopicEnd.of(connection, name);
            Place place = end.findFrom(ends.getOrDefault(name, Place.FIRST));
            ends.put(name, place);
            entries += end.entries(place);
            segments += place.segment();
            if (end.leader() != null) {
                leaders.add(end.leader());
            }
        }
        return new StatSample(nanoClock.getAsLong(), entries, names.size(), segments, leaders);
    }
}
