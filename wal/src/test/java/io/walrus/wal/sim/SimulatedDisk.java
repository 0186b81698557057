package io.walrus.wal.sim;

import io.walrus.wal.disk.Disk;
import io.walrus.wal.disk.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A disk in memory, with knobs for whatever a disk may do to a log.
 *
 * <p>Not durable before a force of its file: written bytes, by sector, and its size; before a sync
 * of its directory: a name made, changed or removed. A power cut keeps any part of that; a crash of
 * the process keeps all. Either gives a <em>new</em> disk and turns this one off, so a crashed
 * log's threads reach nothing. Thread-safe; its lock is held for one call.
 */
public final class SimulatedDisk implements Disk {

    /** Sector-sized space of a disk that nobody made small. */
    private static final long CAPACITY_BYTES_DEFAULT = 1L << 40;

    private final Random chance;
    private final Names names;
    private final Map<Path, String> locks = new HashMap<>();
    private final List<Fault> faults = new ArrayList<>();
    private final List<Path> openPaths = new ArrayList<>();
    private final List<Path> closedBehind = new ArrayList<>();
    private final List<Path> writtenIntoHoles = new ArrayList<>();
    private long capacityBytes = CAPACITY_BYTES_DEFAULT;
    private boolean readOnly;
    private long calls;
    private long callsUntilPowerCut = Long.MAX_VALUE;
    private long callsFromFaultToPowerCut = -1;
    private boolean sectorsTear = true;
    private Names atPowerCut;

    public SimulatedDisk(long seed) {
        this(seed, new Names());
    }

    private SimulatedDisk(long seed, Names names) {
        this.chance = new Random(seed);
        this.names = names;
    }

    // ---- knobs

    /** After {@code skip} such calls that go well, one fails with an error of the device. */
    public void failOnce(DiskCall call, int skip) {
        failOnce(call, path -> true, skip);
    }

    /** The same for calls about certain files. */
    public synchronized void failOnce(DiskCall call, Predicate<Path> where, int skip) {
        faults.add(new Fault(call, where, skip, 1, "Input/output error"));
    }

    /** The same, and what the call throws is no failure of the device but this. */
    public synchronized void throwOnce(
            DiskCall call, Predicate<Path> where, int skip, Error error) {
        faults.add(new Fault(call, where, skip, 1, "an error", error));
    }

    /** Every such call fails until {@link #heal()}. */
    public synchronized void failAlways(DiskCall call, Predicate<Path> where) {
        faults.add(new Fault(call, where, 0, Integer.MAX_VALUE, "Input/output error"));
    }

    /** Faults that have not struck never will; room and writability come back. */
    public synchronized void heal() {
        faults.clear();
        callsUntilPowerCut = Long.MAX_VALUE;
        callsFromFaultToPowerCut = -1;
        capacityBytes = CAPACITY_BYTES_DEFAULT;
        readOnly = false;
    }

    /** True while a fault that was asked for has not struck. */
    public synchronized boolean hasFaults() {
        faults.removeIf(Fault::isSpent);
        return !faults.isEmpty();
    }

    public synchronized void capacity(long bytes) {
        capacityBytes = bytes;
    }

    /** No more than this is left to write. */
    public synchronized void leaveRoom(long bytes) {
        capacityBytes = usedBytes() + bytes;
    }

    public synchronized void readOnly(boolean value) {
        readOnly = value;
    }

    /** The power goes in the middle of a call: after so many from now. */
    public synchronized void cutPowerAfter(long callsFromNow) {
        callsUntilPowerCut = calls + callsFromNow;
    }

    /** The same, counted from the next fault on that strikes. */
    public synchronized void cutPowerAfterFault(long callsFromThen) {
        callsFromFaultToPowerCut = callsFromThen;
    }

    /** From now on a sector arrives as a whole or not at all, as most devices promise. */
    public synchronized void keepSectorsWhole() {
        sectorsTear = false;
    }

    /** Some of what is not durable becomes so, as it may at any time. */
    public synchronized void writeBackSome(Random with) {
        double share = with.nextDouble();
        each(contents -> contents.storeSome(with, share, sectorsTear));
        names.storeSome(with, share);
    }

