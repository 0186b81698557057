package io.walrus.cli;

import io.walrus.protocol.Command;
import io.walrus.protocol.ErrorCode;
import io.walrus.protocol.Reply;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code walrus topic delete TOPIC…}. */
@CommandLine.Command(
        name = "delete",
        description = "Removes topics and everything in them, for good.",
        mixinStandardHelpOptions = true)
final class TopicDeleteCommand implements Runnable {

    @ParentCommand private TopicCommand group;
    @Spec private CommandSpec spec;
    @Mixin private ServerOptions server;

    @Parameters(arity = "1..*", paramLabel = "TOPIC", description = "The topics.")
    private List<String> topics;

    @Option(names = "--yes", description = "Yes, for good. Without it nothing is done.")
    private boolean isMeant;

    @Override
    public void run() {
        List<Command> commands = new ArrayList<>();
        for (String topic : topics) {
            commands.add(new Command.Delete(WalrusCommand.topic(spec.commandLine(), topic)));
        }
        if (!isMeant) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    "topic delete removes every entry of "
                            + String.join(", ", topics)
                            + " for good; if that is meant, say --yes");
        }
        ServerConnection connection = group.root().connect(spec.commandLine(), server);
        for (int i = 0; i < commands.size(); i++) {
            if (connection.ask(commands.get(i)) instanceof Reply.Err err) {
                throw refused(topics.get(i), topics.subList(0, i), err);
            }
        }
        group.root().note("OK");
    }

    private static CliFailure refused(String topic, List<String> deleted, Reply.Err err) {
        String before = deleted.isEmpty() ? "" : "; deleted: " + String.join(", ", deleted);
        // The server's words advise to create it.
        String why =
                err.code() == ErrorCode.NO_TOPIC
                        ? "unknown topic " + topic + "; 'walrus topic list' shows those there are"
                        : err.message();
        return new CliFailure(ExitCode.REFUSED, "ERR " + err.code() + " " + why + before);
    }
}
