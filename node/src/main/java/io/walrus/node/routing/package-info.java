/**
 * The routing room: decides on an immutable view where a request belongs (here, at another node,
 * nowhere yet), and keeps requests waiting while a segment changes hands, so that a rollover is a
 * pause and never an error.
 *
 * <p>Lives here: {@link io.walrus.node.routing.Router} (the door), {@link
 * io.walrus.node.routing.RoutingVerticle} (owns the timers: the 100 ms lease sync and the rollover
 * monitor), and package-private the lane and the cursor desk of each topic and the one class that
 * knows the order of a rollover. The protocol room calls in from event loops; answers come on any
 * thread.
 *
 * <p>Never: opens a file or a socket, parses a byte, or routes a request twice.
 */
package io.walrus.node.routing;
