/** Placeholder. */
package io.walrus.metadata;
