/** The wire protocol and the reactive client of Walrus. */
module io.walrus.client {
    requires transitive io.vertx.core;

    exports io.walrus.client;
    exports io.walrus.protocol;
}
