/**
 * The wire protocol, the reactive client and the command line of Walrus.
 *
 * <p>The command line's libraries are optional: a program that only uses the client does without
 * them.
 */
module io.walrus.client {
    requires transitive io.vertx.core;
    // Vert.x reads JSON by it, but only asks for it softly; STATE and METRICS are JSON.
    requires com.fasterxml.jackson.core;
    requires static transitive info.picocli;
    requires static HdrHistogram;
    requires static org.jline;
    requires static ascii.table;
    requires static me.tongfei.progressbar;

    exports io.walrus.cli;
    exports io.walrus.client;
    exports io.walrus.protocol;

    opens io.walrus.cli to
            info.picocli;
}
