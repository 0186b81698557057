package io.walrus.node.routing;

/** Told the outcomes of one hand-over of entries, in their order. */
@FunctionalInterface
public interface AppendListener {

    /**
     * The next {@code count} entries of the hand-over, which had none so far, have their outcome.
     * Called on any thread, one call at a time for one hand-over; must not block.
     */
    void settled(int count, Settlement settlement);
}
