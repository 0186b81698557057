package io.walrus.wal;

import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps the open stream files to a number: beyond it, the ones that were not used for longest are
 * closed, and opened again when somebody needs them. One that owes a sync stays open: only the
 * handle that was there at the write is sure to hear that the write failed. If too many owe one, a
 * sync is asked for. Any thread; no lock.
 */
final class OpenFiles {

    /** Most files that whoever opens one looks at, so that no append pays for all of them. */
    private static final int LOOKS_MAX = 32;

    private final int max;
    private final WalObserver observer;
    private final Queue<FileHandle> open = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicBoolean syncAsked = new AtomicBoolean();
    private volatile Runnable sync = () -> {};

    OpenFiles(int max, WalObserver observer) {
        this.max = max;
        this.observer = observer;
    }

    /**
     * @param ask has everything synced soon, and {@link #synced} called then
     */
    void syncBy(Runnable ask) {
        sync = ask;
    }

    /** A handle was opened; called without its monitor. */
    void opened(FileHandle handle) {
        open.add(handle);
        if (count.incrementAndGet() > max) {
            closeIdle(LOOKS_MAX);
            owes();
        }
    }

    /** A file owes a sync from now on: with too many open it is asked for, unless it was. */
    void owes() {
        if (count.get() > max && syncAsked.compareAndSet(false, true)) {
            sync.run();
        }
    }

    /** Nobody owes a sync for what was written before it; the first look forgets who was used. */
    void synced() {
        syncAsked.set(false);
        closeIdle(2 * count.get());
    }

    private void closeIdle(int looks) {
        for (int look = 0; look < looks && count.get() > max; look++) {
            FileHandle oldest = open.poll();
            if (oldest == null) {
                return;
            }
            if (isLetGo(oldest)) {
                count.decrementAndGet();
            } else {
                open.add(oldest);
            }
        }
    }

    /** What the disk says when a file is closed that owes nothing changes nothing for the log. */
    private boolean isLetGo(FileHandle oldest) {
        try {
            return oldest.letGo();
        } catch (IOException refused) {
            observer.leftBehind(oldest.path(), refused);
            return true;
        }
    }
}
