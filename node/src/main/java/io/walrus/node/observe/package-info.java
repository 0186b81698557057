/**
 * The observing room: what a node says about itself.
 *
 * <p>{@link io.walrus.node.observe.NodeReports} makes the JSON of STATE, METRICS, TOPICS and HELLO
 * for the wire; {@link io.walrus.node.observe.Observatory} makes what the HTTP port tells: metrics,
 * health, the API, the console's pictures. {@link io.walrus.node.observe.NodeMetrics} counts as the
 * storage room's observer. Anybody may call in, on any thread: every answer is made from immutable
 * views and counters that other rooms publish through {@link io.walrus.node.observe.Vitals}. Never:
 * changes anything, or touches a file, but for asking how much room a disk has.
 */
package io.walrus.node.observe;
