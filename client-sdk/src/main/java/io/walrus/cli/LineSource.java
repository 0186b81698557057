package io.walrus.cli;

import io.walrus.protocol.FrameParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Cuts bytes into lines at {@code \n} and at nothing else; what follows the last {@code \n} is a
 * line if it has bytes. Never holds more than one line of {@value #LINE_BYTES_MAX} bytes.
 */
final class LineSource {

    /** More than any entry that the wire carries by default. */
    static final int LINE_BYTES_MAX = FrameParser.FRAME_BYTES_MAX;

    private static final int READ_BYTES = 64 << 10;

    private final InputStream in;
    private final byte[] block = new byte[READ_BYTES];
    private int at;
    private int end;
    private long lineNumber;

    LineSource(InputStream in) {
        this.in = in;
    }

    /** The next line without its {@code \n}, or null at the end. */
    byte[] next() throws IOException {
        ByteArrayOutputStream head = null;
        while (true) {
            if (at == end && !fill()) {
                return head == null ? null : counted(head.toByteArray());
            }
            int stop = at;
            while (stop < end && block[stop] != '\n') {
                stop++;
            }
            if (stop < end && head == null) {
                byte[] line = java.util.Arrays.copyOfRange(block, at, stop);
                at = stop + 1;
                return counted(line);
            }
            head = head == null ? new ByteArrayOutputStream() : head;
            head.write(block, at, stop - at);
            at = Math.min(end, stop + 1);
            if (stop < end) {
                return counted(head.toByteArray());
            }
            if (head.size() > LINE_BYTES_MAX) {
                throw new IOException(
                        "line "
                                + (lineNumber + 1)
                                + " is longer than "
                                + LINE_BYTES_MAX
                                + " bytes");
            }
        }
    }

    /**
     * Whether the next line, or a part of it, is here already, so that {@link #next} may not wait.
     */
    boolean hasMoreNow() throws IOException {
        return at < end || in.available() > 0;
    }

    /** The number of the line that {@link #next()} gave last, from 1. */
    long lineNumber() {
        return lineNumber;
    }

    private byte[] counted(byte[] line) {
        lineNumber++;
        return line;
    }

    private boolean fill() throws IOException {
        at = 0;
        end = Math.max(0, in.read(block));
        return end > 0;
    }
}
