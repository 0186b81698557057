/**
 * Bytes of commands and states: versioned JSON by Jackson.
 *
 * <p>Called by {@code metadata.raft} and by tools, on any thread; the door is {@link
 * io.walrus.metadata.codec.MetadataCodec}. Never does IO, never guesses: an unknown version, type
 * or field is refused.
 */
package io.walrus.metadata.codec;
