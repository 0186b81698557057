/**
 * What the cluster agrees on: nodes, topics, segments and who may write them, as an immutable value
 * and the commands that move it on.
 *
 * <p>Everybody may call in, on any thread: {@link io.walrus.metadata.MetadataService} is the door,
 * {@link io.walrus.metadata.ClusterMetadata} the value behind it. This room is pure: it never
 * touches a disk, a socket, a clock or a random number, so that the same commands lead to the same
 * state on every node.
 */
package io.walrus.metadata;
