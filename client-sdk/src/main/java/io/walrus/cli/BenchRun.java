package io.walrus.cli;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.walrus.cli.load.Load;
import io.walrus.cli.load.LoadOptions;
import io.walrus.cli.load.LoadReport;
import io.walrus.client.WalrusClientOptions;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Runs a load on event loops of its own and tells every second how far it is. */
final class BenchRun implements AutoCloseable {

    private static final long NANOS = TimeUnit.SECONDS.toNanos(1);

    private final WalrusCommand root;
    private final String verb;
    private final Vertx vertx;
    private final Load load;

    BenchRun(WalrusCommand root, WalrusClientOptions client, LoadOptions options, String verb) {
        this.root = root;
        this.verb = verb;
        int processors = Runtime.getRuntime().availableProcessors();
        vertx = ServerConnection.plainVertx(Math.min(options.clients(), processors));
        load = new Load(vertx, client, options, System::nanoTime);
    }

    Load load() {
        return load;
    }

    /** Blocks until the load is over. */
    LoadReport measure() {
        Future<LoadReport> running = verb.equals("put") ? load.put() : load.get();
        CountDownLatch over = new CountDownLatch(1);
        running.onComplete(done -> over.countDown());
        long start = System.nanoTime();
        long before = 0;
        while (!isOverWithinASecond(over)) {
            long soFar = load.entriesSoFar();
            root.note(
                    "%4d s %,12d %ss/s %,15d in all"
                            .formatted(
                                    (System.nanoTime() - start) / NANOS,
                                    soFar - before,
                                    verb,
                                    soFar));
            before = soFar;
        }
        return ServerConnection.await(running);
    }

    private static boolean isOverWithinASecond(CountDownLatch over) {
        try {
            return over.await(1, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CliFailure(ExitCode.UNREACHABLE, "interrupted");
        }
    }

    @Override
    public void close() {
        vertx.close();
    }
}
