package io.walrus.wal;

import java.util.function.Consumer;

/**
 * Lets go whoever waited for a group, whatever happens on the way: an error in the middle fails the
 * log, and those behind it hear that nobody knows. On the engine thread that takes the group.
 */
final class Settling {

    private final LogHealth health;
    private final AckTeller teller;

    Settling(LogHealth health, AckTeller teller) {
        this.health = health;
        this.teller = teller;
    }

    /**
     * Settles a group, oldest first.
     *
     * @param failed what they hear; null if they are durable
     * @param show makes one that is durable visible
     */
    void settle(Pending oldest, WalException failed, Consumer<Pending> show) {
        WalException heard = failed;
        Pending firstTold = null;
        Pending lastTold = null;
        for (Pending at = oldest; at != null; ) {
            Pending following = at.next;
            at.next = null;
            heard = heard == null ? shown(at, show) : heard;
            if (heard != null) {
                health.heard();
            }
            at.settle(heard);
            if (at.future() != null) {
                if (lastTold == null) {
                    firstTold = at;
                } else {
                    lastTold.next = at;
                }
                lastTold = at;
            }
            at = following;
        }
        teller.tell(firstTold);
    }

    private WalException shown(Pending durable, Consumer<Pending> show) {
        if (durable.file == null) {
            return null;
        }
        try {
            show.accept(durable);
            return null;
        } catch (RuntimeException | Error unexpected) {
            return health.fail(unexpected);
        }
    }
}
