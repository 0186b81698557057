/**
 * The wire: frames, commands, replies, error codes, and the parsers and writers between them and
 * bytes.
 *
 * <p>Doors: {@link io.walrus.protocol.RequestParser} and {@link io.walrus.protocol.ReplyWriter} for
 * a server, {@link io.walrus.protocol.CommandWriter}, {@link io.walrus.protocol.FrameParser} and
 * {@link io.walrus.protocol.ReplyParser} for a client. Values ({@link io.walrus.protocol.Command},
 * {@link io.walrus.protocol.Reply}) are immutable as long as nobody writes to the payload buffers
 * in them. Parsers keep state and belong to one connection, hence to one thread; writers keep none.
 * Nothing here opens a socket, reads a clock, starts a thread, or logs a payload. The whole wire in
 * words: {@code node/docs/protocol.md}.
 */
package io.walrus.protocol;
