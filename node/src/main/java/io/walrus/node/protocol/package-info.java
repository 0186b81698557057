/**
 * The protocol room: connections of clients, from bytes to requests and from replies to bytes.
 *
 * <p>Lives here: {@link io.walrus.node.protocol.ProtocolVerticle} (the door; one instance per event
 * loop on one shared port) and package-private one session per connection. A session lives on its
 * connection's event loop and nowhere else; answers of the router hop back to it. Replies leave in
 * the order of the requests, one socket write for all that are ready, and whatever one socket read
 * brought goes on as one hand-over.
 *
 * <p>Never: blocks, decides where a topic lives, logs a payload, or holds more of a connection than
 * its limits say.
 */
package io.walrus.node.protocol;
