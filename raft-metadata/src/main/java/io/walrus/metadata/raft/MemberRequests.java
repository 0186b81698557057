package io.walrus.metadata.raft;

import io.walrus.metadata.NodeMetadata;
import io.walrus.metadata.Outcome;
import io.walrus.metadata.ProposalId;
import io.walrus.metadata.RefusalCode;
import io.walrus.metadata.codec.MetadataCodec;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What is asked of the leader about the members, here or over the wire: that one goes, or that
 * another one leads. Any member may be asked, and passes it on once.
 *
 * <p>Lives on the owning thread, except where a method says otherwise.
 */
final class MemberRequests {

    /** The ways to take a node out of the cluster. */
    private static final List<String> REMOVALS =
            List.of(PortNames.LEAVE, PortNames.RETIRE, PortNames.EXPEL, PortNames.EXPEL_UNNEEDED);

    private static final long TRANSFER_MILLIS = 2_000;
    private static final String STOPPED = "this member stopped before an answer came";

    private final StoreIdentity identity;
    private final long timeoutMillis;
    private final RaftMember member;
    private final Membership membership;
    private final PublishedView published;
    private final Duty duty;
    private final OpenQuestions questions;
    private final MemberPort port;
    private final MetadataCodec codec = new MetadataCodec();

    private int othersAsked;

    MemberRequests(
            StoreIdentity identity,
            long timeoutMillis,
            RaftMember member,
            Membership membership,
            PublishedView published,
            Duty duty,
            OpenQuestions questions,
            MemberPort port) {
        this.identity = identity;
        this.timeoutMillis = timeoutMillis;
        this.member = member;
        this.membership = membership;
        this.published = published;
        this.duty = duty;
        this.questions = questions;
        this.port = port;
    }

    /** What other members ask is answered from now on. */
    void register() {
        for (String removal : REMOVALS) {
            port.handle(removal, call -> duty.execute(() -> removalAsked(call)));
        }
        port.handle(PortNames.TRANSFER, call -> duty.execute(() -> transferAsked(call)));
    }

    /** Any thread. */
    CompletableFuture<Outcome> leave(int nodeId) {
        return removal(PortNames.LEAVE, nodeId);
    }

    /** Any thread. */
    CompletableFuture<Outcome> retire(int nodeId) {
        return removal(PortNames.RETIRE, nodeId);
    }

    /** Any thread. */
    CompletableFuture<Outcome> expel(int nodeId) {
        return removal(PortNames.EXPEL, nodeId);
    }

    /** Any thread. */
    CompletableFuture<Outcome> expelUnneeded(int nodeId) {
        return removal(PortNames.EXPEL_UNNEEDED, nodeId);
    }

    private CompletableFuture<Outcome> removal(String how, int nodeId) {
        return questions.ask(
                result -> removeHereOrThere(how, nodeId, result),
                result -> result.complete(unknown(STOPPED)));
    }

    /** Any thread. */
    CompletableFuture<Void> transfer(int nodeId) {
        return questions.ask(
                result -> transferHereOrThere(nodeId, result),
                result -> result.completeExceptionally(new IllegalStateException(STOPPED)));
    }

    private void removalAsked(PortCall call) {
        if (!member.isLeader()) {
            forward(call);
            return;
        }
        PortMessages.LeaveRequest request =
                codec.decode("leave", PortMessages.LeaveRequest.class, call.body());
        removeHere(call.name(), request.nodeId())
                .whenComplete(
                        (outcome, failure) -> {
                            if (failure == null) {
                                call.reply(call.name(), codec.encodeOutcome(outcome));
                            } else {
                                call.fail(String.valueOf(failure));
                            }
                        });
    }

    private void transferAsked(PortCall call) {
        PortMessages.TransferRequest request =
                codec.decode("transfer", PortMessages.TransferRequest.class, call.body());
        Optional<String> problem = membership.transfer(request.nodeId());
        if (problem.isPresent()) {
            call.fail(problem.get());
        } else {
            call.reply(PortNames.TRANSFER, new byte[0]);
        }
    }

    /**
     * Whoever wants in may ask any member; it is passed on once, to the leader this member knows.
     */
    void forward(PortCall call) {
        Optional<String> address = member.leaderAddress();
        if (address.isEmpty() || address.get().equals(member.address())) {
            call.fail("no leader is known here");
            return;
        }
        port.call(address.get(), call.name(), call.body(), 2_000)
                .whenComplete(
                        (reply, failure) -> {
                            if (failure == null) {
                                call.reply(reply.name(), reply.body());
                            } else {
                                call.fail(String.valueOf(failure.getMessage()));
                            }
                        });
    }

    private CompletableFuture<Outcome> removeHere(String how, int nodeId) {
        return switch (how) {
            case PortNames.EXPEL -> membership.expel(nodeId);
            case PortNames.EXPEL_UNNEEDED -> membership.expelUnneeded(nodeId);
            case PortNames.RETIRE -> membership.retire(nodeId);
            default -> membership.leave(nodeId);
        };
    }

    private void removeHereOrThere(String how, int nodeId, CompletableFuture<Outcome> result) {
        if (member.isLeader()) {
            removeHere(how, nodeId)
                    .whenComplete((outcome, failure) -> tell(result, outcome, failure));
            return;
        }
        Optional<String> address = member.leaderAddress().or(this::anyOther);
        if (address.isEmpty()) {
            result.complete(
                    new Outcome.Refused(
                            RefusalCode.NO_LEADER, "a metadata leader", "none is known"));
            return;
        }
        byte[] body = codec.encode("leave", new PortMessages.LeaveRequest(nodeId));
        port.call(address.get(), how, body, timeoutMillis)
                .thenApply(reply -> codec.decodeOutcome(reply.body()))
                .whenComplete((outcome, failure) -> tell(result, outcome, failure));
    }

    /** Who has left hears of no leader any more; the others still do. */
    private Optional<String> anyOther() {
        List<String> others =
                published.view().nodes().values().stream()
                        .map(NodeMetadata::raftAddress)
                        .filter(other -> !other.equals(member.address()))
                        .toList();
        return others.isEmpty()
                ? Optional.empty()
                : Optional.of(others.get(Math.floorMod(othersAsked++, others.size())));
    }

    private void tell(CompletableFuture<Outcome> result, Outcome outcome, Throwable failure) {
        result.complete(failure == null ? outcome : unknown(String.valueOf(failure.getMessage())));
    }

    private Outcome unknown(String why) {
        return new Outcome.Unknown(new ProposalId(identity.nodeId(), identity.storeId(), 0), why);
    }

    private void transferHereOrThere(int nodeId, CompletableFuture<Void> result) {
        if (member.isLeader()) {
            Optional<String> problem = membership.transfer(nodeId);
            if (problem.isPresent()) {
                result.completeExceptionally(new IllegalStateException(problem.get()));
            } else {
                result.complete(null);
            }
            return;
        }
        Optional<String> address = member.leaderAddress();
        if (address.isEmpty()) {
            result.completeExceptionally(new IllegalStateException("no leader is known"));
            return;
        }
        byte[] body = codec.encode("transfer", new PortMessages.TransferRequest(nodeId));
        port.call(address.get(), PortNames.TRANSFER, body, TRANSFER_MILLIS)
                .whenComplete(
                        (reply, failure) -> {
                            if (failure == null) {
                                result.complete(null);
                            } else {
                                result.completeExceptionally(failure);
                            }
                        });
    }
}
