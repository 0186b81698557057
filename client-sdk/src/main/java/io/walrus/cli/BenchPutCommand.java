package io.walrus.cli;

import io.walrus.cli.load.LoadOptions;
import io.walrus.cli.load.ReadBack;
import io.walrus.client.Place;
import io.walrus.protocol.Command;
import io.walrus.protocol.FrameParser;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code walrus bench put TOPIC}. */
@CommandLine.Command(
        name = "put",
        description = "Appends entries to TOPIC, which is created if need be, and measures.",
        mixinStandardHelpOptions = true,
        footer = {"", "Exits with 1 if a request failed or --verify found a broken promise."})
final class BenchPutCommand implements Callable<Integer> {

    private static final int VERIFIED_BYTES_MIN = 20;

    @ParentCommand private BenchCommand group;
    @Spec private CommandSpec spec;
    @Mixin private ServerOptions server;
    @Mixin private BenchOptions bench;

    @Parameters(paramLabel = "TOPIC", description = "Where to; better not one that is in use.")
    private String topic;

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            defaultValue = "1024",
            description = "How large an entry is. Default 1024.")
    private int size;

    @Option(
            names = "--verify",
            description =
                    "Read the entries back: none that was acknowledged lost, none doubled, each client's in order.")
    private boolean isVerified;

    @Override
    public Integer call() {
        CommandLine command = spec.commandLine();
        Limits.check(
                command,
                isVerified ? "--size with --verify" : "--size",
                size,
                isVerified ? VERIFIED_BYTES_MIN : 0,
                FrameParser.FRAME_BYTES_MAX);
        LoadOptions load = bench.load(command, topic, size, 1, isVerified);
        ServerConnection connection = group.root().connect(command, server);
        connection.call(new Command.Register(topic));
        Place start = isVerified ? TopicEnd.of(connection, topic).find() : null;
        try (BenchRun run =
                new BenchRun(
                        group.root(), group.root().clientOptions(command, server), load, "put")) {
            BenchReport report = new BenchReport("puts", run.measure(), load);
            if (isVerified) {
                group.root().note("reading back from " + start);
                report.add(
                        "read back",
                        ServerConnection.await(
                                ReadBack.run(
                                        connection.client(), topic, start, run.load().account())));
            }
            group.root()
                    .writeLine(
                            report.text(bench.format(), group.root().streams().outShowsBlocks()));
            return report.exitCode(group.root());
        }
    }
}
