package io.walrus.metadata.raft;

import java.io.IOException;
import java.io.RandomAccessFile;

/**
 * Makes room in a file before it is needed, so that a full disk is told while nothing is half
 * written. Blocking.
 */
interface DiskRoom {

    /** Room made of zeros, which the file system cannot take back. */
    DiskRoom ZEROS = DiskRoom::fill;

    /** The bytes from {@code from} to {@code to} are zeros and durable when it returns. */
    void make(RandomAccessFile file, long from, long to) throws IOException;

    private static void fill(RandomAccessFile file, long from, long to) throws IOException {
        byte[] zeros = new byte[(int) (to - from)];
        file.seek(from);
        file.write(zeros);
        file.getFD().sync();
    }

    /** The JDK has no type for ENOSPC and EDQUOT: their messages are all there is. */
    static boolean isFull(IOException refused) {
        String message = String.valueOf(refused.getMessage());
        return message.contains("No space left on device")
                || message.contains("Disk quota exceeded");
    }
}
