package io.walrus.wal;

import io.walrus.wal.disk.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * One open log: its parts, wired, its streams by name, and how it opens and closes. Its threads are
 * the committer and the maker of the journal's files (under {@code each()}), the flusher and its
 * forcers, the preparers, the maker of files and the teller of futures.
 */
final class Engine {

    private static final String JOURNAL_DIR = "journal";

    /** One alone is slower than a few appenders: it writes as many bytes as all of them. */
    private static final int PREPARERS = 2;

    private static final long TAIL_BYTES_MAX = 64 << 20;
    private static final int TAIL_PART_OF_HEAP = 16;

    private final WalOptions options;
    private final Disk disk;
    private final Closeable lock;
    private final Catalog catalog;
    private final CursorStore cursors;
    private final LogHealth health;
    private final DirtyFiles dirty;
    private final AtomicBoolean cursorsDirty = new AtomicBoolean();
    private final EngineExecutor preparer = new EngineExecutor("preparer", PREPARERS);
    private final EngineExecutor maker = new EngineExecutor("maker");
    private final EngineExecutor journalMaker = new EngineExecutor("journal");
    private final AckTeller teller;
    private final Syncer syncer;
    private final Flusher flusher;
    private final Journal journal;
    private final Committer committer;
    private final EngineServices services;
    private final Map<String, Stream> streams = new ConcurrentHashMap<>();
    private final RecoveryReport recovery;

    /** Shared by those who wait for engine threads; alone to say that the log closes. */
    private final ReadWriteLock inUse = new ReentrantReadWriteLock();

    private Engine(
            WalOptions options,
            Disk disk,
            LongSupplier nanoClock,
            Closeable lock,
            Catalog catalog,
            CursorStore cursors)
            throws IOException {
        long started = System.nanoTime();
        this.options = options;
        this.disk = disk;
        this.lock = lock;
        this.catalog = catalog;
        this.cursors = cursors;
        this.health =
                new LogHealth(
                        options.observer(),
                        cause -> FailureMark.leave(disk, options.directory(), cause));
        var inFlight = new InFlight(options.inFlightMax(), options.inFlightBytesMax());
        this.teller = new AckTeller(health, inFlight);
        var openFiles = new OpenFiles(options.openFilesMax(), options.observer());
        this.dirty = new DirtyFiles(openFiles);
        this.syncer = new Syncer(disk, dirty, options.observer(), new Records(), openFiles);
        this.flusher = new Flusher(health, syncer, teller, options.fsync(), nanoClock);
        openFiles.syncBy(() -> flusher.soon(flusher::syncAll));
        var findings = new RecoveryFindings();
        catalog.cut().ifPresent(findings::cut);
        Path dir = options.directory();
        var random = new SecureRandom();
        long lastSequence = replay(dir, findings);
        boolean each = options.fsync() instanceof FsyncPolicy.Each;
        this.journal = each ? openJournal(dir, random, lastSequence) : null;
        this.committer = each ? committer() : null;
        this.services =
                new EngineServices(
                        disk,
                        dir.resolve(StreamDirectories.NAME),
                        new FileFactory(
                                disk,
                                options.backend(),
                                options.fileBytes(),
                                openFiles,
                                each ? tails() : TailRoom.none()),
                        preparer,
                        maker,
                        health,
                        each ? committer : flusher,
                        teller,
                        inFlight,
                        dirty,
                        random::nextInt,
                        options.clock(),
                        options.observer());
        try {
            recoverStreams(findings);
        } catch (IOException | RuntimeException | Error failed) {
            streams.values().forEach(stream -> closeAll(failed, stream.chain()::close));
            closeAll(failed, journal == null ? null : journal::close);
            throw failed;
        }
        this.recovery = findings.report(streams.size(), System.nanoTime() - started);
    }

    /** Enough for a thousand busy topics, and not much of a small heap. */
    private static TailRoom tails() {
        return new TailRoom(
                Math.min(TAIL_BYTES_MAX, Runtime.getRuntime().maxMemory() / TAIL_PART_OF_HEAP));
    }

    /** Opens what is there, or begins a new log. */
    static Engine open(WalOptions options, Disk disk, LongSupplier nanoClock) {
        Closeable lock = DirectoryGuard.take(disk, options);
        Catalog catalog = null;
        CursorStore cursors = null;
        Engine engine = null;
        try {
            Path dir = options.directory();
            catalog = Catalog.open(disk, dir, options.clock().millis());
            cursors = CursorStore.open(disk, dir, catalog.cursorSlotsInUse());
            engine = new Engine(options, disk, nanoClock, lock, catalog, cursors);
            engine.start();
            engine.takeOver();
            return engine;
        } catch (IOException | RuntimeException | Error failed) {
            if (!(failed instanceof WalException refused) || refused.mayRetry()) {
                FailureMark.leave(disk, options.directory(), failed);
            }
            if (engine == null) {
                closeAll(failed, cursors, catalog, lock);
            } else {
                closeAll(failed, engine::close);
            }
            if (failed instanceof Error error) {
                throw error;
            }
            throw failed instanceof WalException refused
                            && refused.kind() != WalException.Kind.STOPPED
                    ? refused
                    : DiskRefusal.of(
                            "open the log",
                            options.directory(),
                            failed instanceof IOException io ? io : new IOException(failed));
        }
    }

