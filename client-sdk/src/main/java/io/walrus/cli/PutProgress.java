package io.walrus.cli;

import java.util.concurrent.atomic.AtomicLong;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar on standard error while many lines are sent; nothing at all where nobody watches. */
final class PutProgress implements AutoCloseable {

    static final long UNKNOWN_BYTES = -1;

    private static final int BAR_COLUMNS = 78;
    private static final int UPDATE_MILLIS = 200;
    private static final long MIB = 1 << 20;

    private final AtomicLong doneBytes = new AtomicLong();
    private final ProgressBar bar;

    private PutProgress(ProgressBar bar) {
        this.bar = bar;
    }

    static PutProgress to(CliStreams streams, long sizeBytes) {
        if (!streams.errIsTerminal()) {
            return new PutProgress(null);
        }
        return new PutProgress(
                new ProgressBarBuilder()
                        .setTaskName("put")
                        .setStyle(ProgressBarStyle.ASCII)
                        .setInitialMax(sizeBytes)
                        .setUnit(" MiB", MIB)
                        .setUpdateIntervalMillis(UPDATE_MILLIS)
                        .setConsumer(new ConsoleProgressBarConsumer(streams.err(), BAR_COLUMNS))
                        .build());
    }

    /** Counts bytes that were answered; any thread. */
    void step(long bytes) {
        long done = doneBytes.addAndGet(bytes);
        if (bar != null) {
            bar.stepTo(done);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
