package io.walrus.node;

import io.walrus.cli.CliStreams;
import io.walrus.cli.WalrusCommandLine;
import io.walrus.node.demo.DemoCommand;
import io.walrus.node.doctor.DoctorCommand;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The main of the runnable jar: the client's command line, with the commands that start a node. The
 * only place that reads the environment.
 */
public final class NodeMain {

    private NodeMain() {}

    /** Runs the command that the arguments name, and ends the process with its exit code. */
    public static void main(String[] args) {
        Map<String, String> environment = System.getenv();
        CliStreams streams = CliStreams.ofProcess(environment);
        OptionalInt done = WalrusCommandLine.runPlain(streams, args);
        if (done.isPresent()) {
            System.exit(done.getAsInt());
        }
        NodeLogging.toStandardError();
        System.exit(WalrusCommandLine.run(streams, args, () -> ofNodes(environment, streams)));
    }

    private static Object[] ofNodes(Map<String, String> environment, CliStreams streams) {
        return new Object[] {
            WalrusCommandLine.withMemberCommands(
                            new NodeCommand(environment, System.out, System.err))
                    .addSubcommand(new NodeJoinCommand(environment, System.out, System.err)),
            new DevCommand(environment, streams, System.err),
            new WalCommand(System.out, System.err),
            new TokenCommand(System.out, System.err),
            new DoctorCommand(System.out, System.err, System::nanoTime),
            new DemoCommand(System.out, System.err, streams.errIsTerminal())
        };
    }
}
