/**
 * The machine under the numbers: what it is, whether it is quiet, and memory that is kept warm, so that a run does not measure
 * how fast a host gives pages to its guest. {@link io.walrus.bench.machine.Machine} and {@link
 * io.walrus.bench.machine.WarmMemory} are the doors; both the benchmarks of the engine and those of the wire use them.
 */
package io.walrus.bench.machine;
