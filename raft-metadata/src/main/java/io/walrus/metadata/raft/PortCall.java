package io.walrus.metadata.raft;

/** One request that came in, to be answered once, from any thread. */
interface PortCall {
    String name();

    byte[] body();

    /** The connection it came on; the same object for all its calls. */
    PortSession session();

    void reply(String name, byte[] body);

    void fail(String message);
}
