/**
 * The engines that are measured, all behind one small interface: plain files as references, Walrus, and its peers, each
 * driven as its own documentation advises.
 *
 * <p>The door is {@link io.walrus.bench.engine.Engines}. Only child JVMs of the harness open an engine; the parent asks
 * for names and JVM flags. An engine is opened and closed on one thread; a {@link io.walrus.bench.engine.Lane} belongs to
 * one thread. Nothing here ships, and nothing outside {@code src/bench} may use it.
 */
package io.walrus.bench.engine;
