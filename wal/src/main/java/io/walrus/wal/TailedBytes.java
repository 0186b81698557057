package io.walrus.wal;

import io.walrus.wal.disk.DiskFile;
import io.walrus.wal.format.FrameFormat;
import io.walrus.wal.format.LittleEndian;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A mapped file whose last frames wait in memory and are written many at once. For {@code each()}
 * only: there the journal has them, and a file that lacks them looks as a power cut leaves it.
 *
 * <p>A page that is written through a mapping costs a fault, and at the next force an interrupt of
 * every other processor; to write all of a tail costs neither. When there is no room for a tail,
 * frames go through the mapping.
 *
 * <p>Who reads looks below the tail's base into the mapping, and from there on into a copy, which
 * counts only if the tail is the same after it was made.
 */
final class TailedBytes implements FileBytes {

    private static final int LARGEST_BYTES = 32 << 10;
    private static final int SMALLEST_BYTES = 4 << 10;
    private static final int TAILS_PER_FILE = 16;
    private static final int BUFFERS_MAX = 2;

    private final FileHandle handle;
    private final MappedBytes file;
    private final TailRoom room;
    private final int tailBytes;
    private final Deque<Left> left = new ArrayDeque<>(BUFFERS_MAX);
    private volatile Tail tail;

    /** Frames were appended up to here since the file was opened; 0 if none. */
    private volatile int end;

    private int buffers;
    private boolean toTail;

    /** A tail that was written out; its frames may still be on their way to the journal. */
    private record Left(ByteBuffer bytes, long upTo) {}

    TailedBytes(FileHandle handle, MappedBytes file, int sizeBytes, TailRoom room) {
        this.handle = handle;
        this.file = file;
        this.room = room;
        this.tailBytes =
                Math.min(LARGEST_BYTES, Math.max(SMALLEST_BYTES, sizeBytes / TAILS_PER_FILE));
    }

    @Override
    public void makeRoom(int position, int length, Ends ends) throws IOException {
        Tail now = tail;
        if (now == null || !now.fits(position, length)) {
            if (now != null) {
                writeOut();
                left.add(new Left(now.bytes(), ends.nextOffset()));
            }
            ByteBuffer next = length <= tailBytes ? nextBuffer(ends.visibleEnd()) : null;
            tail = next == null ? null : new Tail(next, position);
            // Whoever copies the buffer's old bytes must find that they are no tail any more.
            VarHandle.fullFence();
        }
    }

    /** One whose frames all are in the journal, or a new one if there is room; or null. */
    private ByteBuffer nextBuffer(long journaledUpTo) {
        Left oldest = left.peek();
        if (oldest != null && oldest.upTo() <= journaledUpTo) {
            return left.remove().bytes();
        }
        if (buffers == BUFFERS_MAX || !room.take(tailBytes)) {
            return null;
        }
        buffers++;
        return LittleEndian.allocate(tailBytes);
    }

    @Override
    public ByteBuffer reserve(int position, int length) throws IOException {
        Tail now = tail;
        toTail = now != null && end <= position && now.fits(position, length);
        return toTail ? now.bytes() : file.reserve(position, length);
    }

    @Override
    public void fill(int from, int to) throws IOException {
        file.fill(from, to);
    }

    @Override
    public int index(int position) {
        return toTail ? position - tail.base() : position;
    }

    @Override
    public void commit(int position, int length) {
        handle.wrote();
        if (end <= position) {
            end = FrameFormat.padded(position + length);
            if (toTail) {
                tail.filled(position + length, end);
            }
        }
    }

    @Override
    public boolean reservedBytesStay() {
        return true;
    }

    @Override
    public void writeOut() throws IOException {
        Tail now = tail;
        if (now != null && now.isBehind()) {
            // It owes a sync, and so it is open.
            DiskFile to = handle.take();
            try {
                to.write(now.unwrittenFrom(), now.unwritten());
            } finally {
                handle.give();
            }
            now.written();
        }
    }

    @Override
    public boolean keepsTail() {
        return tail != null;
    }

    @Override
    public void dropTail() throws IOException {
        writeOut();
        forgetTail();
    }

    private void forgetTail() {
        tail = null;
        left.clear();
        room.give((long) buffers * tailBytes);
        buffers = 0;
    }

    @Override
    public Window window(StreamFile.Used used) {
        return new TailWindow(used, () -> tail, file);
    }

    /** Zeros behind the last frame that nothing was written over are left to the system. */
    @Override
    public void force(int usedBytes) throws IOException {
        if (end > 0) {
            file.forceRange(usedBytes);
        } else {
            file.force(usedBytes);
        }
    }

    @Override
    public void trim(int usedBytes) throws IOException {
        file.trim(usedBytes);
    }

    @Override
    public void close() throws IOException {
        forgetTail();
        file.close();
    }
}
