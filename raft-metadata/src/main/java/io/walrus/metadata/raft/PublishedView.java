package io.walrus.metadata.raft;

import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.MetadataService.Subscription;
import io.walrus.metadata.ViewChange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

    /** More of them at once are told as a change of everything. */
    private static final int UNTOLD_MAX = 1_000;

    private final Executor owner;
    private final Executor callbacks;
    private final List<Consumer<ViewChange>> listeners = new CopyOnWriteArrayList<>();
    private final AtomicBoolean newsUnderWay = new AtomicBoolean();
    private final Object waitersLock = new Object();
    private final TreeMap<Long, List<Runnable>> waiters = new TreeMap<>();
    private volatile ClusterMetadata view = ClusterMetadata.EMPTY;

    /** The topics that changed since the listeners were told; its lock is held for one addition. */
    private final Set<String> untold = new HashSet<>();

    private boolean isAllUntold;

    PublishedView(Executor owner, Executor callbacks) {
        this.owner = owner;
        this.callbacks = callbacks;
    }

    ClusterMetadata view() {
        return view;
    }

    /** Any part of it may have changed. */
    void publish(ClusterMetadata next) {
        view = next;
        synchronized (untold) {
            isAllUntold = true;
        }
        tellAll(next);
    }

    /** Nothing has changed but that topic, or nothing at all. */
    void publish(ClusterMetadata next, Optional<String> topic) {
        view = next;
        if (!listeners.isEmpty()) {
            topic.ifPresent(this::note);
        }
        tellAll(next);
    }

    private void note(String topic) {
        synchronized (untold) {
            if (untold.size() >= UNTOLD_MAX) {
                isAllUntold = true;
            }
            if (!isAllUntold) {
                untold.add(topic);
            }
        }
    }

    private void tellAll(ClusterMetadata next) {
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

    Subscription onChange(Consumer<ViewChange> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private void tell() {
        newsUnderWay.set(false);
        ViewChange told = news();
        for (Consumer<ViewChange> listener : listeners) {
            try {
                listener.accept(told);
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR, "a listener of metadata changes failed", e);
            }
        }
    }

    /** A topic that is noted while this runs is told again with the next news: no harm. */
    private ViewChange news() {
        synchronized (untold) {
            Optional<Set<String>> topics =
                    isAllUntold ? Optional.empty() : Optional.of(Set.copyOf(untold));
            isAllUntold = false;
            untold.clear();
            return new ViewChange(view, topics);
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
