package io.walrus.node;

import io.walrus.node.demo.DemoCommand;
import picocli.CommandLine;

/**
 * The main of the runnable jar: the command line of the client, with the commands that need a node.
 */
public final class NodeMain {

    private NodeMain() {}

    public static void main(String[] args) {
        System.exit(
                new CommandLine(CommandLine.Model.CommandSpec.create())
                        .addSubcommand(new NodeCommand(System.getenv(), System.out, System.err))
                        .addSubcommand(
                                new DemoCommand(System.out, System.err, System.console() != null))
                        .execute(args));
    }
}
