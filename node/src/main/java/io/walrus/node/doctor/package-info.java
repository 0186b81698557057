/**
 * The doctor's room: looks at a machine before a node runs on it, and says in words what to expect.
 *
 * <p>Door: {@link io.walrus.node.doctor.DoctorCommand}, the local command {@code walrus doctor},
 * which the node's main adds to the command line. It measures appends with the log engine itself,
 * in a directory of its own that it removes. Blocks its caller; never starts a node, speaks to one,
 * or touches what a data directory holds.
 */
package io.walrus.node.doctor;
