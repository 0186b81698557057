package io.walrus.bench.child;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.walrus.bench.engine.Payloads;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs working threads and looks at their counters from outside: no barrier, no pause between warm-up and measurement.
 *
 * <p>Each worker publishes its total with {@link #count}; the main thread takes two looks and reports the difference.
 */
final class Meter {
    /** One counter per cache line pair, so that workers do not disturb one another. */
    private static final int STRIDE = 16;

    private static final long LOOK_NANOS = 2_000_000;

    private static final long WINDOW_NANOS_MIN = 50_000_000;

    private final AtomicLongArray counts;
    private final List<Thread> workers = new ArrayList<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile boolean stopped;
    private volatile boolean measuring;
    private volatile boolean drained;

    Meter(int slots) {
        this.counts = new AtomicLongArray((slots + 1) * STRIDE);
    }

    /** The body of a working thread. */
    interface Work {
        void run() throws Exception;
    }

    void start(String name, Work work) {
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                work.run();
                            } catch (Throwable e) {
                                failed(e);
                            }
                        },
                        name);
        workers.add(thread);
        thread.start();
    }

    void count(int slot, long total) {
        counts.lazySet((slot + 1) * STRIDE, total);
    }

    boolean stopped() {
        return stopped;
    }

    /** Whether latencies count. */
    boolean measuring() {
        return measuring;
    }

    /** A worker ran out of work: the window ends now. */
    void drained() {
        drained = true;
    }

    void failed(Throwable problem) {
        failure.compareAndSet(null, problem);
        stopped = true;
    }

    /** Waits for the warm-up, measures, stops the workers and joins them; throws what a worker threw. */
    Window measure(Task task) throws InterruptedException {
        return measure(task, task.bytesMax() / Payloads.BYTES_MEAN);
    }

    /** The same, ending early after a number of operations. */
    Window measure(Task task, long operationsMax) throws InterruptedException {
        // A quarter may go into the warm-up, the rest is for the measurement.
        await(task.warmupSeconds(), operationsMax / 4);
        Look before = look();
        measuring = true;
        await(task.seconds(), operationsMax);
        Look after = look();
        measuring = false;
        stop();
        Window window = after.since(before);
        if (window.nanos() < WINDOW_NANOS_MIN) {
            throw new IllegalStateException(
                    "measured for " + window.nanos() / 1_000_000 + " ms only; expected more: give it more to write or to read");
        }
        return window;
    }

    /** Stops the workers and joins them; throws what a worker threw. */
    void stop() throws InterruptedException {
        stopped = true;
        join();
    }

    /** Waits for the workers to come to their own end; throws what a worker threw. */
    void join() throws InterruptedException {
        for (Thread worker : workers) {
            worker.join();
        }
        if (failure.get() != null) {
            throw new IllegalStateException("a worker failed", failure.get());
        }
    }

    long operations() {
        long sum = 0;
        for (int i = STRIDE; i < counts.length(); i += STRIDE) {
            sum += counts.get(i);
        }
        return sum;
    }

    private void await(double seconds, long operationsMax) {
        long deadline = System.nanoTime() + (long) (seconds * 1e9);
        while (!stopped && !drained && System.nanoTime() < deadline && operations() < operationsMax) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private record Look(long operations, long nanos, long allocatedBytes, long cpuNanos) {
        Window since(Look before) {
            return new Window(
                    operations - before.operations,
                    nanos - before.nanos,
                    allocatedBytes - before.allocatedBytes,
                    cpuNanos - before.cpuNanos);
        }
    }

    private Look look() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = 0;
        for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
            allocated += Math.max(0, bytes);
        }
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return new Look(operations(), System.nanoTime(), allocated, system.getProcessCpuTime());
    }
}
