package io.walrus.wal.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * Bytes of {@code format.walrus}, 64 of them in two copies of 32. This layout never changes, in no
 * version: it is how an old program knows that it must keep its hands off.
 *
 * <pre>
 *  0 u64 magic
 *  8 u32 format version
 * 12 u32 zero
 * 16 u64 created, ms
 * 24 u32 CRC32C over [0,24)
 * 28 u32 zero
 * </pre>
 *
 * All numbers are little-endian.
 */
public final class DirectoryFormat {

    public static final int BYTES = 64;

    /** The version that this program writes and reads. */
    public static final int VERSION = 1;

    private static final long MAGIC = 0x5355_524c_4157_4c57L; // "WLWALRUS"
    private static final int COPY_BYTES = 32;
    private static final int CRC = 24;

    private DirectoryFormat() {}

    public static ByteBuffer bytesOf(int version, long createdMillis) {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < BYTES; at += COPY_BYTES) {
            bytes.putLong(at, MAGIC).putInt(at + 8, version).putLong(at + 16, createdMillis);
            bytes.putInt(at + CRC, crc(bytes, at));
        }
        return bytes;
    }

    /** The version in the first whole copy, or -1 if there is none. */
    public static int versionIn(ByteBuffer bytes) {
        for (int at = 0; at < BYTES; at += COPY_BYTES) {
            if (isWhole(bytes, at)) {
                return bytes.getInt(at + 8);
            }
        }
        return -1;
    }

    /** Where the damaged copy is, or -1 if both are whole. */
    public static int damagedCopy(ByteBuffer bytes) {
        for (int at = 0; at < BYTES; at += COPY_BYTES) {
            if (!isWhole(bytes, at)) {
                return at;
            }
        }
        return -1;
    }

    private static boolean isWhole(ByteBuffer bytes, int at) {
        return at + COPY_BYTES <= bytes.limit()
                && bytes.getLong(at) == MAGIC
                && bytes.getInt(at + CRC) == crc(bytes, at);
    }

    private static int crc(ByteBuffer bytes, int at) {
        var crc = new CRC32C();
        crc.update(bytes.slice(at, CRC));
        return (int) crc.getValue();
    }
}
