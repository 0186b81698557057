/** Corpora of inputs for parsers, and what grows from them. */
package io.walrus.fuzz;
