package io.walrus.client;

import io.vertx.core.buffer.Buffer;

/**
 * One entry and its place.
 *
 * @param segment the number of its segment, from 1
 * @param offset its offset within the segment, 0-based
 * @param nextOffset where to read on in the same segment
 * @param payload its bytes, not to be written to; may be a view of a larger buffer, which it keeps
 *     alive
 */
public record Entry(int segment, long offset, long nextOffset, Buffer payload) {

    @Override
    public String toString() {
        return "entry " + segment + ":" + offset + " (" + payload.length() + " bytes)";
    }
}
