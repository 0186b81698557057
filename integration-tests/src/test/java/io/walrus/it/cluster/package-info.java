/**
 * Clusters of real processes that are hurt while clients write and read, and whose history is
 * checked afterwards.
 *
 * <p>Lives here: {@link io.walrus.it.cluster.TcpProxy} between the nodes, {@link
 * io.walrus.it.cluster.HurtCluster} which starts, kills, pauses and cuts nodes off, the load, and
 * the tests. Nothing in a node knows that it is being tested.
 */
package io.walrus.it.cluster;
