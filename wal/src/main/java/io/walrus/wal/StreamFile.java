package io.walrus.wal;

import io.walrus.wal.format.FileHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * One file of a stream's chain, and what is known of it. The stream's writer changes it under the
 * stream's lock; readers go by the volatile fields.
 */
final class StreamFile {

    /** Big enough that filling is no work of its own, small enough that no append waits for it. */
    static final int FILLED_AT_ONCE_BYTES = 128 << 10;

    private final Path path;
    private final int seq;
    private final int sizeBytes;
    private final FileBytes bytes;
    private final SparseIndex index = new SparseIndex();
    private volatile FileHeader header;
    private volatile int usedBytes;
    private volatile int durableBytes;
    private volatile boolean dirty;
    private volatile boolean indexed;
    private volatile int lastVerified;
    private int markedBytes;

    /** Up to here the disk has a place for every byte. */
    private int filledBytes;

    private long endOffset;
    private long firstOffsetGuessed;

    /** Its name may not survive a power cut yet. */
    private volatile boolean nameDirty;

    /** How far a file is used by now: below that its bytes stay as they are. */
    interface Used {
        int bytes();
    }

    StreamFile(Path path, int seq, int sizeBytes, int filledBytes, FileBytes bytes) {
        this.path = path;
        this.seq = seq;
        this.sizeBytes = sizeBytes;
        this.filledBytes = filledBytes;
        this.bytes = bytes;
    }

    /** The file's name in its stream's directory. */
    static String name(int seq) {
        return HexFormat.of().toHexDigits(seq) + ".log";
    }

    /** Gives a prepared file its place in the chain: from here on it holds frames. */
    void begin(FileHeader begun) throws IOException {
        ByteBuffer to = bytes.reserve(0, FileHeader.BYTES);
        begun.write(to, bytes.index(0));
        bytes.commit(0, FileHeader.BYTES);
        header = begun;
        usedBytes = FileHeader.BYTES;
        durableBytes = FileHeader.BYTES;
        endOffset = begun.firstOffset();
        indexed = true;
        nameDirty = true;
    }

    /**
     * A buffer to put a frame into. A file may have holes behind its end: a big one is filled as it
     * is used, and a power cut may have taken zeros that were never synced. They are filled first,
     * so that a full disk refuses the append before anything of it is written.
     */
    ByteBuffer reserve(int position, int length) throws IOException {
        if (position + length > filledBytes) {
            long wanted = Math.max(position + length, filledBytes + (long) FILLED_AT_ONCE_BYTES);
            int to = (int) Math.min(sizeBytes, wanted);
            bytes.fill(filledBytes, to);
            filledBytes = to;
        }
        return bytes.reserve(position, length);
    }

    /**
     * A file found at opening, whose frames are looked at when somebody reads them.
     *
     * @param mark how much of it is durable for sure: what a process left that was killed may be in
     *     memory only
     */
    void found(FileHeader read, int usedUpTo, int mark) {
        bytes.forgetRead();
        header = read;
        usedBytes = usedUpTo;
        filledBytes = usedUpTo;
        markedBytes = mark;
        durableBytes = Math.min(mark, usedUpTo);
        nameDirty = durableBytes < usedUpTo;
    }

    /** A file found at opening whose frames were all looked at. */
    void foundIndexed(FileHeader read, int usedUpTo, int mark, long nextOffset) {
        found(read, usedUpTo, mark);
        endOffset = nextOffset;
        indexed = true;
    }

    /** Some of it may not survive a power cut. */
    boolean isBehind() {
        return header != null && durableBytes < usedBytes;
    }

    /** A frame is in place. */
    void appended(long firstOffset, int count, int end) {
        index.offer(firstOffset, usedBytes);
        endOffset = firstOffset + count;
        usedBytes = end;
    }

    /**
     * Says on the disk how much of the file is durable, if that changed; itself durable some time
     * later.
     *
     * @return whether it did, and so owes a sync again
     */
    boolean mark() throws IOException {
        boolean marks = header != null && durableBytes == usedBytes && markedBytes != usedBytes;
        if (marks) {
            markedBytes = usedBytes;
            int entries = (int) (endOffset - header.firstOffset());
            ByteBuffer to = bytes.reserve(FileHeader.MARK_AT, FileHeader.MARK_BYTES);
            new FileHeader.Mark(durableBytes, entries).write(to, bytes.index(FileHeader.MARK_AT));
            bytes.commit(FileHeader.MARK_AT, FileHeader.MARK_BYTES);
        }
        return marks;
    }

    Path path() {
        return path;
    }

    int seq() {
        return seq;
    }

    int sizeBytes() {
        return sizeBytes;
    }

    FileBytes bytes() {
        return bytes;
    }

    SparseIndex index() {
        return index;
    }

    /** Offset of its first entry; as far as its neighbours tell if its own header is damaged. */
    long firstOffset() {
        FileHeader known = header;
        return known == null ? firstOffsetGuessed : known.firstOffset();
    }

    /** Found with a damaged header, behind a file that ends there. */
    void foundDamaged(long startsAt) {
        firstOffsetGuessed = startsAt;
    }

    /** The batch that was verified last: whoever reads it entry by entry need not do it again. */
    int lastVerified() {
        return lastVerified;
    }

    void verified(int position) {
        lastVerified = position;
    }

    /** Its header; null if that is damaged. */
    FileHeader header() {
        return header;
    }

    /** Offset after its last entry, as far as its frames were written or looked at. */
    long endOffset() {
        return endOffset;
    }

    /** Where the next frame goes. */
    int usedBytes() {
        return usedBytes;
    }

    int durableBytes() {
        return durableBytes;
    }

    void durableUpTo(int position) {
        durableBytes = position;
    }

    boolean isDirty() {
        return dirty;
    }

    void dirty(boolean value) {
        dirty = value;
    }

    boolean isIndexed() {
        return indexed;
    }

    void indexed() {
        indexed = true;
    }

    boolean isNameDirty() {
        return nameDirty;
    }

    void nameSynced() {
        nameDirty = false;
    }
}
