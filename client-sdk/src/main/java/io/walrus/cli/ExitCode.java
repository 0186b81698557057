package io.walrus.cli;

/** What the process says when it ends; scripts depend on these numbers. */
final class ExitCode {

    /** Done; an empty topic is no failure. */
    static final int OK = 0;

    /**
     * The server answered ERR, or gave an answer that makes no sense; or local data could not be
     * read or written.
     */
    static final int REFUSED = 1;

    /** The command was written wrongly; nothing was sent. */
    static final int USAGE = 2;

    /** No connection, no answer in time, or a connection lost on the way. */
    static final int UNREACHABLE = 3;

    private ExitCode() {}
}
