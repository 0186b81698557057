/**
 * The TLS room: the files that make the client port speak TLS.
 *
 * <p>Lives here: {@link io.walrus.node.tls.TlsFiles}, the door, which turns certificate and key
 * files into options for servers and for clients. It reads files, so it is called on threads that
 * may block, at the start and whenever a file has changed. Never: opens a connection, or keeps a
 * key longer than its caller does.
 */
package io.walrus.node.tls;
