package io.walrus.bench.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;

/** Runs something on several threads and counts what it did in the measured time, behind the warm-up. */
final class Load {
    /** What one thread does: prepares, starts the clock, works until the deadline and tells how much it has done since it last told. */
    @FunctionalInterface
    interface Work {
        void run(int thread, Clock clock, LongConsumer done) throws Exception;
    }

    /** Starts when every thread is prepared. */
    static final class Clock {
        private final WireBench.Setting setting;
        private final CyclicBarrier allAreReady;
        private volatile long beginNanos;
        private volatile long endNanos;

        private Clock(int threads, WireBench.Setting setting) {
            this.setting = setting;
            this.allAreReady = new CyclicBarrier(threads, this::go);
        }

        private void go() {
            beginNanos = System.nanoTime() + nanos(setting.warmupSeconds());
            endNanos = beginNanos + nanos(setting.seconds());
        }

        /** Waits for the other threads; the deadline of all. */
        long start() throws Exception {
            allAreReady.await(PREPARE_SECONDS_MAX, TimeUnit.SECONDS);
            return endNanos;
        }

        private boolean isMeasured() {
            long now = System.nanoTime();
            return now - beginNanos >= 0 && now - endNanos < 0;
        }
    }

    private static final long PREPARE_SECONDS_MAX = 60;

    private Load() {}

    /** Done a second. */
    static double perSecond(int threads, WireBench.Setting setting, Work work) throws Exception {
        Clock clock = new Clock(threads, setting);
        LongAdder measured = new LongAdder();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Void>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int thread = i;
                all.add(() -> {
                    work.run(thread, clock, done -> {
                        if (clock.isMeasured()) {
                            measured.add(done);
                        }
                    });
                    return null;
                });
            }
            for (Future<Void> one : pool.invokeAll(all)) {
                one.get();
            }
        } finally {
            pool.shutdownNow();
        }
        return measured.sum() / setting.seconds();
    }

    static long nanos(double seconds) {
        return (long) (seconds * 1e9);
    }
}
