package io.walrus.wal;

import java.util.Arrays;

/**
 * Where in a file an offset is, to within {@link #STRIDE_BYTES}. One writer at a time; readers need
 * no lock, and see every entry that was added before the end they read up to was published.
 */
final class SparseIndex {

    static final int STRIDE_BYTES = 4 << 10;

    private volatile Slots slots = new Slots(new long[4], new int[4]);
    private volatile int size;

    private record Slots(long[] offsets, int[] positions) {}

    /** Adds a frame if it is far enough from the last one that was added. */
    void offer(long offset, int position) {
        int at = size;
        Slots now = slots;
        if (at > 0 && position - now.positions[at - 1] < STRIDE_BYTES) {
            return;
        }
        if (at == now.offsets.length) {
            now =
                    new Slots(
                            Arrays.copyOf(now.offsets, at * 2),
                            Arrays.copyOf(now.positions, at * 2));
            slots = now;
        }
        now.offsets[at] = offset;
        now.positions[at] = position;
        size = at + 1;
    }

    /** The last slot at or before an offset, or -1 if there is none. */
    int floor(long offset) {
        int count = size;
        int found = Arrays.binarySearch(slots.offsets, 0, count, offset);
        return found >= 0 ? found : -found - 2;
    }

    /** Forgets every slot from a position on; before readers come. */
    void forgetFrom(int position) {
        int kept = size;
        while (kept > 0 && slots.positions[kept - 1] >= position) {
            kept--;
        }
        size = kept;
    }

    int size() {
        return size;
    }

    long offset(int slot) {
        return slots.offsets[slot];
    }

    int position(int slot) {
        return slots.positions[slot];
    }
}
