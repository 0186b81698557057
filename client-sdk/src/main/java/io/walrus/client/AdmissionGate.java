package io.walrus.client;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Says whether one more request may wait: bounds their number and their bytes. Any thread. */
final class AdmissionGate {

    private final int requestsMax;
    private final long bytesMax;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    AdmissionGate(int requestsMax, long bytesMax) {
        this.requestsMax = requestsMax;
        this.bytesMax = bytesMax;
    }

    /** Admits a request of that size, or returns false; a single one passes whatever its size. */
    boolean tryEnter(long requestBytes) {
        int before = requests.getAndIncrement();
        long bytesBefore = bytes.getAndAdd(requestBytes);
        if (before < requestsMax && (before == 0 || bytesBefore + requestBytes <= bytesMax)) {
            return true;
        }
        leave(requestBytes);
        return false;
    }

    void leave(long requestBytes) {
        bytes.addAndGet(-requestBytes);
        requests.decrementAndGet();
    }

    boolean isEmpty() {
        return requests.get() == 0;
    }

    @Override
    public String toString() {
        return requests.get() + " requests of " + bytes.get() + " bytes";
    }
}
