package io.walrus.cli;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code walrus topic …}: what can be done with topics as a whole. */
@CommandLine.Command(
        name = "topic",
        description = "Lists, creates, describes, deletes topics and rolls them over.",
        mixinStandardHelpOptions = true,
        subcommands = {
            TopicListCommand.class,
            TopicCreateCommand.class,
            TopicDescribeCommand.class,
            TopicDeleteCommand.class,
            TopicRollCommand.class,
            TopicReadsCommand.class
        })
final class TopicCommand implements Runnable {

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
