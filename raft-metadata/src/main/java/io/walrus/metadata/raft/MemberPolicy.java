package io.walrus.metadata.raft;

/** Whom a connection may be held with. Any thread, no blocking. */
interface MemberPolicy {

    /** Who this member is right now. */
    Hello.Self self();

    /** How far somebody with that proved hello is trusted. */
    Standing standing(Hello hello);

    /** What a proved hello is good for. */
    enum Standing {
        /** Everything. */
        MEMBER,
        /** Asking to be let in, or whether it is still in; nothing else. */
        GUEST,
        /** Nothing: another cluster. */
        STRANGER
    }
}
