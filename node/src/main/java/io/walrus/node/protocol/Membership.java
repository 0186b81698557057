package io.walrus.node.protocol;

import io.vertx.core.Future;
import io.walrus.protocol.Reply;

/**
 * What a client may ask of the node as a member of its cluster.
 *
 * <p>Called on event loops; nothing blocks. The futures always succeed, with the reply, on any
 * thread.
 */
public interface Membership {

    /** Hands over all that the node leads; it gets nothing new from now on. */
    Future<Reply> drain();

    /** The node may be given segments again, and whoever gives them knows. */
    Future<Reply> undrain();

    /**
     * Hands over, leaves the cluster, and stops the node soon after the reply.
     *
     * @param force also if it holds entries that nobody else has
     */
    Future<Reply> leave(boolean force);

    /**
     * Has the cluster forget another node, which is gone for good; refused while that one is alive.
     *
     * @param force also if it alone held entries
     */
    Future<Reply> remove(int node, boolean force);
}
