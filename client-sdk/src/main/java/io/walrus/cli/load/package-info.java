/**
 * The load room: puts a load on servers through clients of its own, and measures what came of it.
 *
 * <p>Doors: {@link io.walrus.cli.load.Load} runs one and {@link io.walrus.cli.load.LoadReport} says
 * how it went; {@link io.walrus.cli.load.ReadBack} reads a topic again and holds it against what
 * was acknowledged, {@link io.walrus.cli.load.Taken} what was taken against the marks on it. The
 * command line calls in, from any thread; each session of a load lives on an event loop and owns
 * one connection. Never: prints, blocks, or sends an entry twice.
 */
package io.walrus.cli.load;
