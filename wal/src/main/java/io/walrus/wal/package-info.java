/**
 * The log engine: append, atomic batches, peeking and consuming reads, named cursors, and a choice
 * of durability.
 *
 * <p>{@link io.walrus.wal.Wal} is the door; the types beside it are its options, values and
 * failures. Callers may use any thread. Appends write on the caller's thread or wait for the
 * engine's committer; syncs run on the engine's own threads. Never: opens a file outside of {@code
 * io.walrus.wal.disk}, keeps static state, or reads the environment.
 */
package io.walrus.wal;
