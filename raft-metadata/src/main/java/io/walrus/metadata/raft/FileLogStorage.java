package io.walrus.metadata.raft;

import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.conf.ConfigurationEntry;
import com.alipay.sofa.jraft.conf.ConfigurationManager;
import com.alipay.sofa.jraft.entity.EnumOutter.EntryType;
import com.alipay.sofa.jraft.entity.LogEntry;
import com.alipay.sofa.jraft.entity.LogId;
import com.alipay.sofa.jraft.entity.codec.LogEntryCodecFactory;
import com.alipay.sofa.jraft.option.LogStorageOptions;
import com.alipay.sofa.jraft.storage.LogStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The replicated log on disk: a chain of files, each batch forced before it counts.
 *
 * <p>Thread-safe: one lock guards the index and the files; the library writes from one thread and
 * reads from several. Blocking. A failed write or force is final: nothing is accepted after it,
 * until the storage is opened again. A full disk is none: a write waits until there is room, with
 * nothing of it written and the lock given back meanwhile.
 */
final class FileLogStorage implements LogStorage {
    private static final System.Logger LOG = System.getLogger(FileLogStorage.class.getName());

    /** How long a write waits before it looks whether there is room on the disk again. */
    private static final long ROOM_LOOK_MILLIS = 100;

    private final Path directory;
    private final long fileBytesMax;
    private final DiskRoom room;
    private final Consumer<Throwable> onFailure;

    private final Object lock = new Object();
    private final Deque<LogFile> files = new ArrayDeque<>();
    private final List<Place> places = new ArrayList<>();
    private long firstIndex = 1;
    private Throwable failure;
    private boolean hasGivenUp;
    private LogEntryCodecFactory codec;

    /** A write waits for room on the disk; readable without the lock. */
    private volatile boolean waitsForRoom;

    /** Where an entry is: its file and its bytes in there. */
    private record Place(LogFile file, LogFormat.Entry entry) {}

    FileLogStorage(Path directory, long fileBytesMax, Consumer<Throwable> onFailure) {
        this(directory, fileBytesMax, DiskRoom.ZEROS, onFailure);
    }

    FileLogStorage(
            Path directory, long fileBytesMax, DiskRoom room, Consumer<Throwable> onFailure) {
        this.directory = directory;
        this.fileBytesMax = fileBytesMax;
        this.room = room;
        this.onFailure = onFailure;
    }

    /** Opens and closes the log once: throws what is wrong with it. Blocking. */
    void check() {
        synchronized (lock) {
            try {
                Files.createDirectories(directory);
                openFiles();
            } catch (IOException e) {
                throw new MetadataStartException("the log cannot be opened: " + e.getMessage(), e);
            } finally {
                closeQuietly();
                failure = null;
            }
        }
    }

    @Override
    public boolean init(LogStorageOptions options) {
        synchronized (lock) {
            codec = options.getLogEntryCodecFactory();
            try {
                Files.createDirectories(directory);
                openFiles();
                loadConfigurations(options.getConfigurationManager());
                return true;
            } catch (IOException | RuntimeException e) {
                fail("opening the log", e);
                closeQuietly();
                return false;
            }
        }
    }

    @Override
    public void shutdown() {
        synchronized (lock) {
            closeQuietly();
            lock.notifyAll();
        }
    }

    /** Whether the disk is full and a write waits. Does not block. */
    boolean waitsForRoom() {
        return waitsForRoom;
    }

    /** A write that waits for room is refused, and so is any later one: the member stops. */
    void giveUp() {
        synchronized (lock) {
            hasGivenUp = true;
            lock.notifyAll();
        }
    }

    @Override
    public long getFirstLogIndex() {
        synchronized (lock) {
            return firstIndex;
        }
    }

    @Override
    public long getLastLogIndex() {
        synchronized (lock) {
            return nextIndex() - 1;
        }
    }

    @Override
    public LogEntry getEntry(long index) {
        synchronized (lock) {
            if (index < firstIndex || index >= nextIndex()) {
                return null;
            }
            Place place = places.get((int) (index - firstIndex));
            try {
                return codec.decoder().decode(place.file().read(place.entry()));
            } catch (IOException e) {
                fail("reading entry " + index, e);
                return null;
            }
        }
    }

    @Override
    @Deprecated
    public long getTerm(long index) {
        LogEntry entry = getEntry(index);
        return entry == null ? 0 : entry.getId().getTerm();
    }

