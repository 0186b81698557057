/**
 * Benchmarks beside references and peers: the parent that forks one JVM per measurement, interleaved in rounds, and prints
 * a table per row.
 *
 * <p>The door is {@link io.walrus.bench.EngineBench}. Everything here runs on the main thread. It measures nothing itself:
 * that is the children's work ({@code io.walrus.bench.child}), and the engines are in {@code io.walrus.bench.engine}.
 * Compiled and run by the Maven profile {@code bench} only; ships with nothing.
 */
package io.walrus.bench;
