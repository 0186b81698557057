package io.walrus.metadata.raft;

import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.NodeMetadata;
import io.walrus.metadata.codec.MetadataCodec;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Whether this node still belongs to its cluster. Who was removed is told so by nobody: no leader
 * talks to it any more, and it would wait for one for ever. So a member that has heard of no leader
 * for a while asks the members it knows, one after the other.
 *
 * <p>Only a leader that a majority confirms answers, out of a state that is then as new as the
 * question: a member that lags behind passes the question on, and one that is cut off says nothing.
 * A node asks only after it was a member once, so that "not known" means "removed".
 *
 * <p>Lives on the owning thread.
 */
final class Belonging {
    private static final long SILENCE_NANOS = 1_000_000_000L;
    private static final long ASK_EVERY_NANOS = 500_000_000L;
    private static final long ANSWER_MILLIS = 2_000;

    private final Core core;
    private final RaftMetadataOptions options;
    private final Duty duty;
    private final MemberPort port;
    private final PublishedView published;
    private final MetadataCodec codec = new MetadataCodec();
    private long heardNanos;
    private long askedNanos;
    private int asked;
    private boolean isConfirmed;
    private String lastAnswer = "nobody was asked yet";

    Belonging(
            Core core,
            RaftMetadataOptions options,
            Duty duty,
            MemberPort port,
            PublishedView published) {
        this.core = core;
        this.options = options;
        this.duty = duty;
        this.port = port;
        this.published = published;
        this.heardNanos = options.nanoClock().getAsLong();
        this.askedNanos = heardNanos;
    }

    /** Whether the cluster has said, since this start, that it still counts this node in. */
    boolean isConfirmed() {
        return isConfirmed;
    }

    /** What came of the last question, for people. */
    String lastAnswer() {
        return lastAnswer;
    }

    /** Where other members are, as far as anything on this node's disk or in its settings tells. */
    List<String> others() {
        Set<String> addresses = new LinkedHashSet<>(options.join());
        published.view().nodes().values().stream()
                .map(NodeMetadata::raftAddress)
                .forEach(addresses::add);
        addresses.addAll(core.member.configured());
        addresses.remove(core.member.address());
        return new ArrayList<>(addresses);
    }

    /** Once a heartbeat period: asks, if it is time to, on behalf of one who was a member once. */
    void tick(BooleanSupplier wasMember, Consumer<Throwable> onRemoved) {
        long now = options.nanoClock().getAsLong();
        if (core.member.isLeader() || core.member.leaderAddress().isPresent()) {
            heardNanos = now;
            return;
        }
        boolean isDue = now - heardNanos > SILENCE_NANOS && now - askedNanos > ASK_EVERY_NANOS;
        if (!isDue || !wasMember.getAsBoolean()) {
            return;
        }
        askedNanos = now;
        List<String> others = others();
        if (!others.isEmpty()) {
            ask(others.get(asked++ % others.size()), onRemoved);
        }
    }

    private void ask(String address, Consumer<Throwable> onRemoved) {
        byte[] body =
                codec.encode(
                        "belonging",
                        new PortMessages.BelongingRequest(
                                core.identity.nodeId(), core.identity.storeId()));
        port.call(address, PortNames.BELONGING, body, ANSWER_MILLIS)
                .whenCompleteAsync(
                        (reply, failure) -> answered(address, reply, failure, onRemoved), duty);
    }

    private void answered(
            String address, PortFrame reply, Throwable failure, Consumer<Throwable> onRemoved) {
        if (failure != null) {
            lastAnswer = address + ": " + failure.getMessage();
            return;
        }
        PortMessages.BelongingReply said =
                codec.decode("belongs", PortMessages.BelongingReply.class, reply.body());
        lastAnswer = address + ": " + said.detail();
        isConfirmed = said.belongs();
        if (!said.belongs()) {
            onRemoved.accept(
                    new NodeRemovedException(core.identity.nodeId(), said.detail(), address));
        }
    }

    /** Somebody asks whether it is still in. */
    void asked(PortCall call) {
        PortMessages.BelongingRequest request =
                codec.decode("belonging", PortMessages.BelongingRequest.class, call.body());
        core.member.confirmLeadership(
                isSure -> {
                    if (isSure) {
                        duty.execute(() -> answer(call, request));
                    } else {
                        call.fail("no majority confirms a leader");
                    }
                });
    }

    private void answer(PortCall call, PortMessages.BelongingRequest request) {
        ClusterMetadata view = published.view();
        Optional<NodeMetadata> node = view.node(request.nodeId());
        boolean belongs = node.isPresent() && node.get().storeId().equals(request.storeId());
        String detail =
                belongs
                        ? "node " + request.nodeId() + " is a member"
                        : node.map(
                                        other ->
                                                "node "
                                                        + other.id()
                                                        + " is another directory now, at "
                                                        + other.raftAddress())
                                .orElse("the members are " + view.nodes().keySet());
        call.reply(
                PortNames.BELONGING,
                codec.encode("belongs", new PortMessages.BelongingReply(belongs, detail)));
    }
}
