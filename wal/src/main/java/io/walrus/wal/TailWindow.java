package io.walrus.wal;

import io.walrus.wal.format.LittleEndian;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.function.Supplier;

/** A sight of a mapped file and of the tail that is not in it yet. */
final class TailWindow extends Window {

    private static final int COPIED_BYTES = 4 << 10;

    private final StreamFile.Used used;
    private final Supplier<Tail> tail;
    private final MappedBytes file;
    private ByteBuffer mapped;

    /**
     * @param tail the file's tail at the time it is asked, or null
     */
    TailWindow(StreamFile.Used used, Supplier<Tail> tail, MappedBytes file) {
        this.used = used;
        this.tail = tail;
        this.file = file;
    }

    @Override
    boolean show(int position, int length) throws IOException {
        for (Tail now = tail.get(); isIn(now, position); now = tail.get()) {
            if (isCopied(position, length)) {
                return true;
            }
            int usedBytes = used.bytes();
            if (length > usedBytes - position) {
                return false;
            }
            int inTail = Math.min(usedBytes - position, now.capacity() - (position - now.base()));
            ByteBuffer copy =
                    LittleEndian.allocate(Math.min(Math.max(length, COPIED_BYTES), inTail));
            copy.put(0, now.bytes(), position - now.base(), copy.capacity());
            VarHandle.loadLoadFence();
            if (tail.get() == now) {
                look(copy, position);
                return length <= copy.capacity();
            }
        }
        if (mapped == null) {
            mapped = file.readable();
        }
        if (bytes != mapped) {
            look(mapped, 0);
        }
        return length <= mapped.capacity() - position;
    }

    private static boolean isIn(Tail now, int position) {
        return now != null && now.base() <= position && position - now.base() < now.capacity();
    }

    private boolean isCopied(int position, int length) {
        return bytes != null
                && bytes != mapped
                && base <= position
                && length <= bytes.capacity() - (position - base);
    }

    @Override
    ByteBuffer keep(int position, int length) {
        return bytes == mapped ? slice(position, length) : copy(position, length);
    }
}
