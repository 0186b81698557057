package io.walrus.wal;

import io.walrus.wal.disk.DiskFile;
import io.walrus.wal.format.FrameFormat;
import io.walrus.wal.format.LittleEndian;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Frames that follow one another in a file, gathered so that one write takes them all: a journal
 * mixes the frames of many files. The padding between them is zeros. One thread.
 */
final class FrameRun {

    private static final int BYTES_MAX = 64 << 10;

    private final DiskFile file;
    private ByteBuffer gathered;
    private int startsAt;

    FrameRun(DiskFile file) {
        this.file = file;
    }

    /** Takes a frame over; what it does not follow is written first. */
    void add(int position, ByteBuffer frame) throws IOException {
        int padded = FrameFormat.padded(frame.remaining());
        if (position != endsAt() || padded > BYTES_MAX - gatheredBytes()) {
            write();
        }
        if (padded > BYTES_MAX) {
            file.write(position, frame.duplicate());
            return;
        }
        if (gathered == null) {
            startsAt = position;
        }
        makeRoom(padded);
        gathered.put(gathered.position(), frame, frame.position(), frame.remaining());
        gathered.position(gathered.position() + padded);
    }

    private int endsAt() {
        return startsAt + gatheredBytes();
    }

    private int gatheredBytes() {
        return gathered == null ? 0 : gathered.position();
    }

    private void makeRoom(int padded) {
        int needed = gatheredBytes() + padded;
        if (gathered == null || gathered.capacity() < needed) {
            ByteBuffer wider = LittleEndian.allocate(Math.max(1024, needed * 2));
            gathered = gathered == null ? wider : wider.put(gathered.flip());
        }
    }

    /** Bytes of memory that are held. */
    int heldBytes() {
        return gathered == null ? 0 : gathered.capacity();
    }

    /** Writes what is gathered, and lets go of the memory. */
    void write() throws IOException {
        ByteBuffer writing = gathered;
        gathered = null;
        if (writing != null) {
            file.write(startsAt, writing.flip());
        }
    }
}
