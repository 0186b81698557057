/**
 * The access room: who may do what to which topic, by tokens.
 *
 * <p>Lives here: {@link io.walrus.node.access.AccessGate} (says yes or no to one connection's
 * requests), {@link io.walrus.node.access.AccessRules} (what a tokens file says, an immutable
 * value) and {@link io.walrus.node.access.NewToken} (makes one). Pure: any thread, no files, no
 * clock. A token is compared by its hash; none is kept or logged. Never: asked about connections
 * between nodes, whose requests were let in at the node where the client came in.
 */
package io.walrus.node.access;
