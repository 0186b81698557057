/**
 * What a log has promised, kept beside the log and compared with it.
 *
 * <p>{@link io.walrus.wal.proof.Simulation} is the door: one seed is one life of a log on a {@link
 * io.walrus.wal.sim.SimulatedDisk}, with everything that a disk can do to it, and a model that says
 * what must, may and must not be there afterwards. Tests call in, on one thread; the log's own
 * threads are real, so a seed fixes what is asked and what goes wrong, and the checks hold for
 * every interleaving. Never: sleeps, looks at the clock, or knows a file's layout.
 */
package io.walrus.wal.proof;
