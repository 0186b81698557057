/** Placeholder. */
package io.walrus.client;
