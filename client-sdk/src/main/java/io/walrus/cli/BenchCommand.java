package io.walrus.cli;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code walrus bench …}: how fast a server is, and whether it keeps its word meanwhile. */
@CommandLine.Command(
        name = "bench",
        description = "Puts a load on a server and measures.",
        mixinStandardHelpOptions = true,
        subcommands = {BenchPutCommand.class, BenchGetCommand.class})
final class BenchCommand implements Runnable {

    @ParentCommand private WalrusCommand root;
    @Spec private CommandSpec spec;

    WalrusCommand root() {
        return root;
    }

    @Override
    public void run() {
        throw WalrusCommand.subcommandMissing(spec);
    }
}
