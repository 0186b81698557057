package io.walrus.node;

import java.time.Duration;
import java.util.Locale;

/** What a node says when it is ready: who listens where, and where the data is. */
final class StartMessage {

    private StartMessage() {}

    static String of(WalrusNode node, Duration took) {
        NodeOptions options = node.options();
        int members = node.raftStatus().voters().size();
        return """
               walrus %s: node %d is ready after %.1f s (%s)
                 clients  %s
                 raft     %s:%d  %s of %s
               %s\
                 data     %s  fsync: %s
                 recovery %s
                 stop it with Ctrl-C or SIGTERM
               """
                .formatted(
                        WalrusVersion.current(),
                        options.nodeId(),
                        took.toMillis() / 1_000.0,
                        "pid " + ProcessHandle.current().pid(),
                        options.clientPort() == NodeOptions.NO_PORT
                                ? "none but this process"
                                : options.clientHost() + ":" + node.clientPort(),
                        options.raftHost(),
                        node.raftPort(),
                        node.raftStatus().role().toLowerCase(Locale.ROOT),
                        members == 1 ? "a cluster of one" : members + " members",
                        options.httpPort() == NodeOptions.NO_PORT
                                ? ""
                                : "  console  %s://%s:%d/%n"
                                        .formatted(
                                                options.httpTls() ? "https" : "http",
                                                options.httpHost(),
                                                node.httpPort()),
                        options.directory().toAbsolutePath().normalize(),
                        options.fsync(),
                        node.recovery().summary());
    }
}
