package io.walrus.cli;

import io.walrus.protocol.Command;
import io.walrus.protocol.Reply;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code walrus metrics}. */
@CommandLine.Command(
        name = "metrics",
        description = "Shows the cluster as the asked node sees it, as JSON.",
        mixinStandardHelpOptions = true)
final class MetricsCommand implements Runnable {

    @ParentCommand private WalrusCommand root;
    @Spec private CommandSpec spec;
    @Mixin private ServerOptions server;

    @Override
    public void run() {
        ServerConnection connection = root.connect(spec.commandLine(), server);
        root.writeLine(((Reply.Json) connection.call(new Command.Metrics())).text());
    }
}
