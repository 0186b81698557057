package io.walrus.metadata.raft;

import io.walrus.metadata.lease.LeaseTerms;
import java.util.function.LongSupplier;

/**
 * The holder's side of this node's lease: asks the leader again and again, and knows until when it
 * may write.
 *
 * <p>Lives on the owning thread; the deadline is for everybody. The deadline counts from the moment
 * the heartbeat was <em>sent</em>, and only once this node's view has everything the leader had
 * when it granted: a view that still shows a segment as this node's, after it was given away, never
 * meets a lease that is newer.
 */
final class LeaseKeeper {
    private final LeaseTerms terms;
    private final LongSupplier clock;
    private final PublishedView published;
    private volatile long deadlineNanos;
    private volatile PortMessages.Standing standing = PortMessages.Standing.UNKNOWN;
    private boolean stopped;

    LeaseKeeper(LeaseTerms terms, LongSupplier clock, PublishedView published) {
        this.terms = terms;
        this.clock = clock;
        this.published = published;
        this.deadlineNanos = clock.getAsLong();
    }

    /** Any thread. */
    long deadlineNanos() {
        return deadlineNanos;
    }

    /** How the cluster stood at the last answer; any thread. */
    PortMessages.Standing standing() {
        return standing;
    }

    /** The leader's answer to the heartbeat that was sent at that time. */
    void answered(long sentNanos, PortMessages.HeartbeatReply reply) {
        standing = reply.standing();
        if (reply.granted()) {
            long granted = terms.holderDeadlineNanos(sentNanos);
            published.whenVersion(reply.requiredVersion(), () -> extend(granted));
        }
    }

    /** No lease from now on, for good. */
    void stop() {
        stopped = true;
        deadlineNanos = clock.getAsLong();
    }

    private void extend(long granted) {
        boolean isLater = LeaseTerms.isReached(deadlineNanos, granted);
        if (isLater && !stopped) {
            deadlineNanos = granted;
        }
    }
}
