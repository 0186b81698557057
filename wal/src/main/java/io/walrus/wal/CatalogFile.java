package io.walrus.wal;

import io.walrus.wal.disk.Disk;
import io.walrus.wal.disk.DiskFile;
import io.walrus.wal.format.CatalogFormat;
import io.walrus.wal.format.CatalogRecord;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * {@code catalog.log}, zeros ahead of its end. Zeros are written before they are used, so that a
 * full disk is a refusal to grow and never half a record. Guarded by its owner, but for {@link
 * #force}.
 */
final class CatalogFile implements Closeable {

    static final String NAME = "catalog.log";
    static final String FRESH_NAME = "catalog.log.new";

    private static final int FIRST_BYTES = 16 << 10;
    private static final int GROWTH_BYTES_MAX = 256 << 10;
    private static final int FILE_BYTES_MAX = 1 << 30;

    private final Path path;
    private final DiskFile file;
    private long filledBytes;
    private long end;

    private CatalogFile(Path path, DiskFile file, long filledBytes, long end) {
        this.path = path;
        this.file = file;
        this.filledBytes = filledBytes;
        this.end = end;
    }

    static CatalogFile open(Disk disk, Path dir) throws IOException {
        Path path = dir.resolve(NAME);
        DiskFile file = disk.open(path);
        try {
            return new CatalogFile(path, file, file.size(), 0);
        } catch (IOException | RuntimeException | Error failed) {
            file.close();
            throw failed;
        }
    }

    /**
     * Writes a catalogue beside the one that is there and gives it the name in one step; durable
     * when this returns.
     */
    static CatalogFile replace(Disk disk, Path dir, CatalogState state, long nowMillis)
            throws IOException {
        Path fresh = dir.resolve(FRESH_NAME);
        if (disk.exists(fresh)) {
            disk.delete(fresh);
        }
        DiskFile file = disk.create(fresh);
        try {
            var written = new CatalogFile(dir.resolve(NAME), file, 0, 0);
            written.fill(FIRST_BYTES);
            written.append(
                    CatalogFormat.bytesOf(
                            new CatalogFormat.Header(1, state.nextStreamId(), nowMillis)));
            for (CatalogRecord record : state.records()) {
                ByteBuffer bytes = CatalogFormat.bytesOf(record);
                written.reserve(bytes.remaining());
                written.append(bytes);
            }
            file.force();
            disk.rename(fresh, written.path);
            disk.syncDirectory(dir);
            return written;
        } catch (IOException | RuntimeException | Error failed) {
            file.close();
            throw failed;
        }
    }

    ByteBuffer readAll() throws IOException {
        if (filledBytes > FILE_BYTES_MAX) {
            throw new IOException(
                    "expected a catalogue of up to %d bytes, found %d"
                            .formatted(FILE_BYTES_MAX, filledBytes));
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) filledBytes).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining() && file.read(bytes.position(), bytes) > 0) {
            // a read may be short
        }
        return bytes.flip();
    }

    /** Makes everything from a position on zero: whatever stood there was never durable. */
    void endAt(long position) throws IOException {
        end = position;
        ByteBuffer zeros = ByteBuffer.allocate((int) Math.max(0, filledBytes - position));
        file.write(position, zeros);
    }

    /**
     * The end is known and zeros follow it. They are written again: a power cut may have left a
     * hole in their place, which a full disk has no room for. Where it has none now, whoever
     * appends next is refused before anything of it is written.
     */
    void endsAt(long position) throws IOException {
        end = position;
        try {
            file.write(position, ByteBuffer.allocate((int) Math.max(0, filledBytes - position)));
        } catch (IOException refused) {
            if (!DiskRefusal.isFull(refused)) {
                throw refused;
            }
            filledBytes = position;
        }
    }

    /** Sees to it that so many bytes can be appended. Only this can find the disk full. */
    void reserve(long bytes) throws IOException {
        if (end + bytes > filledBytes) {
            long growth = Math.min(GROWTH_BYTES_MAX, Math.max(filledBytes, FIRST_BYTES));
            fill(Math.max(filledBytes + growth, end + bytes));
        }
    }

    private void fill(long size) throws IOException {
        try {
            file.write(filledBytes, ByteBuffer.allocate((int) (size - filledBytes)));
            filledBytes = size;
        } catch (IOException refused) {
            cutBack(refused);
            throw refused;
        }
    }

    private void cutBack(IOException refused) {
        try {
            file.truncate(filledBytes);
        } catch (IOException alsoRefused) {
            // Harmless: what was filled is zeros. The first failure tells more.
            refused.addSuppressed(alsoRefused);
        }
    }

    void append(ByteBuffer bytes) throws IOException {
        int length = bytes.remaining();
        file.write(end, bytes);
        end += length;
    }

    void force() throws IOException {
        file.force();
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
