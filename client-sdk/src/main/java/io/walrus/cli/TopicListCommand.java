package io.walrus.cli;

import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.walrus.protocol.Command;
import io.walrus.protocol.ErrorCode;
import io.walrus.protocol.Reply;
import java.util.ArrayList;
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

    private static final int PIPELINED_MAX = 64;

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
        List<String> names = names(reply);
        if (names.isEmpty()) {
            group.root().note("EMPTY: no topics; create one with: topic create TOPIC");
        } else {
            group.root()
                    .writeLine(isNamesOnly ? String.join("\n", names) : table(connection, names));
        }
    }

    static List<String> names(Reply.Json reply) {
        List<String> names = new ArrayList<>();
        try {
            for (Object name : new JsonArray(reply.text())) {
                names.add(String.valueOf(name));
            }
        } catch (DecodeException noArray) {
            throw new CliFailure(
                    ExitCode.REFUSED, "the server's answer is no JSON array; -o json shows it");
        }
        return names;
    }

    private static String table(ServerConnection connection, List<String> names) {
        TextTable table =
                new TextTable()
                        .words("TOPIC")
                        .numbers("SEGMENTS")
                        .numbers("LEADER")
                        .numbers("SEALED ENTRIES");
        for (int from = 0; from < names.size(); from += PIPELINED_MAX) {
            List<String> some = names.subList(from, Math.min(names.size(), from + PIPELINED_MAX));
            List<Future<Reply>> states = new ArrayList<>();
            for (String name : some) {
                states.add(connection.client().send(new Command.State(name)));
            }
            for (int i = 0; i < some.size(); i++) {
                addRow(table, some.get(i), ServerConnection.await(states.get(i)));
            }
        }
        return table.text();
    }

    private static void addRow(TextTable table, String name, Reply reply) {
        if (reply instanceof Reply.Err err) {
            // Deleted between the two questions: then it is no topic any more.
            if (err.code() != ErrorCode.NO_TOPIC) {
                throw ServerConnection.refused(err);
            }
            return;
        }
        JsonObject state = StateTable.parse((Reply.Json) reply);
        JsonObject counts = state.getJsonObject("sealed_segments", new JsonObject());
        long sealed = 0;
        for (String segment : counts.fieldNames()) {
            sealed += counts.getLong(segment);
        }
        table.row(name, state.getValue("current_segment"), state.getValue("leader_node"), sealed);
    }
}
