/**
 * A disk in memory that does everything a disk may do: forget, tear, reorder, fill up, fail, rot.
 *
 * <p>{@link io.walrus.wal.sim.SimulatedDisk} is the door; tests hand it to a log and then turn its
 * knobs from any thread. A crash never changes a disk: it gives a new one, the disk that a
 * restarted process sees, so that threads of the crashed log can touch nothing any more. All chance
 * comes from seeds. Never: reads a clock, starts a thread, touches the machine's own disk.
 */
package io.walrus.wal.sim;
