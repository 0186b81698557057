package io.walrus.node.protocol;

import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;

/**
 * Ends a connection without waiting for what was written to it.
 *
 * <p>The public close waits until the peer has taken everything, which a peer that does not read
 * never does. The one use of Vert.x's internal packages in this room.
 */
final class AbruptClose {

    private AbruptClose() {}

    static void of(NetSocket socket) {
        ((NetSocketInternal) socket).channelHandlerContext().close();
    }
}
