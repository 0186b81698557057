package io.walrus.metadata.raft;

import java.util.Set;

/** The names of the messages that are this room's own; the library's go by their class names. */
final class PortNames {
    static final String CHALLENGE = "walrus.challenge";
    static final String HELLO = "walrus.hello";
    static final String CLUSTER = "walrus.cluster";
    static final String JOIN = "walrus.join";
    static final String LEAVE = "walrus.leave";
    static final String RETIRE = "walrus.retire";
    static final String EXPEL = "walrus.expel";
    static final String EXPEL_UNNEEDED = "walrus.expel-unneeded";
    static final String PROPOSE = "walrus.propose";
    static final String HEARTBEAT = "walrus.heartbeat";
    static final String BELONGING = "walrus.belonging";
    static final String TRANSFER = "walrus.transfer";

    private static final Set<String> FOR_GUESTS = Set.of(CLUSTER, JOIN, BELONGING);

    private PortNames() {}

    static boolean forGuests(String name) {
        return FOR_GUESTS.contains(name);
    }
}
