package io.walrus.node;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/**
 * A value that is read from files, and read again when one of them has changed. What cannot be read
 * then is logged, and the earlier value stays in force.
 *
 * <p>Files are looked at on a worker thread, never on an event loop.
 */
final class WatchedFiles<T> {

    private static final long LOOK_MILLIS = 1_000;
    private static final System.Logger LOG = System.getLogger(WatchedFiles.class.getName());

    private final Vertx vertx;
    private final List<Path> files;
    private final Callable<T> reading;
    private final Consumer<T> whenRead;
    private List<String> seen = List.of();
    private long timer = -1;

    /**
     * @param reading reads the value; a failure says what was expected and what was found
     * @param whenRead takes the value, the first one too; on a Vert.x context
     */
    WatchedFiles(Vertx vertx, List<Path> files, Callable<T> reading, Consumer<T> whenRead) {
        this.vertx = vertx;
        this.files = List.copyOf(files);
        this.reading = reading;
        this.whenRead = whenRead;
    }

    /** Reads for the first time; fails if that is not possible. */
    Future<Void> start() {
        return vertx.executeBlocking(
                        () -> {
                            seen = look();
                            return reading.call();
                        })
                .onSuccess(whenRead::accept)
                .onSuccess(read -> timer = vertx.setPeriodic(LOOK_MILLIS, tick -> readIfChanged()))
                .mapEmpty();
    }

    /** May be called twice, and without a start. */
    void stop() {
        vertx.cancelTimer(timer);
    }

    private void readIfChanged() {
        vertx.executeBlocking(() -> hasChanged() ? reading.call() : null)
                .onSuccess(
                        read -> {
                            if (read != null) {
                                LOG.log(System.Logger.Level.INFO, "read again: {0}", files);
                                whenRead.accept(read);
                            }
                        })
                .onFailure(
                        failure ->
                                LOG.log(
                                        System.Logger.Level.WARNING,
                                        "{0} changed and cannot be used, what was read before stays"
                                                + " in force: {1}",
                                        files,
                                        failure.getMessage()));
    }

    private boolean hasChanged() throws IOException {
        List<String> now = look();
        boolean changed = !now.equals(seen);
        seen = now;
        return changed;
    }

    private List<String> look() throws IOException {
        var marks = new ArrayList<String>();
        for (Path file : files) {
            marks.add(
                    Files.exists(file)
                            ? Files.getLastModifiedTime(file) + " " + Files.size(file)
                            : "gone");
        }
        return marks;
    }
}
