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

/** {@code walrus cursor commit TOPIC CURSOR PLACE}, and the same by the name of {@code seek}. */
@CommandLine.Command(
        name = "commit",
        description =
                "Moves a named cursor forward, and creates it if there is none; or moves it back.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "A cursor goes back only with --back. A reader that is open then does not move it on again: it is told, within two seconds, and ends."
        })
final class CursorCommitCommand implements Runnable {

    @ParentCommand private CursorCommand group;
    @Spec private CommandSpec spec;
    @Mixin private ServerOptions server;

    @Parameters(index = "0", paramLabel = "TOPIC", description = "The topic.")
    private String topic;

    @Parameters(index = "1", paramLabel = "CURSOR", description = "The cursor's name.")
    private String name;

    @Parameters(
            index = "2",
            paramLabel = "PLACE",
            description =
                    "The next entry its reader wants: SEGMENT:OFFSET, beginning, end, or a time such as -1h.")
    private String text;

    @Option(
            names = "--back",
            description = "Move it back if need be: its reader gets again what it has had.")
    private boolean isBackAllowed;

    @Override
    public void run() {
        CommandLine command = spec.commandLine();
        WalrusCommand.topic(command, topic);
        try {
            new Command.Cursor(topic, name);
        } catch (IllegalArgumentException illegal) {
            throw new CommandLine.ParameterException(command, "CURSOR: " + illegal.getMessage());
        }
        PlaceWord word = PlaceWord.parse(command, "PLACE", text);
        ServerConnection connection = group.root().connect(command, server);
        Place place = word.in(TopicEnd.of(connection, topic));
        if (isBackAllowed) {
            connection.call(seek(connection, place));
        } else {
            connection.call(new Command.Commit(topic, name, place.segment(), place.offset()));
        }
        group.root().note("OK " + place);
    }

    /** From where it stands at this moment: whoever moves it meanwhile is not overruled. */
    private Command.Seek seek(ServerConnection connection, Place to) {
        JsonObject all = StateTable.parse((Reply.Json) connection.call(new Command.Cursors(topic)));
        JsonObject from = all.getJsonObject(name);
        if (from == null) {
            throw new CliFailure(
                    ExitCode.REFUSED,
                    topic
                            + " has no cursor "
                            + name
                            + "; 'walrus cursor list' shows those there are, and without --back it"
                            + " is created");
        }
        return new Command.Seek(
                topic,
                name,
                from.getInteger("segment"),
                from.getLong("offset"),
                to.segment(),
                to.offset());
    }
}
