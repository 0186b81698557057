package io.walrus.metadata.raft;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One file of the replicated log: frames one behind the other.
 *
 * <p>Not thread-safe; {@link FileLogStorage} locks. A RandomAccessFile and not a channel, because
 * an interrupt of any reading thread would close a channel for everybody.
 */
final class LogFile {
    /** Room that is made ahead: what a member still can write when its disk is full. */
    static final int ROOM_AHEAD_BYTES = 256 << 10;

    final long number;
    final Path path;
    private final RandomAccessFile file;
    private long endPosition;

    /** From the last frame up to here the file is zeros. */
    private long roomEnd;

    /**
     * Index of the newest entry that ever was in this file; what decides when it may be deleted.
     */
    long lastIndexEver;

    private LogFile(long number, Path path, RandomAccessFile file, long endPosition) {
        this.number = number;
        this.path = path;
        this.file = file;
        this.endPosition = endPosition;
        this.roomEnd = endPosition;
    }

    static Path pathOf(Path directory, long number) {
        return directory.resolve(String.format("%012d.log", number));
    }

    /** A new file whose header and name are durable. */
    static LogFile create(Path directory, long number, long nextIndex) throws IOException {
        Path path = pathOf(directory, number);
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        try {
            file.setLength(0);
            file.write(LogFormat.header(number, nextIndex).array());
            file.getFD().sync();
            DurableFile.forceDirectory(directory);
        } catch (IOException e) {
            file.close();
            throw e;
        }
        LogFile created = new LogFile(number, path, file, LogFormat.HEADER_BYTES);
        created.lastIndexEver = nextIndex - 1;
        return created;
    }

    /** A file that was opened: the index its first entry must have, and its frames in order. */
    record Opened(LogFile file, long nextIndex, List<LogFormat.Frame> frames) {}

    /**
     * Opens a file and reads its frames; cuts a torn last frame if this is the newest file. Null if
     * it never got its header.
     */
    static Opened open(Path path, long number, boolean newest) throws IOException {
        byte[] content = Files.readAllBytes(path);
        ByteBuffer header =
                ByteBuffer.wrap(content, 0, Math.min(content.length, LogFormat.HEADER_BYTES));
        if (LogFormat.isOtherVersion(header)) {
            throw new LogDamagedException(
                    path, 0, "a newer release wrote this file; start that release again");
        }
        long nextIndex = LogFormat.nextIndexOf(header, number);
        if (nextIndex < 0) {
            boolean neverUsed = newest && content.length <= LogFormat.HEADER_BYTES;
            if (neverUsed) {
                return null;
            }
            throw new LogDamagedException(path, 0, "its header is damaged");
        }
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        LogFile opened = new LogFile(number, path, file, LogFormat.HEADER_BYTES);
        opened.lastIndexEver = nextIndex - 1;
        try {
            return new Opened(opened, nextIndex, opened.frames(content, newest));
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private List<LogFormat.Frame> frames(byte[] content, boolean newest) throws IOException {
        List<LogFormat.Frame> frames = new ArrayList<>();
        while (endPosition < content.length) {
            LogFormat.Frame frame = LogFormat.frameAt(content, (int) endPosition, number);
            if (frame == null) {
                if (isZeros(content, (int) endPosition)) {
                    roomEnd = content.length;
                } else {
                    cutTornTail(content, newest);
                    roomEnd = endPosition;
                }
                return frames;
            }
            frames.add(frame);
            lastIndexEver = Math.max(lastIndexEver, frame.index() + frame.entries().size() - 1);
            endPosition = frame.endPosition();
            roomEnd = endPosition;
        }
        return frames;
    }

    private static boolean isZeros(byte[] content, int from) {
        for (int at = from; at < content.length; at++) {
            if (content[at] != 0) {
                return false;
            }
        }
        return true;
    }

    private void cutTornTail(byte[] content, boolean newest) throws IOException {
        for (int at = (int) endPosition + 1; at < content.length; at++) {
            if (LogFormat.frameAt(content, at, number) != null) {
                throw new LogDamagedException(
                        path, endPosition, "a frame is damaged, and whole ones follow at " + at);
            }
        }
        if (!newest) {
            throw new LogDamagedException(
                    path, endPosition, "a frame is damaged, and newer files follow");
        }
        System.getLogger(LogFile.class.getName())
                .log(
                        System.Logger.Level.WARNING,
                        "cut a torn last write of {0} bytes at {1} of {2}: it was never acknowledged",
                        content.length - endPosition,
                        endPosition,
                        path);
        file.setLength(endPosition);
        file.getFD().sync();
    }

    /**
     * Makes room for a frame, and ahead of it. With a full disk it fails only when the room that
     * was made before is used up; nothing has changed then.
     */
    void makeRoom(int frameBytes, DiskRoom room) throws IOException {
        if (roomEnd - endPosition - frameBytes >= ROOM_AHEAD_BYTES / 2) {
            return;
        }
        long wanted = endPosition + frameBytes + ROOM_AHEAD_BYTES;
        try {
            room.make(file, roomEnd, wanted);
            roomEnd = wanted;
        } catch (IOException e) {
            if (!DiskRoom.isFull(e) || endPosition + frameBytes > roomEnd) {
                throw e;
            }
        }
    }

    /** Gives back the room that was made ahead. */
    void trim() throws IOException {
        if (roomEnd > endPosition) {
            file.setLength(endPosition);
            roomEnd = endPosition;
        }
    }

    /** Appends a frame and forces it. After an exception this file must not be written again. */
    LogFormat.Frame append(ByteBuffer frame) throws IOException {
        int start = (int) endPosition;
        LogFormat.sign(frame, number, start);
        file.seek(start);
        file.write(frame.array(), 0, frame.limit());
        file.getFD().sync();
        endPosition += frame.limit();
        roomEnd = Math.max(roomEnd, endPosition);
        lastIndexEver = Math.max(lastIndexEver, frame.getLong(9) + frame.getInt(17) - 1);
        return LogFormat.parse(frame.array(), 0, start);
    }

    byte[] read(LogFormat.Entry entry) throws IOException {
        byte[] bytes = new byte[entry.length()];
        file.seek(entry.position());
        file.readFully(bytes);
        if (LogFormat.crc(bytes, 0, bytes.length) != entry.crc()) {
            throw new LogDamagedException(path, entry.position(), "an entry's checksum is wrong");
        }
        return bytes;
    }

    long endPosition() {
        return endPosition;
    }

    void close() throws IOException {
        file.close();
    }

    void delete() throws IOException {
        file.close();
        Files.deleteIfExists(path);
    }
}
