package io.walrus.cli;

import io.vertx.core.json.JsonObject;
import io.walrus.client.Place;
import io.walrus.protocol.Command;
import io.walrus.protocol.Reply;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code walrus cursor list TOPIC}. */
@CommandLine.Command(
        name = "list",
        description = "Shows the named cursors of a topic, and how far each is behind its end.",
        mixinStandardHelpOptions = true)
final class CursorListCommand implements Runnable {

    @ParentCommand private CursorCommand group;
    @Spec private CommandSpec spec;
    @Mixin private ServerOptions server;

    @Parameters(paramLabel = "TOPIC", description = "The topic.")
    private String topic;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table (the default) or json.")
    private OutputFormat format;

    @Override
    public void run() {
        Command.Cursors command =
                new Command.Cursors(WalrusCommand.topic(spec.commandLine(), topic));
        ServerConnection connection = group.root().connect(spec.commandLine(), server);
        Reply.Json cursors = (Reply.Json) connection.call(command);
        if (format == OutputFormat.JSON) {
            group.root().writeLine(cursors.text());
            return;
        }
        JsonObject places = StateTable.parse(cursors);
        if (places.isEmpty()) {
            group.root().note("EMPTY: " + topic + " has no named cursor");
            return;
        }
        group.root().writeLine(table(places, TopicEnd.of(connection, topic)));
    }

    private static String table(JsonObject places, TopicEnd topic) {
        TextTable table =
                new TextTable()
                        .words("CURSOR")
                        .numbers("SEGMENT")
                        .numbers("OFFSET")
                        .numbers("BEHIND");
        Place end = topic.find();
        for (String name : places.fieldNames()) {
            JsonObject at = places.getJsonObject(name);
            Place place = new Place(at.getInteger("segment"), at.getLong("offset"));
            table.row(name, place.segment(), place.offset(), topic.entriesBetween(place, end));
        }
        return table.text();
    }
}
