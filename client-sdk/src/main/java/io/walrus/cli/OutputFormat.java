package io.walrus.cli;

/** How a command shows what it found: for a person, or as the server's JSON for a program. */
enum OutputFormat {
    TABLE,
    JSON
}
