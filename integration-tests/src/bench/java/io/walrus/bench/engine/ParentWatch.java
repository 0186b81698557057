package io.walrus.bench.engine;

import java.io.IOException;

/** Ends this JVM when the one that started it is gone, however it went: nothing is left behind on the machine. */
public final class ParentWatch {
    private static final int PARENT_GONE = 3;

    private ParentWatch() {}

    /** The parent holds our standard input open and never writes to it. No exit hooks: some peers' hang. */
    public static void start() {
        Thread watch = new Thread(ParentWatch::awaitEnd, "parent-watch");
        watch.setDaemon(true);
        watch.start();
    }

    private static void awaitEnd() {
        try {
            while (System.in.read() >= 0) {
                // nothing is ever sent
            }
        } catch (IOException e) {
            // a broken pipe is an end as well
        }
        Runtime.getRuntime().halt(PARENT_GONE);
    }
}
