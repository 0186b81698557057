package io.walrus.wal;

import io.walrus.wal.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/** Forces what was written. Runs on the engine's own threads, one call at a time. */
final class Syncer {

    /** Below that, one after the other is as fast. */
    private static final int FORCED_TOGETHER_FROM = 16;

    private final Disk disk;
    private final DirtyFiles dirty;
    private final WalObserver observer;
    private final LogRecords records;
    private final OpenFiles openFiles;
    private final Forcers forcers = new Forcers();
    private final IdleTails idleTails = new IdleTails();
    private final LongAdder syncs = new LongAdder();
    private final LongAdder syncNanos = new LongAdder();

    /** The log's own files beside the streams: which streams there are, and the cursors. */
    interface LogRecords {

        /** Makes new streams durable; before their first entry is. */
        void forceCatalog() throws IOException;

        void forceCursors() throws IOException;

        boolean isCatalogDirty();

        boolean areCursorsDirty();
    }

    Syncer(
            Disk disk,
            DirtyFiles dirty,
            WalObserver observer,
            LogRecords records,
            OpenFiles openFiles) {
        this.disk = disk;
        this.dirty = dirty;
        this.observer = observer;
        this.records = records;
        this.openFiles = openFiles;
    }

    /** Everything that was written before this call is durable after it. */
    synchronized void syncAll() throws IOException {
        syncCatalog();
        syncFiles();
        if (records.areCursorsDirty()) {
            timed(records::forceCursors);
        }
        openFiles.synced();
        if (!dirty.isEmpty()) {
            // Written meanwhile, and by nobody asked for, because this sync was under way.
            openFiles.owes();
        }
    }

    /** New streams are durable after this. */
    void syncCatalog() throws IOException {
        if (records.isCatalogDirty()) {
            timed(records::forceCatalog);
        }
    }

    /** Nothing would be forced now. */
    boolean isClean() {
        return dirty.isEmpty() && !records.isCatalogDirty() && !records.areCursorsDirty();
    }

    /** Runs something while nothing is being forced: files may be removed. */
    synchronized void exclusively(Force work) throws IOException {
        work.run();
    }

    /** Everything that was written to one stream before this call is durable after it. */
    synchronized void syncStream(Stream stream) throws IOException {
        syncCatalog();
        Set<Path> syncedDirs = new HashSet<>();
        for (StreamFile file : stream.chain().files()) {
            if (file.isDirty()) {
                syncFile(new DirtyFiles.Dirty(stream, file), syncedDirs);
            }
        }
    }

    private void syncFiles() throws IOException {
        Set<Path> syncedDirs = new HashSet<>();
        // What comes in while this runs is the next call's: it may be endless.
        var upTo = new ArrayList<DirtyFiles.Dirty>();
        for (DirtyFiles.Dirty next = dirty.poll(); next != null; next = dirty.poll()) {
            upTo.add(next);
        }
        syncParents(upTo, syncedDirs);
        List<Force> works = new ArrayList<>();
        for (List<DirtyFiles.Dirty> files : byStream(upTo)) {
            works.add(() -> syncFiles(files));
        }
        if (works.size() < FORCED_TOGETHER_FROM) {
            for (Force work : works) {
                work.run();
            }
        } else {
            forcers.all(works);
        }
        idleTails.synced(upTo);
    }

    /** New directories of streams, as many as there are, cost one sync of their parent. */
    private void syncParents(List<DirtyFiles.Dirty> all, Set<Path> syncedDirs) throws IOException {
        for (DirtyFiles.Dirty next : all) {
            FileChain chain = next.stream().chain();
            if (chain.isNameDirty()) {
                syncOnce(chain.dir().getParent(), syncedDirs);
                chain.nameSynced();
            }
        }
    }

    /** A file is only ever forced after the one before it: recovery goes by that. */
    private static Collection<List<DirtyFiles.Dirty>> byStream(List<DirtyFiles.Dirty> all) {
        Map<Stream, List<DirtyFiles.Dirty>> files = new LinkedHashMap<>();
        for (DirtyFiles.Dirty next : all) {
            files.computeIfAbsent(next.stream(), stream -> new ArrayList<>()).add(next);
        }
        return files.values();
    }

    private void syncFiles(List<DirtyFiles.Dirty> ofOneStream) throws IOException {
        Set<Path> syncedDirs = new HashSet<>();
        for (DirtyFiles.Dirty next : ofOneStream) {
            syncFile(next, syncedDirs);
        }
    }

    private void syncFile(DirtyFiles.Dirty next, Set<Path> syncedDirs) throws IOException {
        StreamFile file = next.file();
        // Files are dropped under this monitor: what is not in the chain owes nobody anything.
        if (next.stream().isGone() || !next.stream().chain().holds(file)) {
            return;
        }
        int written = next.stream().writeOut(file);
        syncNames(next.stream().chain(), file, syncedDirs);
        timed(() -> file.bytes().force(written));
        file.durableUpTo(Math.max(file.durableBytes(), written));
        if (file != next.stream().chain().last() && file.mark()) {
            // The next sync covers the mark: until then its file has to stay open.
            next.stream().locked(() -> dirty.written(next.stream(), file));
        }
    }

    private void syncNames(FileChain chain, StreamFile file, Set<Path> syncedDirs)
            throws IOException {
        if (chain.isNameDirty()) {
            syncOnce(chain.dir().getParent(), syncedDirs);
            chain.nameSynced();
        }
        if (file.isNameDirty()) {
            syncOnce(chain.dir(), syncedDirs);
            file.nameSynced();
        }
    }

    private void syncOnce(Path dir, Set<Path> syncedDirs) throws IOException {
        if (syncedDirs.add(dir)) {
            timed(() -> disk.syncDirectory(dir));
        }
    }

    /** One force, counted. */
    interface Force {
        void run() throws IOException;
    }

    void timed(Force force) throws IOException {
        long started = System.nanoTime();
        force.run();
        long nanos = System.nanoTime() - started;
        syncs.increment();
        syncNanos.add(nanos);
        observer.synced(nanos);
    }

    /** Lets the threads go; nothing is synced any more. */
    void close() {
        forcers.close();
    }

    long syncs() {
        return syncs.sum();
    }

    long syncNanos() {
        return syncNanos.sum();
    }
}
