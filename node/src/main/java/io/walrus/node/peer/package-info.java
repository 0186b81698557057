/**
 * The peer room: calls from this node to the others, over their client ports.
 *
 * <p>{@link io.walrus.node.peer.PeerLinks} is the door. The routing room calls in, from any thread;
 * nothing blocks, and answers come on event loops. Connections are pooled and pipelined, with
 * limits and time-outs of their own, so that a dead or slow node holds up nobody who does not need
 * it. A connection between nodes introduces itself, and what comes over it is never sent on to a
 * third node. Never: decides where a request belongs, or repeats one.
 */
package io.walrus.node.peer;
