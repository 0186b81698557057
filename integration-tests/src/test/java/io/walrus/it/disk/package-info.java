/**
 * The log engine on real disks, killed and starved for real.
 *
 * <p>A child JVM writes and tells over its standard output what was acknowledged; the test takes
 * the process, the power, the space or the device away, opens the log again and compares. Tests
 * that mount file systems carry the tag {@code root} and skip themselves with a loud line where
 * that is not possible.
 */
package io.walrus.it.disk;