    private static void closeAll(Throwable because, Closeable... open) {
        for (Closeable one : open) {
            try {
                if (one != null) {
                    one.close();
                }
            } catch (IOException | RuntimeException | Error failed) {
                because.addSuppressed(failed);
            }
        }
    }

    private void start() {
        flusher.start();
        if (RetentionSweep.isAsked(options)) {
            flusher.everySecond(new RetentionSweep(this)::run);
        }
        if (committer != null) {
            committer.start();
        }
    }

    /**
     * What a killed process wrote may be in memory only: it is forced with the next sync, and
     * before anybody reads it if reading means that it is durable. Cursors that went back are
     * forced now, and so are the names of directories, which an earlier opening may have made and
     * failed to sync.
     */
    private void takeOver() throws IOException {
        Path streamsDir = services.streamsDir();
        disk.createDirectories(streamsDir);
        disk.syncDirectory(streamsDir);
        disk.syncDirectory(options.directory());
        boolean distrusted = FailureMark.isIn(disk, options.directory());
        for (Stream stream : streams.values()) {
            for (StreamFile file : stream.chain().files()) {
                if (file.isBehind()) {
                    if (distrusted) {
                        FailureMark.writeAgain(disk, file.path(), 0, file.sizeBytes());
                    }
                    dirty.written(stream, file);
                }
            }
        }
        if (distrusted) {
            Path file = options.directory().resolve(CursorStore.NAME);
            FailureMark.writeAgain(disk, file, 0, Long.MAX_VALUE);
        }
        var known = new StreamCursors(this);
        if (known.mend()) {
            cursorsDirty.set(true);
            flusher.call(flusher::syncAll);
        }
        boolean changed = known.clampAll() | known.clearUnused();
        // Last of all: a flush that was due in the meantime has forced what there was before.
        cursorsDirty.set(true);
        if (changed || isEach() || distrusted) {
            flusher.call(flusher::syncAll);
        }
        if (distrusted) {
            FailureMark.remove(disk, options.directory());
        }
    }

    private long replay(Path dir, RecoveryFindings findings) throws IOException {
        try (var target = new ReplayTarget(disk, dir, catalog, cursors)) {
            return new JournalReplay(disk, dir.resolve(JOURNAL_DIR), findings, target).run();
        }
    }

    private Journal openJournal(Path dir, SecureRandom random, long lastSequence)
            throws IOException {
        Path journalDir = dir.resolve(JOURNAL_DIR);
        disk.createDirectories(journalDir);
        return new Journal(disk, journalDir, random::nextInt, lastSequence, options.fileBytes());
    }

    private void recoverStreams(RecoveryFindings findings) throws IOException {
        boolean distrusted = FailureMark.isIn(disk, options.directory());
        for (StreamRecord record : catalog.streams().values()) {
            var stream = new Stream(services, record.id(), record.name());
            new StreamRecovery(
                            disk,
                            options.backend(),
                            services.files(),
                            record,
                            stream,
                            findings,
                            distrusted)
                    .run();
            streams.put(record.name(), stream);
        }
        removeOrphans();
    }

    /** Directories of streams that were deleted, or whose creation a power cut took. */
    private void removeOrphans() throws IOException {
        Path dir = services.streamsDir();
        if (!disk.exists(dir)) {
            return;
        }
        Set<String> known = new HashSet<>();
        streams.values().forEach(s -> known.add(FileChain.directoryName(s.id())));
        for (String name : disk.list(dir)) {
            if (name.matches("[0-9a-f]{16}") && !known.contains(name)) {
                StreamLife.removeDirectory(disk, dir.resolve(name));
            }
        }
    }

    /** The log's own files, for the syncer. */
    private final class Records implements Syncer.LogRecords {

        @Override
        public void forceCatalog() {
            catalog.force();
        }

        @Override
        public void forceCursors() {
            cursorsDirty.set(false);
            cursors.force();
        }

        @Override
        public boolean isCatalogDirty() {
            return catalog.isDirty();
        }

        @Override
        public boolean areCursorsDirty() {
            return cursorsDirty.get();
        }
    }

    private Committer committer() {
        var upkeep = new JournalUpkeep(journal, syncer, health, journalMaker, flusher);
        return new Committer(health, journal, syncer, teller, upkeep, options.spin());
    }

    /**
     * The stream of a name.
     *
     * @throws WalException NO_TOPIC
     */
    Stream stream(String topic) {
        Stream stream = find(topic);
        if (stream == null) {
            health.requireOpen();
            TopicNames.check(topic, options.topicNameLengthMax());
            throw new WalException(
                    WalException.Kind.NO_TOPIC, "expected a topic, found none named " + topic);
        }
        return stream;
    }

    /** The stream of a name, or null. */
    Stream find(String topic) {
        return topic == null ? null : streams.get(topic);
    }

