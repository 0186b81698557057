package io.walrus.wal.tool;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.util.List;

/** Prints entries, topic by topic, in order. */
final class DumpVerb {

    private final ToolArguments arguments;
    private final PrintStream out;
    private final EntryPrint print;
    private long left;

    DumpVerb(ToolArguments arguments, PrintStream out) {
        this.arguments = arguments;
        this.out = out;
        this.print = EntryPrint.of(arguments.format());
        this.left = arguments.count();
    }

    void run(LogLook log) throws IOException, LogLook.NotThereException {
        for (Topic topic : log.topics(arguments.topic())) {
            if (left > 0) {
                log.walk(topic, arguments.from(), this::frame);
            }
        }
    }

    private boolean frame(Topic topic, FrameAt frame, FileScan in) throws IOException {
        long from = Math.max(arguments.from(), topic.startOffset());
        if (frame.endOffset() <= from) {
            return left > 0;
        }
        List<ByteBuffer> payloads = in.payloads(frame);
        for (int n = 0; n < payloads.size() && left > 0; n++) {
            long offset = frame.firstOffset() + n;
            if (from <= offset) {
                out.println(
                        print.line(topic.name(), offset, frame.timestampMillis(), payloads.get(n)));
                left--;
            }
        }
        return left > 0;
    }
}
