/**
 * The console room: the HTTP port of a node, with metrics for Prometheus, health for whoever
 * restarts nodes, a JSON API and one page for people.
 *
 * <p>Door: {@link io.walrus.node.console.ConsoleVerticle}. Lives on one event loop; what may block
 * goes to a worker. Read-only: no request changes anything, and no request is trusted to be from
 * this page. Names and payloads leave as JSON only, and the page shows them as text only.
 */
package io.walrus.node.console;
