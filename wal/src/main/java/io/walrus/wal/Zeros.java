package io.walrus.wal;

import java.nio.ByteBuffer;

/** Skips what was filled and never written, which is most of a file that is made ahead. */
final class Zeros {

    /** Most that one question looks at. */
    static final int BYTES_MAX = 16 << 10;

    private static final ByteBuffer ZEROS = ByteBuffer.allocate(BYTES_MAX).asReadOnlyBuffer();

    private Zeros() {}

    /**
     * How many zeros there are from an index on, of at most so many bytes.
     *
     * @param view its position and limit move
     */
    static int from(ByteBuffer view, int index, int length) {
        int looked = Math.min(BYTES_MAX, length);
        int differs =
                view.limit(index + looked)
                        .position(index)
                        .mismatch(ZEROS.duplicate().limit(looked));
        return differs < 0 ? looked : differs;
    }
}
