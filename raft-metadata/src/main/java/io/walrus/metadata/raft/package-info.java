/**
 * The metadata of a real cluster: replicated by Raft, kept on disk, spoken over the metadata port.
 *
 * <p>The door is {@link io.walrus.metadata.raft.RaftMetadata}; anybody may call it, on any thread,
 * and nothing in it blocks the caller. This is the only room that knows the Raft library. It never
 * touches a topic's entries.
 */
package io.walrus.metadata.raft;
