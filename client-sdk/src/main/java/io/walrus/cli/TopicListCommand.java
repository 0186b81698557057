package io.walrus.cli;

import io.walrus.protocol.Command;
import io.walrus.protocol.Reply;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code walrus topic list}. */
@CommandLine.Command(
        name = "list",
        description = "Shows all topics, where each is written, and how much of it is sealed.",
        mixinStandardHelpOptions = true)
final class TopicListCommand implements Runnable {

    @ParentCommand private TopicCommand group;
    @Spec private CommandSpec spec;
    @Mixin private ServerOptions server;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table (the default) or json: an array of names.")
    private OutputFormat format;

    @Option(names = "--names", description = "Only the names, one a line; asks for nothing else.")
    private boolean isNamesOnly;

    @Override
    public void run() {
        ServerConnection connection = group.root().connect(spec.commandLine(), server);
        Reply.Json reply = (Reply.Json) connection.call(new Command.Topics());
        if (format == OutputFormat.JSON && !isNamesOnly) {
            group.root().writeLine(reply.text());
            return;
        }
        List<String> names = TopicStates.names(reply);
        if (names.isEmpty()) {
            group.root().note("EMPTY: no topics; create one with: topic create TOPIC");
        } else {
            group.root()
                    .writeLine(isNamesOnly ? String.join("\n", names) : table(connection, names));
        }
    }

    private static String table(ServerConnection connection, List<String> names) {
        TextTable table =
                new TextTable()
                        .words("TOPIC")
                        .numbers("SEGMENTS")
                        .numbers("LEADER")
                        .numbers("SEALED ENTRIES");
        TopicStates.of(connection, names)
                .forEach(
                        (name, state) ->
                                table.row(
                                        name,
                                        state.getValue("current_segment"),
                                        state.getValue("leader_node"),
                                        TopicStates.sealedEntries(state)));
        return table.text();
    }
}