    @Override
    public boolean appendEntry(LogEntry entry) {
        return appendEntries(List.of(entry)) == 1;
    }

    @Override
    public int appendEntries(List<LogEntry> entries) {
        if (entries.isEmpty()) {
            return 0;
        }
        synchronized (lock) {
            long index = entries.get(0).getId().getIndex();
            if (index != nextIndex()) {
                LOG.log(
                        System.Logger.Level.ERROR,
                        "expected entry {0}, found {1}: refused",
                        nextIndex(),
                        index);
                return 0;
            }
            List<byte[]> encoded = new ArrayList<>(entries.size());
            entries.forEach(entry -> encoded.add(codec.encoder().encode(entry)));
            return write(LogFormat.ENTRIES, index, encoded) ? entries.size() : 0;
        }
    }

    @Override
    public boolean truncatePrefix(long firstIndexKept) {
        synchronized (lock) {
            if (firstIndexKept <= firstIndex) {
                return true;
            }
            if (firstIndexKept >= nextIndex()) {
                return reset(firstIndexKept);
            }
            places.subList(0, (int) (firstIndexKept - firstIndex)).clear();
            firstIndex = firstIndexKept;
            return deleteFilesBefore(firstIndexKept);
        }
    }

    @Override
    public boolean truncateSuffix(long lastIndexKept) {
        synchronized (lock) {
            return lastIndexKept >= nextIndex() - 1
                    || write(LogFormat.KEEP_TO, lastIndexKept, List.of());
        }
    }

    @Override
    public boolean reset(long nextLogIndex) {
        synchronized (lock) {
            if (!write(LogFormat.BEGIN_AT, nextLogIndex, List.of())) {
                return false;
            }
            return roll() && deleteFilesBefore(nextLogIndex);
        }
    }

    private boolean write(byte kind, long index, List<byte[]> entries) {
        try {
            ByteBuffer frame = LogFormat.frame(kind, index, entries);
            if (!whenThereIsRoom(() -> makeRoom(frame.limit()))) {
                return false;
            }
            LogFile file = files.getLast();
            replay(file, file.append(frame));
            return true;
        } catch (IOException | RuntimeException e) {
            fail("writing the log", e);
            return false;
        }
    }

    private void makeRoom(int frameBytes) throws IOException {
        if (files.getLast().endPosition() >= fileBytesMax) {
            startFile();
        }
        files.getLast().makeRoom(frameBytes, room);
    }

    private void startFile() throws IOException {
        LogFile fresh = LogFile.create(directory, files.getLast().number + 1, nextIndex());
        files.getLast().trim();
        files.addLast(fresh);
    }

    /** Something that takes room and changes nothing if there is none. */
    private interface Step {
        void take() throws IOException;
    }

    /** False if this log has failed, or was told to stop while it waited. */
    private boolean whenThereIsRoom(Step step) throws IOException {
        while (failure == null) {
            try {
                step.take();
                tellRoom();
                return true;
            } catch (IOException e) {
                if (!DiskRoom.isFull(e)) {
                    throw e;
                }
                if (hasGivenUp) {
                    return false;
                }
                tellFull(e);
                awaitRoom();
            }
        }
        return false;
    }

    /** Gives the lock back while it waits. */
    private void awaitRoom() throws IOException {
        try {
            lock.wait(ROOM_LOOK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for room on the disk", e);
        }
    }

    private void tellFull(IOException full) {
        if (!waitsForRoom) {
            waitsForRoom = true;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "no room for the log of the metadata in {0} ({1}): make room; this member waits,"
                            + " and goes on by itself",
                    directory,
                    full.getMessage());
        }
    }

