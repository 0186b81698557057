package io.walrus.cli;

import io.walrus.client.Place;
import io.walrus.protocol.Command;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code walrus cursor commit TOPIC CURSOR PLACE}. */
@CommandLine.Command(
        name = "commit",
        aliases = "seek",
        description = "Moves a named cursor forward, and creates it if there is none.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "A cursor never goes back: for that, read by place (tail) or take a new name."
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
            description = "The next entry its reader wants: SEGMENT:OFFSET, beginning or end.")
    private String text;

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
        connection.call(new Command.Commit(topic, name, place.segment(), place.offset()));
        group.root().note("OK " + place);
    }
}
