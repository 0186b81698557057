package io.walrus.protocol;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns what one socket read brought into the batch of requests it completes: the door of the room
 * for a server.
 *
 * <p>One per connection, one thread. Payloads are slices of the buffers that were read.
 */
public final class RequestParser implements FrameHandler {

    private final FrameParser frames;
    private final CommandParser commands = new CommandParser();
    private List<Request> batch = List.of();

    /** Refuses frames whose body is longer than the limit, see {@link FrameParser#ofRequests}. */
    public RequestParser(int frameBytesMax) {
        this.frames = FrameParser.ofRequests(frameBytesMax);
    }

    /**
     * The requests that are whole now, in order; empty if there is none. A {@link FrameRefused} is
     * always the last: reply to it and close; the parser ignores what follows.
     */
    public List<Request> parse(Buffer read) {
        batch = new ArrayList<>();
        frames.parse(read, this);
        List<Request> complete = batch;
        batch = List.of();
        return complete;
    }

    /**
     * How many bytes of a request that is not whole yet are held: more than 0 for long means a
     * stuck client.
     */
    public int pendingBytes() {
        return frames.pendingBytes();
    }

    /** Admits longer frames from now on, for a peer that has introduced itself. */
    public void raiseLimit(int frameBytesMax) {
        frames.raiseLimit(frameBytesMax);
    }

    @Override
    public void onFrame(Buffer bytes, int start, int end) {
        batch.add(commands.parse(bytes, start, end));
    }

    @Override
    public void onRefused(FrameRefused refused) {
        batch.add(refused);
    }
}
