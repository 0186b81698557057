package io.walrus.cli;

import io.walrus.cli.load.LoadOptions;
import io.walrus.protocol.Command;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code walrus bench get TOPIC}. */
@CommandLine.Command(
        name = "get",
        description = "Takes entries from TOPIC under its shared cursor, and measures.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "What it takes is gone for other readers of the shared cursor.",
            "Ends when the topic is empty. Exits with 1 if a request failed or --verify found a broken promise.",
            "A put that was refused or is unknown leaves a gap, which --verify cannot tell from a loss."
        })
final class BenchGetCommand implements Callable<Integer> {

    @ParentCommand private BenchCommand group;
    @Spec private CommandSpec spec;
    @Mixin private ServerOptions server;
    @Mixin private BenchOptions bench;

    @Parameters(paramLabel = "TOPIC", description = "Where from.")
    private String topic;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "1",
            description = "Take up to N entries with each request. Default 1.")
    private int batch;

    @Option(
            names = "--verify",
            description =
                    "Check what bench put has marked: none left out, none twice, each client's in order.")
    private boolean isVerified;

    @Override
    public Integer call() {
        CommandLine command = spec.commandLine();
        Limits.check(command, "--batch", batch, 1, Command.BATCH_ENTRIES_MAX);
        LoadOptions load = bench.load(command, topic, 0, batch, isVerified);
        group.root().connect(command, server).call(new Command.State(topic));
        try (BenchRun run =
                new BenchRun(
                        group.root(), group.root().clientOptions(command, server), load, "get")) {
            BenchReport report = new BenchReport("gets", run.measure(), load);
            if (isVerified) {
                report.add("verified", run.load().taken().findings());
            }
            group.root()
                    .writeLine(
                            report.text(bench.format(), group.root().streams().outShowsBlocks()));
            return report.exitCode(group.root());
        }
    }
}