    /** The medium rots in one place, of a file as it is. */
    public synchronized void flipBit(Path file, long bit) {
        contentsOf(file).flipBit(bit);
    }

    // ---- crashes

    /** The disk after a crash of the process: all that calls returned from is there. */
    public synchronized SimulatedDisk processCrash() {
        SimulatedDisk next = new SimulatedDisk(chance.nextLong(), turnOff().copy());
        next.capacityBytes = capacityBytes;
        return next;
    }

    /** The disk after a power cut; the seed says what of the pending is kept. */
    public synchronized SimulatedDisk crash(long seed) {
        var cut = new Random(seed);
        Names image = turnOff().copy();
        double share =
                switch (cut.nextInt(4)) {
                    case 0 -> 0;
                    case 1 -> 1;
                    default -> cut.nextDouble();
                };
        var contents = Collections.newSetFromMap(new IdentityHashMap<Contents, Boolean>());
        for (Names.Node node : image.all().values()) {
            if (!node.isDirectory() && contents.add(node.contents())) {
                node.contents().storeSome(cut, share, sectorsTear);
            }
        }
        image.storeSome(cut, share);
        SimulatedDisk next = new SimulatedDisk(cut.nextLong(), image.afterPowerCut());
        next.capacityBytes = capacityBytes;
        return next;
    }

    /** A disk that holds the same and shares nothing; no faults, no locks. */
    public synchronized SimulatedDisk copy() {
        return new SimulatedDisk(chance.nextLong(), names.copy());
    }

    private Names turnOff() {
        if (atPowerCut == null) {
            atPowerCut = names.copy();
        }
        return atPowerCut;
    }

    public synchronized boolean isOff() {
        return atPowerCut != null;
    }

    // ---- what a test may look at

    public synchronized long calls() {
        return calls;
    }

    /** Files that are open at this moment, and locks held. */
    public synchronized List<Path> openPaths() {
        return List.copyOf(openPaths);
    }

    /**
     * Files of which a handle that may write was closed while some of their bytes were not durable:
     * nobody would hear that the system failed to write them.
     */
    public synchronized List<Path> closedBehind() {
        return List.copyOf(closedBehind);
    }

    /** Files of which a hole was written to through a mapping: on a full disk that is a fault. */
    public synchronized List<Path> writtenIntoHoles() {
        return List.copyOf(writtenIntoHoles);
    }

    public synchronized long usedBytes() {
        var seen = Collections.newSetFromMap(new IdentityHashMap<Contents, Boolean>());
        long used = 0;
        for (Names.Node node : names.all().values()) {
            if (!node.isDirectory() && seen.add(node.contents())) {
                used += node.contents().spaceBytes();
            }
        }
        return used;
    }

    /** Every file with its bytes. */
    public SortedMap<Path, byte[]> files() {
        return files(path -> true);
    }

    /** Some of the files, with their bytes. */
    public synchronized SortedMap<Path, byte[]> files(Predicate<Path> which) {
        var files = new TreeMap<Path, byte[]>();
        names.all()
                .forEach(
                        (path, node) -> {
                            if (!node.isDirectory() && which.test(path)) {
                                files.put(path, node.contents().bytes());
                            }
                        });
        return files;
    }

    /** Replaces a file's bytes, durably, as nobody but a test may. */
    public synchronized void put(Path file, byte[] bytes) {
        Names.Node node = names.get(absolute(file));
        Contents contents = node == null ? new Contents() : node.contents();
        contents.truncate(0);
        contents.write(0, ByteBuffer.wrap(bytes), bytes.length);
        contents.force();
        if (node == null) {
            names.add(absolute(file), new Names.Node(contents));
            names.sync(absolute(file).getParent());
        }
    }

    // ---- a disk

    @Override
    public synchronized void createDirectories(Path dir) throws IOException {
        Path at = absolute(dir);
        Names.Node node = names.get(at);
        if (node != null) {
            if (!node.isDirectory()) {
                throw new FileAlreadyExistsException(at.toString());
            }
            return;
        }
        createDirectories(at.getParent());
        createDirectory(at);
        syncDirectory(at.getParent());
    }

