package io.walrus.node.storage;

import io.walrus.wal.WalObserver;

/** Passes on what the log engine tells and the room's observer wants to hear. */
final class ObservedEngine implements WalObserver {

    private final StorageObserver observer;

    ObservedEngine(StorageObserver observer) {
        this.observer = observer;
    }

    @Override
    public void synced(long nanos) {
        observer.synced(nanos);
    }

    @Override
    public void failed(Throwable cause) {
        observer.failed(cause);
    }
}