    /** The stream of a name, made if there is none; not forced. */
    Stream streamOrNew(String topic) {
        Stream there = find(topic);
        if (there != null) {
            return there;
        }
        health.requireHealthy();
        TopicNames.check(topic, options.topicNameLengthMax());
        return streams.computeIfAbsent(
                topic,
                name -> changeCatalog(() -> new Stream(services, catalog.create(name).id(), name)));
    }

    /**
     * Runs a change of the catalogue. One that fails is the end of the log: it may be on disk, and
     * what memory says and what the next opening finds would go apart.
     */
    <T> T changeCatalog(Supplier<T> change) {
        try {
            return change.get();
        } catch (WalException refused) {
            if (refused.kind() == WalException.Kind.FAILED) {
                health.fail(refused);
            }
            throw refused;
        } catch (RuntimeException | Error unexpected) {
            throw health.fail(unexpected);
        }
    }

    void changeCatalog(Runnable change) {
        changeCatalog(
                () -> {
                    change.run();
                    return null;
                });
    }

    /** Returns when everything submitted so far is settled; called while open. */
    void awaitAcks() {
        await(Pending.sync(null));
    }

    /** Hands something to the thread that settles it, and waits; called while open. */
    void await(Pending pending) {
        services.acks().submit(pending);
        pending.await();
    }

    /** Keeps the log open while something waits for the engine's threads. */
    void whileOpen(Flusher.Work work) {
        inUse.readLock().lock();
        try {
            health.requireHealthy();
            work.run();
        } catch (IOException failed) {
            throw DiskRefusal.of("go on", options.directory(), failed);
        } finally {
            inUse.readLock().unlock();
        }
    }

    /** Entries may be written and not visible yet. */
    boolean isAckDelayed() {
        return isEach() || options.fsync() instanceof FsyncPolicy.Window;
    }

    boolean isEach() {
        return committer != null;
    }

    void forget(Stream stream) {
        streams.remove(stream.name(), stream);
    }

    /**
     * Stops everything, makes everything durable unless the log failed, and lets go.
     *
     * @throws WalException if it cannot, or the log failed and nobody has heard of it
     */
    void close() {
        inUse.writeLock().lock();
        try {
            health.close(options.directory());
        } finally {
            inUse.writeLock().unlock();
        }
        boolean heardBefore = health.isHeard();
        streams.values().forEach(stream -> stream.locked(() -> {}));
        if (committer != null) {
            committer.close();
        }
        var failures = new IOException("closing the log failed");
        WalException unfinished = null;
        try {
            flusher.call(this::finish);
        } catch (WalException failed) {
            unfinished = failed;
        }
        flusher.close();
        syncer.close();
        teller.close();
        preparer.close();
        maker.close();
        journalMaker.close();
        for (Stream stream : streams.values()) {
            closeAll(failures, stream.chain()::discardAhead, stream.chain()::close);
        }
        closeAll(failures, cursors, catalog, journal == null ? null : journal::close, lock);
        if (unfinished != null && !heardBefore) {
            throw unfinished;
        }
        if (failures.getSuppressed().length > 0 && !heardBefore) {
            throw DiskRefusal.of("close the log", options.directory(), told(failures));
        }
    }

    /** The first failure is the one that is told, with all of them behind it. */
    private static IOException told(IOException failures) {
        Throwable first = failures.getSuppressed()[0];
        failures.initCause(first);
        return first instanceof IOException io && failures.getSuppressed().length == 1
                ? io
                : failures;
    }

    /** On the flusher, when nobody appends any more. */
    private void finish() throws IOException {
        if (health.isFailed()) {
            throw health.fail(health.failure());
        }
        streams.values().forEach(stream -> stream.cursors().values().forEach(Cursor::settle));
        cursorsDirty.set(true);
        flusher.syncAll();
        if (journal != null) {
            journal.checkpoint(syncer);
            journal.clear();
        }
        for (Stream stream : streams.values()) {
            stream.chain().markDurable();
        }
    }

    WalOptions options() {
        return options;
    }

    Disk disk() {
        return disk;
    }

    Catalog catalog() {
        return catalog;
    }

    CursorStore cursors() {
        return cursors;
    }

    AtomicBoolean cursorsDirty() {
        return cursorsDirty;
    }

    LogHealth health() {
        return health;
    }

    Syncer syncer() {
        return syncer;
    }

    Flusher flusher() {
        return flusher;
    }

    Map<String, Stream> streams() {
        return streams;
    }

    RecoveryReport recovery() {
        return recovery;
    }

    WalStats stats() {
        long entries = 0;
        long payload = 0;
        long onDisk = journal == null ? 0 : journal.bytes();
        for (Stream stream : streams.values()) {
            entries += stream.entriesAcked();
            payload += stream.bytesAcked();
            for (StreamFile file : stream.chain().files()) {
                onDisk += file.sizeBytes();
            }
        }
        return new WalStats(
                streams.size(),
                entries,
                payload,
                syncer.syncs(),
                syncer.syncNanos(),
                onDisk,
                health.isFailed());
    }
}
