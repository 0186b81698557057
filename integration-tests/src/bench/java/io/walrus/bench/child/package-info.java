/**
 * What one child JVM does: open one engine, do one kind of work, check that the work is really there, print one line.
 *
 * <p>The doors are {@link io.walrus.bench.child.ChildMain} and the {@link io.walrus.bench.child.Task} that the parent
 * hands it. Appenders and readers run on their own threads; the main thread only watches their counters. A child ends
 * when its parent does.
 */
package io.walrus.bench.child;
