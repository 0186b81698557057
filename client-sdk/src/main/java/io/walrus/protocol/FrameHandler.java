package io.walrus.protocol;

import io.vertx.core.buffer.Buffer;

/**
 * Takes what a {@link FrameParser} finds, in order, on the thread that called it. Must not throw.
 */
public interface FrameHandler {

    /**
     * One whole body, in {@code [start, end)} of {@code bytes}.
     *
     * <p>The bytes stay valid and unchanged after the call, so slices of them may be kept; a kept
     * slice keeps the whole buffer (one socket read) alive.
     */
    void onFrame(Buffer bytes, int start, int end);

    /** A length that no frame may have; the last call of this parser. */
    void onRefused(FrameRefused refused);
}
