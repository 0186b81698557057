/**
 * A Walrus node: the doors for embedding and for the command line, and the one class that wires the
 * rooms.
 *
 * <p>{@link io.walrus.node.WalrusNode} starts and stops a node inside a Vert.x application, {@link
 * io.walrus.node.NodeVerticle} does the same by deployment, {@link io.walrus.node.NodeMain} is the
 * main of the runnable jar and the only class that reads the environment. Callers may use any
 * thread; nothing here blocks except the main. Never: holds state of its own, beyond what it
 * started.
 */
package io.walrus.node;
