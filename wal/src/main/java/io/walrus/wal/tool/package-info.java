/**
 * Tools that look at a log's directory without changing it: verify, dump, stats.
 *
 * <p>The command line calls in, on its own thread; the work blocks. A directory that is being
 * written may be looked at: what is found is then a moment's picture. Never: writes, locks or
 * repairs.
 */
package io.walrus.wal.tool;
