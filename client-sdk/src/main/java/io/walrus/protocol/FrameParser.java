package io.walrus.protocol;

import io.vertx.core.buffer.Buffer;

/**
 * Cuts a stream of bytes into frames: {@code [u32 little-endian length][body]}.
 *
 * <p>A frame that lies inside one buffer is handed out in place, nothing is copied; only a frame
 * that spans buffers is put together in one of its own, which grows with the bytes that came, never
 * with the length that was announced. Belongs to one connection and one thread.
 */
public final class FrameParser {

    /** The default limit for a body, in bytes. */
    public static final int FRAME_BYTES_MAX = 1 << 20;

    /** The highest limit that can be asked for, in bytes. */
    public static final int FRAME_BYTES_MAX_CEILING = 64 << 20;

    /**
     * How much longer than the longest request a reply may be, in bytes: its entries come back with
     * other words before them, and with a length each.
     */
    public static final int REPLY_HEAD_BYTES_MAX = 64 << 10;

    static final int LENGTH_BYTES = 4;

    // What an announced length alone may reserve: many connections may announce and then stay
    // silent.
    private static final int FIRST_BYTES_MAX = 4 << 10;

    // What came vouches for so many times as much: a frame of a few reads is not copied as it
    // grows.
    private static final int TIMES_OF_WHAT_CAME = 4;

    private int frameBytesMax;
    private Buffer pending;
    private boolean refused;

    private FrameParser(int frameBytesMax) {
        this.frameBytesMax = frameBytesMax;
    }

    /**
     * A parser of requests; the limit is {@code 1 <= frameBytesMax && frameBytesMax <=
     * FRAME_BYTES_MAX_CEILING}.
     */
    public static FrameParser ofRequests(int frameBytesMax) {
        if (frameBytesMax < 1 || frameBytesMax > FRAME_BYTES_MAX_CEILING) {
            throw new IllegalArgumentException(
                    "the frame limit is 1 to "
                            + FRAME_BYTES_MAX_CEILING
                            + " bytes; came: "
                            + frameBytesMax);
        }
        return new FrameParser(frameBytesMax);
    }

    /**
     * A parser of replies, which takes whatever any server may send: the ceiling and a reply's
     * head.
     */
    public static FrameParser ofReplies() {
        return new FrameParser(FRAME_BYTES_MAX_CEILING + REPLY_HEAD_BYTES_MAX);
    }

    /**
     * Takes what one read brought and hands out every frame that is now whole; keeps the rest for
     * the next call.
     *
     * <p>After a refusal the parser is finished: it ignores what it is given.
     */
    public void parse(Buffer read, FrameHandler handler) {
        int at = pending == null ? 0 : completePending(read, handler);
        int end = read.length();
        while (!refused && end - at >= LENGTH_BYTES) {
            long length = read.getUnsignedIntLE(at);
            if (!isAdmitted(length, handler)) {
                return;
            }
            int bodyStart = at + LENGTH_BYTES;
            if (end - bodyStart < length) {
                break;
            }
            at = bodyStart + (int) length;
            handler.onFrame(read, bodyStart, at);
        }
        if (!refused && at < end) {
            keep(read, at, end);
        }
    }

    /** Admits longer frames from now on; the limit never shrinks. */
    void raiseLimit(int newFrameBytesMax) {
        frameBytesMax = Math.max(frameBytesMax, newFrameBytesMax);
    }

    /** How many bytes of a frame that is not whole yet are held; 0 between frames. */
    public int pendingBytes() {
        return pending == null ? 0 : pending.length();
    }

    private int completePending(Buffer read, FrameHandler handler) {
        int at = 0;
        if (pending.length() < LENGTH_BYTES) {
            at = Math.min(LENGTH_BYTES - pending.length(), read.length());
            pending.appendBuffer(read, 0, at);
            if (pending.length() < LENGTH_BYTES
                    || !isAdmitted(pending.getUnsignedIntLE(0), handler)) {
                return at;
            }
        }
        int whole = LENGTH_BYTES + (int) pending.getUnsignedIntLE(0);
        int taken = Math.min(whole - pending.length(), read.length() - at);
        pending.appendBuffer(read, at, taken);
        if (pending.length() == whole) {
            Buffer frame = pending;
            pending = null;
            handler.onFrame(frame, LENGTH_BYTES, whole);
        }
        return at + taken;
    }

    private boolean isAdmitted(long length, FrameHandler handler) {
        if (1 <= length && length <= frameBytesMax) {
            return true;
        }
        refused = true;
        pending = null;
        handler.onRefused(FrameRefused.of(length, frameBytesMax));
        return false;
    }

    private void keep(Buffer read, int at, int end) {
        int held = end - at;
        long announced =
                held < LENGTH_BYTES ? LENGTH_BYTES : LENGTH_BYTES + read.getUnsignedIntLE(at);
        long vouchedFor = Math.max(FIRST_BYTES_MAX, (long) TIMES_OF_WHAT_CAME * held);
        pending = Buffer.buffer(Math.max(held, (int) Math.min(announced, vouchedFor)));
        pending.appendBuffer(read, at, held);
    }
}
