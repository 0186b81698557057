/**
 * The storage room: owns the log engine of this node, one writer per segment, and the shared
 * cursors.
 *
 * <p>Lives here: {@link io.walrus.node.storage.SegmentStore} (the door), the {@link
 * io.walrus.node.storage.StorageVerticle} that opens and closes it on a worker thread, and
 * package-private one writer per segment. The routing room calls in, from any thread; no call
 * blocks the caller. Work is done on the storage worker pool and on the engine's own threads, and
 * callbacks run there: a caller hops back to its own context.
 *
 * <p>Never: talks to a socket, proposes metadata, or decides where a request belongs. It only asks
 * the {@link io.walrus.node.storage.WriteGate} at the write and once more before the ack.
 */
package io.walrus.node.storage;
