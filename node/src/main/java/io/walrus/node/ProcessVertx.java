package io.walrus.node;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;

/**
 * The Vert.x of a process that is ours alone. It leaves nothing behind in the temporary folder when
 * it is killed: the cache folder that Vert.x makes for class path files is not wanted here.
 */
final class ProcessVertx {

    private ProcessVertx() {}

    static Vertx create() {
        return Vertx.vertx(
                new VertxOptions()
                        .setPreferNativeTransport(false)
                        .setFileSystemOptions(
                                new FileSystemOptions()
                                        .setFileCachingEnabled(false)
                                        .setClassPathResolvingEnabled(false)));
    }
}
