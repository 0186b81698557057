package io.walrus.wal;

import java.util.concurrent.atomic.AtomicLong;

/** How much memory the tails of all files may take together. Any thread; no lock. */
final class TailRoom {

    private final AtomicLong leftBytes;
    private final boolean given;

    TailRoom(long bytes) {
        leftBytes = new AtomicLong(bytes);
        given = bytes > 0;
    }

    /** No file keeps a tail: what is committed is in the file. */
    static TailRoom none() {
        return new TailRoom(0);
    }

    /** Files keep tails as long as there is room. */
    boolean isGiven() {
        return given;
    }

    /** Room for so many bytes, or false if there is not as much left. */
    boolean take(int bytes) {
        long left = leftBytes.get();
        while (bytes <= left) {
            if (leftBytes.compareAndSet(left, left - bytes)) {
                return true;
            }
            left = leftBytes.get();
        }
        return false;
    }

    void give(long bytes) {
        leftBytes.addAndGet(bytes);
    }

    long leftBytes() {
        return leftBytes.get();
    }
}
