/**
 * The observing room: what a node says about itself, as the JSON of STATE, METRICS, TOPICS and
 * HELLO.
 *
 * <p>{@link io.walrus.node.observe.NodeReports} is the door. Anybody may call in, on any thread:
 * every answer is made from immutable views that other rooms publish. Never: blocks, touches a disk
 * or a socket, or changes anything.
 */
package io.walrus.node.observe;
