/**
 * Benchmarks of what goes over the wire: a node beside a bare echo and beside the engine without a network, and the client
 * beside a bare socket. {@link io.walrus.bench.wire.WireBench} is the door. Servers are child processes with the same flags,
 * the driver is this process; all of them share the machine.
 */
package io.walrus.bench.wire;
