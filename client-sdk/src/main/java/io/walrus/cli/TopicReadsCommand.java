package io.walrus.cli;

import io.walrus.protocol.Command;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code walrus topic reads TOPIC RULE}. */
@CommandLine.Command(
        name = "reads",
        description = {
            "Sets what GET promises about a node that dies:",
            "strictly-at-once (no entry twice, one may be skipped),",
            "at-least-once (none skipped, some may come twice),",
            "as-node (what the nodes were told by --reads)."
        },
        mixinStandardHelpOptions = true)
final class TopicReadsCommand implements Runnable {

    @Spec private CommandSpec spec;
    @Mixin private ServerOptions server;

    @Parameters(paramLabel = "TOPIC", description = "The topic.")
    private String topic;

    @Parameters(paramLabel = "RULE", description = "strictly-at-once, at-least-once or as-node.")
    private String rule;

    @Override
    public void run() {
        WalrusCommand root = WalrusCommand.rootOf(spec);
        String name = WalrusCommand.topic(spec.commandLine(), topic);
        root.connect(spec.commandLine(), server).call(reads(name));
        root.note("OK");
    }

    private Command.Reads reads(String name) {
        try {
            return new Command.Reads(name, rule);
        } catch (IllegalArgumentException refused) {
            throw new ParameterException(spec.commandLine(), refused.getMessage());
        }
    }
}
