/**
 * The command line: one class per command, and a prompt with history and completion.
 *
 * <p>Door: {@link io.walrus.cli.WalrusCommandLine}; the node's main adds its own commands to it.
 * Runs on the caller's thread and blocks it; speaks to servers by TCP only, through {@code
 * io.walrus.client}. Entries go to standard output byte for byte, everything else to standard
 * error. Never ends the process, never reads the environment.
 */
package io.walrus.cli;