    @Override
    public synchronized void createDirectory(Path dir) throws IOException {
        Path at = absolute(dir);
        call(DiskCall.MAKE_DIRECTORY, at);
        requireDirectory(at.getParent());
        names.add(at, new Names.Node(null));
    }

    @Override
    public synchronized List<String> list(Path dir) throws IOException {
        call(DiskCall.LIST, absolute(dir));
        requireDirectory(absolute(dir));
        return names.list(absolute(dir));
    }

    @Override
    public synchronized boolean exists(Path path) {
        return names.get(absolute(path)) != null;
    }

    @Override
    public synchronized DiskFile create(Path file) throws IOException {
        Path at = absolute(file);
        call(DiskCall.CREATE, at);
        requireDirectory(at.getParent());
        if (names.get(at) != null) {
            throw new FileAlreadyExistsException(at.toString());
        }
        if (capacityBytes < CAPACITY_BYTES_DEFAULT && capacityBytes <= usedBytes()) {
            throw full(at);
        }
        var contents = new Contents();
        names.add(at, new Names.Node(contents));
        return handle(at, contents, true);
    }

    @Override
    public synchronized DiskFile open(Path file) throws IOException {
        call(DiskCall.OPEN, absolute(file));
        if (readOnly) {
            throw readOnly(absolute(file));
        }
        return handle(absolute(file), contentsFor(file), true);
    }

    @Override
    public synchronized DiskFile openReadOnly(Path file) throws IOException {
        call(DiskCall.OPEN, absolute(file));
        return handle(absolute(file), contentsFor(file), false);
    }

    private DiskFile handle(Path path, Contents contents, boolean mayWrite) {
        openPaths.add(path);
        return new SimulatedFile(this, path, contents, mayWrite);
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        call(DiskCall.RENAME, absolute(from));
        contentsFor(from);
        requireDirectory(absolute(to).getParent());
        Names.Node replaced = names.get(absolute(to));
        if (replaced != null && replaced.isDirectory()) {
            throw new DirectoryNotEmptyException(to.toString());
        }
        names.rename(absolute(from), absolute(to));
    }

    @Override
    public synchronized void delete(Path path) throws IOException {
        Path at = absolute(path);
        call(DiskCall.DELETE, at);
        Names.Node node = names.get(at);
        if (node == null) {
            throw new NoSuchFileException(at.toString());
        }
        if (node.isDirectory() && !names.list(at).isEmpty()) {
            throw new DirectoryNotEmptyException(at.toString());
        }
        names.remove(at);
    }

    @Override
    public synchronized void syncDirectory(Path dir) throws IOException {
        call(DiskCall.SYNC_DIRECTORY, absolute(dir));
        requireDirectory(absolute(dir));
        names.sync(absolute(dir));
    }

    @Override
    public synchronized long availableBytes(Path dir) {
        return Math.max(0, capacityBytes - usedBytes());
    }

    @Override
    public synchronized Closeable lock(Path file, String holder) throws IOException {
        Path at = absolute(file);
        call(DiskCall.LOCK, at);
        if (locks.containsKey(at)) {
            throw new HeldElsewhereException(locks.get(at));
        }
        if (names.get(at) == null) {
            create(at).close();
        }
        byte[] line = holder.getBytes(StandardCharsets.UTF_8);
        Contents contents = contentsFor(at);
        contents.truncate(0);
        contents.write(0, ByteBuffer.wrap(line), line.length);
        locks.put(at, holder);
        openPaths.add(at);
        return () -> unlock(at);
    }

    private synchronized void unlock(Path at) {
        if (locks.remove(at) != null) {
            openPaths.remove(at);
        }
    }

    // ---- what its files ask

    void write(Path path, Contents contents, long position, ByteBuffer bytes) throws IOException {
        int count = bytes.remaining();
        try {
            call(DiskCall.WRITE, path);
        } catch (DeviceException error) {
            // A short write: some of it got there.
            contents.write(position, bytes, chance.nextInt(count + 1));
            throw error.turnsOff ? powerCut() : error;
        }
        int fits = fitting(contents, position, count);
        contents.write(position, bytes, fits);
        if (fits < count) {
            throw full(path);
        }
    }

