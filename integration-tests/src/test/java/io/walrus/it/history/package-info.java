/**
 * What clients saw, and whether the promises allow it: a recorder that threads of a test write to,
 * and a pure checker that names every broken promise.
 *
 * <p>Doors: {@link io.walrus.it.history.HistoryRecorder} while a test runs (any thread, never
 * blocks), {@link io.walrus.it.history.HistoryChecker} when it is over (one thread, no clock, no
 * IO, no randomness). Nothing in here talks to a node.
 *
 * <p>The way of working, recorded intervals with definite and indefinite outcomes checked after the
 * run, is Jepsen's; the checks themselves follow from the promises of a log.
 */
package io.walrus.it.history;
