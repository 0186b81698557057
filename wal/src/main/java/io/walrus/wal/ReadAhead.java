package io.walrus.wal;

import io.walrus.wal.format.LittleEndian;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;

/**
 * What the last read from a file brought, kept for whoever reads on there: one who takes entry by
 * entry does not read the same pages again for each. Frames that were written never change, so it
 * never grows old. The collector may take it at any time. Any thread, no lock.
 */
final class ReadAhead {

    private static final int FIRST_BYTES = 16 << 10;
    private static final int SEQUENTIAL_BYTES = 64 << 10;

    private final Reads file;
    private volatile WeakReference<Seen> last = new WeakReference<>(null);

    /** Reads from a position, as {@link io.walrus.wal.disk.DiskFile#read} does. */
    interface Reads {
        int read(long position, ByteBuffer into) throws IOException;
    }

    /** Bytes of the file from a position on; nobody changes them. */
    private record Seen(ByteBuffer bytes, int base) {

        boolean covers(int position, int length) {
            return base <= position && length <= bytes.limit() - (position - base);
        }

        /** Somebody came to its end, or nearly. */
        boolean leadsTo(int position) {
            return base < position && position <= base + bytes.limit();
        }
    }

    ReadAhead(Reads file) {
        this.file = file;
    }

    /** The file's content below its end is another than before: as recovery leaves it. */
    void forget() {
        last = new WeakReference<>(null);
    }

    /** A sight of the file for one reader. */
    Window window(StreamFile.Used used) {
        return new Ahead(used);
    }

    private Seen read(int position, int length, int usedBytes) throws IOException {
        Seen before = last.get();
        int ahead = before != null && before.leadsTo(position) ? SEQUENTIAL_BYTES : FIRST_BYTES;
        int wanted = Math.min(Math.max(length, ahead), usedBytes - position);
        ByteBuffer bytes = LittleEndian.allocate(wanted);
        int got = file.read(position, bytes);
        var seen = new Seen(bytes.clear().limit(got), position);
        last = new WeakReference<>(seen);
        return seen;
    }

    private final class Ahead extends Window {

        private final StreamFile.Used used;
        private Seen seen;

        Ahead(StreamFile.Used used) {
            this.used = used;
            Seen before = last.get();
            look(before == null ? new Seen(LittleEndian.allocate(0), 0) : before);
        }

        @Override
        boolean show(int position, int length) throws IOException {
            if (seen.covers(position, length)) {
                return true;
            }
            // Before the read: what is below it then is in the file, what is above may be half.
            int usedBytes = used.bytes();
            if (length > usedBytes - position) {
                return false;
            }
            look(read(position, length, usedBytes));
            return seen.covers(position, length);
        }

        private void look(Seen at) {
            seen = at;
            look(at.bytes(), at.base());
        }

        @Override
        ByteBuffer keep(int position, int length) {
            return copy(position, length);
        }
    }
}
