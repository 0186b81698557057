/**
 * Checks the TLA+ spec in {@code raft-metadata/spec} with TLC, in a JVM of its own per model.
 *
 * <p>Nobody calls in: these are tests. They read the spec as it lies in the source tree, never a
 * copy, and never write into it.
 */
package io.walrus.metadata.spec;
