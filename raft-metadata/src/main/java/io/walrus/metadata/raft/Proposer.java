package io.walrus.metadata.raft;

import io.walrus.metadata.MetadataCommand;
import io.walrus.metadata.Outcome;
import io.walrus.metadata.Proposal;
import io.walrus.metadata.ProposalHistory;
import io.walrus.metadata.ProposalId;
import io.walrus.metadata.RefusalCode;
import io.walrus.metadata.codec.MetadataCodec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Brings this node's commands to the leader, wherever it is, and their outcomes back.
 *
 * <p>Lives on the owning thread. A proposal keeps its id while it looks for a leader, and the state
 * applies an id once: so sending it again within its time is safe, and after its time is up nobody
 * sends it again. Fewer proposals are in flight than the state remembers outcomes, so none of them
 * can be forgotten while it is still being sent.
 */
final class Proposer {
    private static final int QUEUE_MAX = 10_000;
    private static final int COMMAND_BYTES_MAX = 1 << 20;
    private static final int WINDOW = ProposalHistory.OUTCOMES_MAX - 28;
    private static final long RETRY_MILLIS = 50;
    private static final long TRY_MILLIS = 1_000;

    private final int nodeId;
    private final String storeId;
    private final long timeoutMillis;
    private final Duty duty;
    private final MemberPort port;
    private final PublishedView published;
    private final Leadership leadership;
    private final MetadataCodec codec = new MetadataCodec();
    private final Deque<Flight> queue = new ArrayDeque<>();
    private final TreeMap<Long, Flight> inFlight = new TreeMap<>();
    private long nextSequence;
    private boolean closed;

    /** Where the leader is, and how to hand it a proposal when it is here. */
    interface Leadership {
        /** Address of the leader, or empty. */
        Optional<String> address();

        /** Whether the leader is this node. */
        boolean isHere();

        /** Decides and appends here; empty if nobody can say what became of it. */
        CompletableFuture<Optional<Outcome>> accept(Proposal proposal);
    }

    /** One proposal from its call to its outcome. */
    private static final class Flight {
        private final MetadataCommand command;
        private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        private final long startedNanos = System.nanoTime();
        private Proposal proposal;
        private byte[] body;
        private boolean onTheWay;
        private boolean mayHaveHappened;
        private Outcome decided;
        private String lastFailure = "no leader is known";

        Flight(MetadataCommand command) {
            this.command = command;
        }
    }

    Proposer(
            StoreIdentity identity,
            long timeoutMillis,
            Duty duty,
            MemberPort port,
            PublishedView published,
            Leadership leadership) {
        this.nodeId = identity.nodeId();
        this.storeId = identity.storeId();
        // Above everything an earlier boot of this store can have used.
        this.nextSequence = identity.boots() << 32;
        this.timeoutMillis = timeoutMillis;
        this.duty = duty;
        this.port = port;
        this.published = published;
        this.leadership = leadership;
    }

    /** Any thread. */
    CompletableFuture<Outcome> propose(MetadataCommand command) {
        Flight flight = new Flight(command);
        if (!duty.offer(() -> enqueue(flight))) {
            giveUp(flight, RefusalCode.CLOSED, "this member is stopped");
        }
        return flight.outcome;
    }

    /** Owning thread: everything that waits is answered now. */
    void close() {
        closed = true;
        List<Flight> left = new ArrayList<>(queue);
        left.addAll(inFlight.values());
        queue.clear();
        inFlight.clear();
        left.forEach(flight -> giveUp(flight, RefusalCode.CLOSED, "this member is stopped"));
    }

    private void enqueue(Flight flight) {
        if (closed) {
            giveUp(flight, RefusalCode.CLOSED, "this member is stopped");
        } else if (queue.size() >= QUEUE_MAX) {
            giveUp(flight, RefusalCode.TOO_MUCH, queue.size() + " proposals wait");
        } else {
            queue.add(flight);
            duty.later(timeoutMillis, () -> timedOut(flight));
            pump();
        }
    }

    private void pump() {
        while (!queue.isEmpty() && isInWindow()) {
            Flight flight = queue.poll();
            long sequence = nextSequence++;
            flight.proposal =
                    new Proposal(new ProposalId(nodeId, storeId, sequence), flight.command);
            flight.body = codec.encodeProposal(flight.proposal);
            inFlight.put(sequence, flight);
            if (flight.body.length > COMMAND_BYTES_MAX) {
                finish(flight, tooLong(flight.body.length));
            } else {
                send(flight);
            }
        }
    }

