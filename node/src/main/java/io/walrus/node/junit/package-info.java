/**
 * A cluster for the tests of an application: a JUnit 5 extension.
 *
 * <p>Lives here: {@link io.walrus.node.junit.WalrusExtension}, the door. It runs nodes in the
 * test's own process through the doors of {@code io.walrus.node}, and nothing in the node calls it.
 * It is the only room that knows JUnit, which an application brings along with its tests. Called on
 * JUnit's threads, which it blocks until the nodes are there. Never: part of a running node.
 */
package io.walrus.node.junit;
