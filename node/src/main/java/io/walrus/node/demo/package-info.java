/**
 * The demonstration: {@code walrus demo} streams real files through three real nodes, kills a
 * leader hard halfway, and compares what comes back byte for byte.
 *
 * <p>{@link io.walrus.node.demo.DemoCommand} is the door; it runs on the caller's thread and
 * blocks, as a command does. Everything it does to a node it does from outside: a child process,
 * TCP, and the client. Never: reaches into a room of the node.
 */
package io.walrus.node.demo;
