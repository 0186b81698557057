/**
 * What the cluster's shared state costs on one node, without a network and without a disk: how long
 * one command takes that is applied to a state of many topics, and how long its snapshot takes. One
 * class with a main, started by hand on the class path of the benchmarks; nobody calls in.
 */
package io.walrus.bench.state;
