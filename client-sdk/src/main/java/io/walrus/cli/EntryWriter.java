package io.walrus.cli;

import java.io.IOException;

/** Where a command writes: data to standard output, byte for byte, and notes to standard error. */
final class EntryWriter {

    private final CliStreams streams;

    EntryWriter(CliStreams streams) {
        this.streams = streams;
    }

    /** Writes some bytes and a newline; the caller flushes. */
    void write(byte[] bytes, int start) {
        try {
            streams.out().write(bytes, start, bytes.length - start);
            streams.out().write('\n');
        } catch (IOException failure) {
            throw CliFailure.ofOutput(failure);
        }
    }

    void flush() {
        try {
            streams.out().flush();
        } catch (IOException failure) {
            throw CliFailure.ofOutput(failure);
        }
    }

    /** Says something that is no data. */
    void note(String text) {
        streams.err().println(text);
    }
}
