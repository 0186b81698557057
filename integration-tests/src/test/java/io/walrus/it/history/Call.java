package io.walrus.it.history;

/**
 * Who asked whom, and when.
 *
 * <p>Stamps are places in one order that all clients of a history share, not times: a call whose
 * end stamp is smaller than the start stamp of another was over before the other began. Two calls
 * that overlap may have happened in either order.
 *
 * @param client one ordered stream of requests; calls of one client may overlap (pipelining)
 * @param node the node that was asked, 0 for an embedded log
 * @param startStamp taken before the request was sent
 * @param endStamp taken after the answer was read; {@link #NEVER} if none came
 */
public record Call(int client, int node, String topic, long startStamp, long endStamp) {
    /** The end of a call that was still waiting when the history was taken. */
    public static final long NEVER = Long.MAX_VALUE;

    boolean endedBefore(Call other) {
        return endStamp < other.startStamp;
    }

    @Override
    public String toString() {
        String end = endStamp == NEVER ? "…" : String.valueOf(endStamp);
        return "["
                + startStamp
                + "–"
                + end
                + " client "
                + client
                + " node "
                + node
                + " "
                + topic
                + "]";
    }
}
