package io.walrus.cli;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/** Lines that go out as one request: all of them become entries, or none. */
final class LineBatch {

    /** Half of what a frame may hold by default, so that a batch and its head fit. */
    private static final int BYTES_MAX = LineSource.LINE_BYTES_MAX / 2;

    private static final int HEAD_BYTES = 4;

    private final long firstLine;
    private final List<Buffer> lines = new ArrayList<>();
    private int bytes;

    LineBatch(long firstLine) {
        this.firstLine = firstLine;
    }

    void add(byte[] line) {
        lines.add(Buffer.buffer(line));
        bytes += HEAD_BYTES + line.length;
    }

    /** Whether another line has room; a line alone always has. */
    boolean hasRoomFor(byte[] line, int linesMax) {
        return lines.isEmpty()
                || lines.size() < linesMax && bytes + HEAD_BYTES + line.length <= BYTES_MAX;
    }

    long firstLine() {
        return firstLine;
    }

    List<Buffer> lines() {
        return lines;
    }

    int size() {
        return lines.size();
    }

    /** What the batch weighs as a request. */
    int bytes() {
        return bytes;
    }

    /** What the lines weighed where they came from, each with its newline. */
    long textBytes() {
        return bytes - (HEAD_BYTES - 1L) * lines.size();
    }
}
