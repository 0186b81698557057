/** Placeholder. */
package io.walrus.wal;
