package io.walrus.cli;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code walrus cursor …}: the named cursors of a topic. */
@CommandLine.Command(
        name = "cursor",
        description = "Lists and moves the named cursors of a topic.",
        mixinStandardHelpOptions = true,
        subcommands = {CursorListCommand.class, CursorCommitCommand.class})
final class CursorCommand implements Runnable {

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
