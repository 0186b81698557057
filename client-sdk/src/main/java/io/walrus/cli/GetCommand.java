package io.walrus.cli;

import io.vertx.core.Future;
import io.walrus.protocol.Command;
import io.walrus.protocol.ErrorCode;
import io.walrus.protocol.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code walrus get TOPIC}: takes entries and prints each with a newline. */
@CommandLine.Command(
        name = "get",
        description = "Takes the next entries under the topic's shared cursor, which moves on.",
        mixinStandardHelpOptions = true)
final class GetCommand implements Runnable {

    private static final int PIPELINED_MAX = 64;
    private static final int WAIT_MILLIS_MAX = 5_000;
    private static final long POLL_MILLIS_MIN = 10;
    private static final long POLL_MILLIS_MAX = 500;

    @ParentCommand private WalrusCommand root;
    @Spec private CommandSpec spec;
    @Mixin private ServerOptions server;

    @Parameters(paramLabel = "TOPIC", description = "The topic.")
    private String topic;

    @Option(
            names = "-n",
            paramLabel = "N",
            description = "How many, at most. Default 1, with --follow no limit.")
    private Long count;

    @Option(names = "--follow", description = "Go on when the topic is empty, and wait for more.")
    private boolean isFollowing;

    @Option(
            names = "--until-idle",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "With --follow: end when nothing came for so long.")
    private Duration untilIdle;

    private boolean serverCanWait;
    private long idleMillis;
    private long pollMillis;

    @Override
    public void run() {
        String name = WalrusCommand.topic(spec.commandLine(), topic);
        long wanted = wanted();
        ServerConnection connection = root.connect(spec.commandLine(), server);
        serverCanWait = true;
        idleMillis = 0;
        pollMillis = POLL_MILLIS_MIN;
        long printed = 0;
        int batch = isFollowing ? 1 : PIPELINED_MAX;
        while (printed < wanted) {
            int asked = (int) Math.min(batch, wanted - printed);
            int taken = take(connection, name, asked);
            printed += taken;
            if (taken > 0) {
                idleMillis = 0;
                pollMillis = POLL_MILLIS_MIN;
            }
            if (taken == asked) {
                batch = Math.min(PIPELINED_MAX, 2 * batch);
            } else if (!isFollowing || !waitForMore(connection, name)) {
                root.note(nothingMore(name, printed));
                return;
            } else {
                batch = 1;
            }
        }
    }

    static String nothingMore(String topic, long printed) {
        return "EMPTY: "
                + topic
                + " has no further entry"
                + (printed == 0 ? "" : " after " + printed);
    }

    private long wanted() {
        if (count != null && count < 1) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "-n: at least 1 is wanted; came: " + count);
        }
        if (untilIdle != null && !isFollowing) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--until-idle goes with --follow");
        }
        return count != null ? count : isFollowing ? Long.MAX_VALUE : 1;
    }

    /**
     * Prints what came even if a later request of the same batch failed: it is consumed, and would
     * be lost.
     */
    private int take(ServerConnection connection, String name, int asked) {
        List<Future<Reply>> replies = new ArrayList<>(asked);
        for (int i = 0; i < asked; i++) {
            replies.add(connection.client().send(new Command.Get(name)));
        }
        int taken = 0;
        CliFailure failure = null;
        for (Future<Reply> future : replies) {
            try {
                Reply reply = ServerConnection.await(future);
                if (reply instanceof Reply.OkPayload entry) {
                    root.writeEntry(entry.payload());
                    taken++;
                } else if (reply instanceof Reply.Err err && failure == null) {
                    failure = ServerConnection.refused(err);
                }
            } catch (CliFailure failed) {
                failure = failure == null ? failed : failure;
            }
        }
        root.flush();
        if (failure != null) {
            throw failure;
        }
        return taken;
    }

    /**
     * Lets the server wait if it can, else pauses, a little longer each time; false when it was
     * idle for too long.
     */
    private boolean waitForMore(ServerConnection connection, String name) {
        long leftMillis = untilIdle == null ? Long.MAX_VALUE : untilIdle.toMillis() - idleMillis;
        if (leftMillis <= 0) {
            return false;
        }
        if (serverCanWait) {
            int waitMillis = (int) Math.min(WAIT_MILLIS_MAX, leftMillis);
            Reply reply = connection.ask(new Command.Wait(name, 0, 0, waitMillis));
            if (!(reply instanceof Reply.Err err)) {
                idleMillis += reply instanceof Reply.Empty ? waitMillis : 0;
                return true;
            }
            if (!isWaitMissing(err.code())) {
                throw ServerConnection.refused(err);
            }
            serverCanWait = false;
        }
        long pauseMillis = Math.min(pollMillis, leftMillis);
        connection.pause(pauseMillis);
        idleMillis += pauseMillis;
        pollMillis = Math.min(POLL_MILLIS_MAX, pollMillis * 2);
        return true;
    }

    private static boolean isWaitMissing(ErrorCode code) {
        return code == ErrorCode.UNSUPPORTED
                || code == ErrorCode.NO_COMMAND
                || code == ErrorCode.UNRECOGNISED;
    }
}
