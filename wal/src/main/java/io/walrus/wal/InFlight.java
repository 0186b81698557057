package io.walrus.wal;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The asynchronous appends that nobody was told of yet, and the limit to them. Any thread. */
final class InFlight {

    private final int appendsMax;
    private final long bytesMax;
    private final AtomicInteger appends = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    InFlight(int appendsMax, long bytesMax) {
        this.appendsMax = appendsMax;
        this.bytesMax = bytesMax;
    }

    /**
     * One more, of so many bytes; one that is alone always fits.
     *
     * @throws WalException BUSY
     */
    void take(int frameBytes) {
        int countNow = appends.incrementAndGet();
        long bytesNow = bytes.addAndGet(frameBytes);
        if (countNow > appendsMax || bytesNow > bytesMax && countNow > 1) {
            give(frameBytes);
            throw new WalException(
                    WalException.Kind.BUSY,
                    "expected up to %d appends and %d bytes in flight, got one more; nothing was written, wait for some to complete"
                            .formatted(appendsMax, bytesMax));
        }
    }

    /** It is about to be told, or was refused. */
    void give(int frameBytes) {
        appends.decrementAndGet();
        bytes.addAndGet(-frameBytes);
    }

    int appends() {
        return appends.get();
    }
}
