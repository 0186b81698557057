package io.walrus.metadata.raft;

import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.MetadataService.Subscription;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The newest state, for everybody to read, and the news of it.
 *
 * <p>{@link #publish} is called by the one thread that applies; everything else by any thread.
 * Listeners run on the callback thread, one at a time; changes that come while one runs are told as
 * one.
 */
final class PublishedView {
    private static final System.Logger LOG = System.getLogger(PublishedView.class.getName());

    private final Executor owner;
    private final Executor callbacks;
    private final List<Consumer<ClusterMetadata>> listeners = new CopyOnWriteArrayList<>();
    private final AtomicBoolean newsUnderWay = new AtomicBoolean();
    private final Object waitersLock = new Object();
    private final TreeMap<Long, List<Runnable>> waiters = new TreeMap<>();
    private volatile ClusterMetadata view = ClusterMetadata.EMPTY;

    PublishedView(Executor owner, Executor callbacks) {
        this.owner = owner;
        this.callbacks = callbacks;
    }

    ClusterMetadata view() {
        return view;
    }

    void publish(ClusterMetadata next) {
        view = next;
        List<Runnable> due = new ArrayList<>();
        synchronized (waitersLock) {
            while (!waiters.isEmpty() && waiters.firstKey() <= next.version()) {
                due.addAll(waiters.pollFirstEntry().getValue());
            }
        }
        due.forEach(owner::execute);
        if (!listeners.isEmpty() && newsUnderWay.compareAndSet(false, true)) {
            run(this::tell);
        }
    }

    /** Runs the task on the owning thread once the view has that version, which may be now. */
    void whenVersion(long version, Runnable task) {
        synchronized (waitersLock) {
            if (view.version() < version) {
                waiters.computeIfAbsent(version, v -> new ArrayList<>()).add(task);
                return;
            }
        }
        owner.execute(task);
    }

    Subscription onChange(Consumer<ClusterMetadata> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private void tell() {
        newsUnderWay.set(false);
        ClusterMetadata told = view;
        for (Consumer<ClusterMetadata> listener : listeners) {
            try {
                listener.accept(told);
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR, "a listener of metadata changes failed", e);
            }
        }
    }

    private void run(Runnable task) {
        try {
            callbacks.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.log(System.Logger.Level.DEBUG, "not told: this member is stopped");
        }
    }
}
