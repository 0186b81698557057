package io.walrus.metadata.raft;

import io.walrus.metadata.NodeMetadata;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * Brings this node into its cluster at every start: asks again and again until the leader says that
 * it is in, registered with this boot.
 *
 * <p>Lives on the owning thread.
 */
final class JoinLoop {
    private static final System.Logger LOG = System.getLogger(JoinLoop.class.getName());
    private static final long HERE_MILLIS = 5;
    private static final long THERE_MILLIS = 50;
    private static final int TOLD_EVERY = 100;

    private final Core core;
    private final NodeMetadata self;
    private final BooleanSupplier mayAskToBeLetIn;
    private final PublishedView published;
    private final Duty duty;
    private final CompletableFuture<Void> ready;
    private int attempts;

    JoinLoop(
            Core core,
            NodeMetadata self,
            BooleanSupplier mayAskToBeLetIn,
            PublishedView published,
            Duty duty,
            CompletableFuture<Void> ready) {
        this.core = core;
        this.self = self;
        this.mayAskToBeLetIn = mayAskToBeLetIn;
        this.published = published;
        this.duty = duty;
        this.ready = ready;
    }

    void step() {
        if (ready.isDone()) {
            return;
        }
        attempts++;
        Optional<String> address = core.member.leaderAddress().or(this::nextSeed);
        if (address.isEmpty() && !core.member.isLeader()) {
            tellNowAndThen("no leader is known here; " + core.belonging.lastAnswer());
            again(THERE_MILLIS);
            return;
        }
        core.join(self, address.orElse("")).whenComplete(this::answered);
    }

    private void answered(PortMessages.JoinReply reply, Throwable failure) {
        String detail =
                failure == null ? reply.stage() + ": " + reply.detail() : failure.getMessage();
        tellNowAndThen(detail);
        boolean isIn = failure == null && reply.stage().equals(PortMessages.JoinReply.IN);
        if (!isIn) {
            duty.execute(() -> again(core.member.isLeader() ? HERE_MILLIS : THERE_MILLIS));
            return;
        }
        boolean isVisible = published.view().node(self.id()).equals(Optional.of(self));
        boolean hasLeader = core.member.leaderAddress().isPresent();
        if (isVisible && hasLeader) {
            ready.complete(null);
        } else {
            duty.execute(() -> again(HERE_MILLIS));
        }
    }

    private void tellNowAndThen(String detail) {
        if (attempts % TOLD_EVERY == 0) {
            LOG.log(System.Logger.Level.WARNING, "node {0} is not in yet: {1}", self.id(), detail);
        }
    }

    private void again(long delayMillis) {
        duty.later(delayMillis, this::step);
    }

    private Optional<String> nextSeed() {
        List<String> addresses =
                mayAskToBeLetIn.getAsBoolean() ? core.belonging.others() : List.of();
        return addresses.isEmpty()
                ? Optional.empty()
                : Optional.of(addresses.get(attempts % addresses.size()));
    }
}
