package io.walrus.wal.disk;

import java.nio.ByteBuffer;

/**
 * Bytes of a file in memory. Little-endian; use {@link ByteBuffer#duplicate()} or absolute access
 * from several threads.
 *
 * <p>Made durable by the {@code force} of its file. Stays readable after the file was closed or
 * removed, but not beyond a size that the file was truncated to.
 */
public record MappedRegion(ByteBuffer bytes) {}
