/** A server whose every answer is written by the test; speaks real TCP, knows nothing of a log. */
package io.walrus.scripted;
