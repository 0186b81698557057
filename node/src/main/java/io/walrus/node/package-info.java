/** Placeholder. */
package io.walrus.node;