    /** How much of a write the disk has room for. */
    private int fitting(Contents contents, long position, int count) {
        if (capacityBytes == CAPACITY_BYTES_DEFAULT) {
            return count;
        }
        long room = capacityBytes - usedBytes();
        int fits = count;
        while (fits > 0 && room < contents.spaceNeededBytes(position, fits)) {
            fits = Math.max(0, fits - Contents.SECTOR_BYTES);
        }
        return fits;
    }

    void force(Path path, Contents contents, Consumer<Contents> how) throws IOException {
        if (contents.isWrittenIntoHoles()) {
            writtenIntoHoles.add(path);
        }
        try {
            call(DiskCall.FORCE, path);
        } catch (DeviceException error) {
            if (error.turnsOff) {
                contents.storeSome(chance, chance.nextDouble(), sectorsTear);
                throw powerCut();
            }
            contents.forceInVain(chance, sectorsTear);
            throw error;
        }
        how.accept(contents);
    }

    /** The handle is gone, whatever is said about it. */
    void closed(Path path, Contents contents, boolean mayWrite) throws IOException {
        openPaths.remove(path);
        if (mayWrite && !isOff() && contents.isBehind()) {
            closedBehind.add(path);
        }
        if (mayWrite && contents.isWrittenIntoHoles()) {
            writtenIntoHoles.add(path);
        }
        strike(DiskCall.CLOSE, path);
    }

    /** Counts a call, and fails it if it has to. */
    void call(DiskCall call, Path path) throws IOException {
        if (isOff()) {
            throw new IOException("the machine is off");
        }
        calls++;
        if (callsUntilPowerCut < calls) {
            if (call == DiskCall.WRITE || call == DiskCall.FORCE) {
                throw new DeviceException("the power was cut", true);
            }
            throw powerCut();
        }
        if (readOnly && !call.readsOnly() && call != DiskCall.FORCE) {
            throw readOnly(path);
        }
        strike(call, path);
    }

    private void strike(DiskCall call, Path path) throws IOException {
        for (Fault fault : faults) {
            String message = fault.hit(call, path);
            if (message != null) {
                if (callsFromFaultToPowerCut >= 0) {
                    callsUntilPowerCut = calls + callsFromFaultToPowerCut;
                    callsFromFaultToPowerCut = -1;
                }
                if (fault.error() != null) {
                    throw fault.error();
                }
                throw new DeviceException(path + ": " + message, false);
            }
        }
    }

    private IOException powerCut() {
        turnOff();
        return new IOException("the power was cut");
    }

    private static IOException full(Path path) {
        return new IOException(path + ": No space left on device");
    }

    private static IOException readOnly(Path path) {
        return new IOException(path + ": Read-only file system");
    }

    private void requireDirectory(Path dir) throws IOException {
        Names.Node node = names.get(dir);
        if (node == null) {
            throw new NoSuchFileException(dir.toString());
        }
        if (!node.isDirectory()) {
            throw new NotDirectoryException(dir.toString());
        }
    }

    private Contents contentsFor(Path file) throws IOException {
        Names.Node node = names.get(absolute(file));
        if (node == null) {
            throw new NoSuchFileException(file.toString());
        }
        if (node.isDirectory()) {
            throw new IOException(file + ": expected a file, found a directory");
        }
        return node.contents();
    }

    private Contents contentsOf(Path file) {
        try {
            return contentsFor(file);
        } catch (IOException missing) {
            throw new IllegalArgumentException(missing);
        }
    }

    private void each(Consumer<Contents> action) {
        names.all().values().stream()
                .filter(node -> !node.isDirectory())
                .forEach(node -> action.accept(node.contents()));
    }

    private static Path absolute(Path path) {
        return path.isAbsolute() ? path : path.toAbsolutePath().normalize();
    }

    /** The device failed a call; or it lost its power in the middle of it. */
    private static final class DeviceException extends IOException {
        private static final long serialVersionUID = 1L;
        private final boolean turnsOff;

        DeviceException(String message, boolean turnsOff) {
            super(message);
            this.turnsOff = turnsOff;
        }
    }
}
