package io.walrus.node.demo;

import java.io.PrintStream;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Tells a person how far the demonstration is: sentences always, a bar only on a terminal. */
final class DemoProgress implements AutoCloseable {

    private final PrintStream err;
    private final boolean terminal;
    private ProgressBar bar;

    DemoProgress(PrintStream err, boolean terminal) {
        this.err = err;
        this.terminal = terminal;
    }

    void says(String sentence) {
        err.println("demo: " + sentence);
    }

    synchronized void begins(String task, long steps) {
        if (terminal) {
            bar =
                    new ProgressBarBuilder()
                            .setTaskName(task)
                            .setInitialMax(steps)
                            .setStyle(ProgressBarStyle.ASCII)
                            .setUpdateIntervalMillis(200)
                            .build();
        }
    }

    synchronized void step(long steps) {
        if (bar != null) {
            bar.stepBy(steps);
        }
    }

    synchronized void ends() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }

    @Override
    public void close() {
        ends();
    }
}
