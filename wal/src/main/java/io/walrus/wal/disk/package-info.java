/**
 * The seam to the file system, and the only room that opens a file.
 *
 * <p>{@link io.walrus.wal.disk.Disk} is the door; {@link io.walrus.wal.disk.RealDisk} is the
 * machine's own, and tests bring one that forgets, tears, reorders, fills up and fails. The engine
 * calls in, from any thread; calls block for as long as the disk takes. No result is swallowed:
 * what the file system refuses comes out as an {@code IOException}. An interrupt of the calling
 * thread never closes a file. Never: interprets a byte, caches, or retries.
 */
package io.walrus.wal.disk;
