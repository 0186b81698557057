package io.walrus.node.peer;

import io.walrus.protocol.Reply;
import java.util.List;

/**
 * What another node did with entries that were forwarded to it, in their order.
 *
 * @param parts outcomes of the first entries
 * @param remaining how many entries at the end were certainly not stored and may be routed again
 * @param why what the other node said about those
 */
public record ForwardedAppend(List<Part> parts, int remaining, String why) {

    /**
     * {@code count} entries in a row: stored from a {@link Reply.Place} on, or failed with a {@link
     * Reply.Err}.
     */
    public record Part(int count, Reply reply) {}
}
