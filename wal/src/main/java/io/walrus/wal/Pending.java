package io.walrus.wal;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/**
 * Something that was written and waits for the disk: an append, a cursor's move, or just a caller
 * who wants everything before him to be durable. Made by the caller, settled once, by an engine
 * thread.
 */
final class Pending {

    /** The next older one while it is in the queue. */
    Pending next;

    /** How many were in the queue with it when it was put there. */
    int depth;

    /** Whose frame or cursor; null for a bare sync. */
    final Stream stream;

    /** The frame's file, or null. */
    StreamFile file;

    int position;
    int frameBytes;

    /** The frame's bytes, from {@link #at} on; they stay as they are. */
    ByteBuffer frame;

    int at;

    /** What readers may see once this is durable. */
    long endOffset;

    int count;
    long payloadBytes;

    /** The cursor's slot, or -1. */
    int slot = -1;

    long cursorValue;

    /** So long the waiting thread stays awake before it sleeps. */
    long spinNanos;

    /** So often it gives way to the others before it sleeps. */
    int yields;

    /** What the future tells. */
    long result;

    private final Thread waiter;
    private final CompletableFuture<Long> future;
    private volatile boolean settled;
    private volatile boolean asleep;
    private WalException failure;

    private Pending(Stream stream, Thread waiter, CompletableFuture<Long> future) {
        this.stream = stream;
        this.waiter = waiter;
        this.future = future;
    }

    /** The current thread will wait for it. */
    static Pending sync(Stream stream) {
        return new Pending(stream, Thread.currentThread(), null);
    }

    static Pending async(Stream stream, CompletableFuture<Long> future) {
        return new Pending(stream, null, future);
    }

    CompletableFuture<Long> future() {
        return future;
    }

    /** A thread stands still until this is settled. */
    boolean hasWaiter() {
        return waiter != null;
    }

    /** Durable, or failed if there is a failure: lets a waiting thread go. */
    void settle(WalException failed) {
        failure = failed;
        settled = true;
        if (asleep) {
            LockSupport.unpark(waiter);
        }
    }

    /** Tells the future how it was settled; runs its continuations on this thread. */
    void tell() {
        if (failure == null) {
            future.complete(result);
        } else {
            future.completeExceptionally(failure);
        }
    }

    /** Waits until it is settled. An interrupt does not end the wait and is kept for the caller. */
    void await() {
        if (!spin() && !giveWay()) {
            sleep();
        }
        if (failure != null) {
            throw failure;
        }
    }

    private boolean spin() {
        if (spinNanos > 0) {
            long started = System.nanoTime();
            while (!settled && System.nanoTime() - started < spinNanos) {
                Thread.yield();
            }
        }
        return settled;
    }

    private boolean giveWay() {
        for (int turn = 0; turn < yields && !settled; turn++) {
            Thread.yield();
        }
        return settled;
    }

    private void sleep() {
        boolean interrupted = false;
        asleep = true;
        while (!settled) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