    private static Outcome tooLong(int length) {
        return new Outcome.Refused(
                RefusalCode.TOO_MUCH,
                "a command of at most " + COMMAND_BYTES_MAX + " bytes",
                Integer.toString(length));
    }

    private boolean isInWindow() {
        return inFlight.isEmpty() || nextSequence - inFlight.firstKey() < WINDOW;
    }

    private void send(Flight flight) {
        if (flight.outcome.isDone()) {
            return;
        }
        Optional<Outcome> seen = published.view().outcomeOf(flight.proposal.id());
        if (seen.isPresent()) {
            finish(flight, seen.get());
            return;
        }
        if (leadership.isHere()) {
            sendHere(flight);
            return;
        }
        Optional<String> leader = leadership.address();
        if (leader.isEmpty()) {
            retry(flight, "no leader is known");
            return;
        }
        flight.onTheWay = true;
        port.call(leader.get(), PortNames.PROPOSE, flight.body, Math.min(TRY_MILLIS, timeoutMillis))
                .whenCompleteAsync((reply, failure) -> answered(flight, reply, failure), duty);
    }

    private void sendHere(Flight flight) {
        flight.onTheWay = true;
        leadership
                .accept(flight.proposal)
                .whenCompleteAsync(
                        (outcome, failure) -> {
                            flight.onTheWay = false;
                            if (failure == null && outcome.isPresent()) {
                                finish(flight, outcome.get());
                            } else {
                                flight.mayHaveHappened = true;
                                retry(flight, "the leadership was lost");
                            }
                        },
                        duty);
    }

    private void answered(Flight flight, PortFrame reply, Throwable failure) {
        flight.onTheWay = false;
        Outcome outcome = failure == null ? codec.decodeOutcome(reply.body()) : null;
        if (outcome instanceof Outcome.Unknown unknown) {
            flight.mayHaveHappened = true;
            retry(flight, unknown.detail());
            return;
        }
        if (outcome != null) {
            finish(flight, outcome);
            return;
        }
        boolean mayHaveHappened =
                !(failure instanceof PortException broken) || broken.mayHaveHappened();
        flight.mayHaveHappened |= mayHaveHappened;
        retry(flight, String.valueOf(failure.getMessage()));
    }

    private void retry(Flight flight, String why) {
        flight.lastFailure = why;
        if (!flight.outcome.isDone()) {
            duty.later(RETRY_MILLIS, () -> send(flight));
        }
    }

    /** Applied is told when this node's own view shows it. */
    private void finish(Flight flight, Outcome outcome) {
        boolean decidedOutsideTheState =
                outcome instanceof Outcome.Refused refused
                        && refused.code() == RefusalCode.LEASE_HELD;
        if (decidedOutsideTheState && flight.mayHaveHappened) {
            retry(flight, "an earlier try may have been accepted");
            return;
        }
        if (inFlight.remove(flight.proposal.id().sequence()) == null) {
            return;
        }
        pump();
        flight.decided = outcome;
        if (outcome instanceof Outcome.Applied applied) {
            published.whenVersion(applied.version(), () -> flight.outcome.complete(outcome));
        } else {
            flight.outcome.complete(outcome);
        }
    }

    private void timedOut(Flight flight) {
        if (flight.outcome.isDone()) {
            return;
        }
        if (flight.decided != null) {
            flight.outcome.complete(flight.decided);
            return;
        }
        queue.remove(flight);
        if (flight.proposal != null) {
            inFlight.remove(flight.proposal.id().sequence());
        }
        long waitedMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - flight.startedNanos);
        giveUp(
                flight,
                RefusalCode.NO_LEADER,
                flight.lastFailure + " after " + waitedMillis + " ms");
        pump();
    }

    private void giveUp(Flight flight, RefusalCode code, String why) {
        if (flight.mayHaveHappened || flight.onTheWay) {
            Optional<Outcome> seen = published.view().outcomeOf(flight.proposal.id());
            flight.outcome.complete(
                    seen.orElseGet(() -> new Outcome.Unknown(flight.proposal.id(), why)));
        } else {
            flight.outcome.complete(
                    new Outcome.Refused(code, "an answer of the metadata leader", why));
        }
    }
}
