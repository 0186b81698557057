/**
 * May this node write, right now? A pure answer from the cluster's state, the node's lease deadline
 * and the time.
 *
 * <p>Anybody may call in, on any thread. Times are nanoseconds of a monotonic clock that the caller
 * reads; this room never reads one, never waits and never touches a disk or a socket.
 */
package io.walrus.metadata.lease;
