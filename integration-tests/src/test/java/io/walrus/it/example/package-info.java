/** Examples that the documentation names: compiled, run and tested with the build. */
package io.walrus.it.example;
