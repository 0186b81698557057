/**
 * The client: one interface whose verbs return futures, and the connection under it.
 *
 * <p>Door: {@link io.walrus.client.WalrusClient}. Callable from any thread; a future completes on
 * the Vert.x context of its caller, or, where the caller has none, on the connection's event loop,
 * which must never be blocked. Nothing here blocks, reads the environment, or sends a request other
 * than a numbered append twice by itself.
 */
package io.walrus.client;
