package io.walrus.node.routing;

import io.vertx.core.buffer.Buffer;
import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.MetadataService;
import io.walrus.metadata.NodeMetadata;
import io.walrus.metadata.SegmentId;
import io.walrus.metadata.SegmentMetadata;
import io.walrus.metadata.SegmentState;
import io.walrus.metadata.TopicMetadata;
import io.walrus.metadata.lease.LeaseHolder;
import io.walrus.node.peer.PeerLinks;
import io.walrus.node.storage.SegmentStore;
import io.walrus.node.storage.StoredSegment;
import io.walrus.protocol.Command;
import io.walrus.protocol.ErrorCode;
import io.walrus.protocol.Reply;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Reads a segment's entries where they are: here, or at the node that holds them; and knows which
 * ones nobody holds any more.
 *
 * <p>Any thread; nothing blocks. A node that came back with an empty directory is another store and
 * never answers for what the old one held.
 */
final class SegmentReads implements TopicShelf.SegmentReader {

    private final LeaseHolder self;
    private final MetadataService metadata;
    private final SegmentStore store;
    private final PeerLinks peers;

    SegmentReads(LeaseHolder self, MetadataService metadata, SegmentStore store, PeerLinks peers) {
        this.self = self;
        this.metadata = metadata;
        this.store = store;
        this.peers = peers;
    }

    @Override
    public CompletionStage<List<Buffer>> read(
            SegmentId segment, long offset, int entriesMax, int bytesMax) {
        ClusterMetadata view = metadata.view();
        Optional<SegmentMetadata> known = view.segment(segment);
        if (known.isEmpty() || known.get().isSealedEmpty()) {
            return CompletableFuture.completedFuture(List.of());
        }
        if (known.get().isLost(view)) {
            return CompletableFuture.failedFuture(new RefusedException(lost(segment, known.get())));
        }
        if (known.get().leaderNode() == self.nodeId()) {
            StoredSegment held = Stored.segment(view, segment).orElseThrow();
            return store.read(held, offset, entriesMax, bytesMax).thenApply(Payloads::of);
        }
        NodeMetadata holder = view.node(known.get().leaderNode()).orElseThrow();
        return peers.askBriefly(
                        holder,
                        new Command.Read(segment.topic(), segment.number(), offset, bytesMax))
                .map(reply -> entriesOf(segment, reply, entriesMax))
                .toCompletionStage();
    }

    private static List<Buffer> entriesOf(SegmentId segment, Reply reply, int entriesMax) {
        if (reply instanceof Reply.Batch batch) {
            List<Buffer> entries = batch.entries();
            return entries.size() <= entriesMax ? entries : entries.subList(0, entriesMax);
        }
        if (reply instanceof Reply.Empty) {
            return List.of();
        }
        if (reply instanceof Reply.Err err && !err.code().mayRetry()) {
            throw new RefusedException(err);
        }
        throw new RefusedException(notNow(segment));
    }

    /**
     * The offset of a segment's first entry at or after a time, its end if there is none; asked
     * here, or at the node that holds it.
     */
    CompletionStage<Long> offsetAt(SegmentId segment, long epochMillis) {
        ClusterMetadata view = metadata.view();
        Optional<SegmentMetadata> known = view.segment(segment);
        if (known.isEmpty()) {
            return CompletableFuture.failedFuture(new RefusedException(notNow(segment)));
        }
        if (known.get().isSealedEmpty()) {
            return CompletableFuture.completedFuture(0L);
        }
        if (known.get().isLost(view)) {
            return CompletableFuture.failedFuture(new RefusedException(lost(segment, known.get())));
        }
        if (known.get().leaderNode() == self.nodeId()) {
            return store.offsetAtTime(Stored.segment(view, segment).orElseThrow(), epochMillis);
        }
        return peers.askBriefly(
                        view.node(known.get().leaderNode()).orElseThrow(),
                        new Command.PlaceIn(segment.topic(), segment.number(), epochMillis))
                .map(reply -> offsetIn(segment, reply))
                .toCompletionStage();
    }

    private static long offsetIn(SegmentId segment, Reply reply) {
        if (reply instanceof Reply.Place place) {
            return place.offset();
        }
        throw new RefusedException(
                reply instanceof Reply.Err err && !err.code().mayRetry() ? err : notNow(segment));
    }

    private static Reply.Err notNow(SegmentId segment) {
        return new Reply.Err(
                ErrorCode.NO_LEADER,
                "the node that holds segment %d of %s does not answer at the moment; try again"
                        .formatted(segment.number(), segment.topic()));
    }

    /** Whose count was not known when its node was lost: the node owned the cursor then. */
    @Override
    public Optional<Reply.Err> lostWithItsCursor(TopicMetadata topic) {
        ClusterMetadata view = metadata.view();
        return topic.segments().stream()
                .filter(segment -> segment.state() == SegmentState.SEALING && segment.isLost(view))
                .map(segment -> lost(new SegmentId(topic.name(), segment.number()), segment))
                .findFirst();
    }

    static Reply.Err lost(SegmentId segment, SegmentMetadata known) {
        return new Reply.Err(
                ErrorCode.GONE,
                ("segment %d of %s was held by node %d alone, which lost its data directory of that"
                                + " time or is no member any more")
                        .formatted(segment.number(), segment.topic(), known.leaderNode()));
    }

    /** A read that was refused for good, here or there. */
    static final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Reply.Err refusal;

        RefusedException(Reply.Err refusal) {
            super(refusal.message(), null, false, false);
            this.refusal = refusal;
        }

        Reply.Err refusal() {
            return refusal;
        }
    }
}
