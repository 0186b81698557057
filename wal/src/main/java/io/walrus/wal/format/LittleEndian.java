package io.walrus.wal.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Buffers in the byte order of every file of a log. */
public final class LittleEndian {

    private LittleEndian() {}

    public static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    public static ByteBuffer allocateDirect(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