    private void tellRoom() {
        if (waitsForRoom) {
            waitsForRoom = false;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "there is room again in {0}: this member goes on",
                    directory);
        }
    }

    private boolean roll() {
        try {
            return whenThereIsRoom(this::startFile);
        } catch (IOException e) {
            fail("starting a new log file", e);
            return false;
        }
    }

    /** Deletes oldest files first, so that what is left is always a chain. */
    private boolean deleteFilesBefore(long firstIndexKept) {
        try {
            boolean deleted = false;
            while (files.size() > 1 && files.getFirst().lastIndexEver < firstIndexKept) {
                files.removeFirst().delete();
                deleted = true;
            }
            if (deleted) {
                DurableFile.forceDirectory(directory);
            }
            return true;
        } catch (IOException e) {
            fail("deleting old log files", e);
            return false;
        }
    }

    private void openFiles() throws IOException {
        files.clear();
        places.clear();
        firstIndex = 1;
        List<Path> found = new ArrayList<>();
        try (Stream<Path> listed = Files.list(directory)) {
            listed.filter(path -> path.getFileName().toString().matches("\\d{12}\\.log"))
                    .sorted()
                    .forEach(found::add);
        }
        for (Path path : found) {
            openFile(path, path.equals(found.get(found.size() - 1)));
        }
        if (files.isEmpty()) {
            long number = found.isEmpty() ? 1 : numberOf(found.get(found.size() - 1));
            files.addLast(LogFile.create(directory, number, nextIndex()));
        }
    }

    private void openFile(Path path, boolean newest) throws IOException {
        long number = numberOf(path);
        boolean isChained = files.isEmpty() || files.getLast().number + 1 == number;
        if (!isChained) {
            throw new LogDamagedException(
                    path,
                    0,
                    "the file before it is missing, the last one is " + files.getLast().path);
        }
        LogFile.Opened opened = LogFile.open(path, number, newest);
        if (opened == null) {
            Files.delete(path);
            return;
        }
        if (files.isEmpty()) {
            firstIndex = opened.nextIndex();
        } else if (opened.nextIndex() != nextIndex()) {
            opened.file().close();
            throw new LogDamagedException(
                    path,
                    0,
                    "it starts at entry "
                            + opened.nextIndex()
                            + ", the file before it ends at "
                            + (nextIndex() - 1));
        }
        files.addLast(opened.file());
        for (LogFormat.Frame frame : opened.frames()) {
            replay(opened.file(), frame);
        }
    }

    private void replay(LogFile file, LogFormat.Frame frame) throws IOException {
        switch (frame.kind()) {
            case LogFormat.ENTRIES -> {
                if (frame.index() != nextIndex()) {
                    throw new LogDamagedException(
                            file.path,
                            frame.endPosition(),
                            "expected entry " + nextIndex() + ", found " + frame.index());
                }
                frame.entries().forEach(entry -> places.add(new Place(file, entry)));
            }
            case LogFormat.KEEP_TO -> {
                int kept = (int) Math.max(0, frame.index() + 1 - firstIndex);
                if (kept < places.size()) {
                    places.subList(kept, places.size()).clear();
                }
            }
            case LogFormat.BEGIN_AT -> {
                places.clear();
                firstIndex = frame.index();
            }
            default ->
                    throw new LogDamagedException(
                            file.path, frame.endPosition(), "unknown frame kind " + frame.kind());
        }
    }

    private void loadConfigurations(ConfigurationManager configurations) throws IOException {
        for (int i = 0; i < places.size(); i++) {
            Place place = places.get(i);
            LogEntry entry = codec.decoder().decode(place.file().read(place.entry()));
            if (entry == null) {
                throw new LogDamagedException(
                        place.file().path, place.entry().position(), "an entry cannot be decoded");
            }
            if (entry.getType() == EntryType.ENTRY_TYPE_CONFIGURATION && configurations != null) {
                configurations.add(configurationOf(entry));
            }
        }
    }

    private static ConfigurationEntry configurationOf(LogEntry entry) {
        ConfigurationEntry configuration = new ConfigurationEntry();
        configuration.setId(new LogId(entry.getId().getIndex(), entry.getId().getTerm()));
        configuration.setConf(new Configuration(entry.getPeers(), entry.getLearners()));
        if (entry.getOldPeers() != null) {
            configuration.setOldConf(
                    new Configuration(entry.getOldPeers(), entry.getOldLearners()));
        }
        return configuration;
    }

    private long nextIndex() {
        return firstIndex + places.size();
    }

    private static long numberOf(Path path) {
        return Long.parseLong(path.getFileName().toString().substring(0, 12));
    }

    private void fail(String doing, Throwable cause) {
        if (failure == null) {
            failure = cause;
            LOG.log(System.Logger.Level.ERROR, doing + " failed; this member stops", cause);
            onFailure.accept(cause);
        }
    }

    private void closeQuietly() {
        for (LogFile file : files) {
            try {
                if (failure == null) {
                    file.trim();
                }
                file.close();
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, "closing {0} failed: {1}", file.path, e);
            }
        }
        files.clear();
        if (failure == null) {
            failure = new IOException("the log is closed");
        }
    }
}
