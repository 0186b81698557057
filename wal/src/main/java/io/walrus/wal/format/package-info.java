/**
 * Byte layouts: files, frames, journal records, the catalogue, cursor slots.
 *
 * <p>The engine and the tools call in, from any thread. Everything here turns values into bytes and
 * bytes into values, with a byte ruler above each layout. Never: touches a file, a clock or a lock.
 */
package io.walrus.wal.format;
