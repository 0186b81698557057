package io.walrus.node.routing;

import io.vertx.core.buffer.Buffer;
import io.walrus.metadata.CursorPosition;
import io.walrus.metadata.SegmentId;
import io.walrus.metadata.SegmentMetadata;
import io.walrus.metadata.SegmentState;
import io.walrus.metadata.TopicMetadata;
import io.walrus.protocol.Reply;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * One topic's entries in order across segments, and its shared cursor, as the owner of the cursor
 * sees them.
 *
 * <p>The owner is the leader of the open segment, under its lease: it asks for the lease before it
 * stores a move, and nothing is handed out before the move is stored. While the count of an earlier
 * segment is unknown, its node's cursor is too, so nothing is handed out then.
 */
final class TopicShelf implements CursorDesk.Shelf {

    /** Reads a segment's entries, here or at the node that holds them. */
    interface SegmentReader {
        CompletionStage<List<Buffer>> read(
                SegmentId segment, long offset, int entriesMax, int bytesMax);

        /** The refusal, if a segment is gone for good together with the cursor's newest place. */
        Optional<Reply.Err> lostWithItsCursor(TopicMetadata topic);
    }

    /** Where the shared cursor of the topic is stored on this node. */
    interface CursorStore {
        CompletionStage<CursorPosition> place();

        CompletionStage<Void> move(CursorPosition place);
    }

    private final String topic;
    private final Supplier<Optional<TopicMetadata>> view;
    private final BooleanSupplier ownsCursor;
    private final SegmentReader reader;
    private final CursorStore store;

    TopicShelf(
            String topic,
            Supplier<Optional<TopicMetadata>> view,
            BooleanSupplier ownsCursor,
            SegmentReader reader,
            CursorStore store) {
        this.topic = topic;
        this.view = view;
        this.ownsCursor = ownsCursor;
        this.reader = reader;
        this.store = store;
    }

    /** The number of the open segment that this node leads. */
    @Override
    public int tenure() {
        return view.get().map(this::tenureIn).orElse(NONE);
    }

    private int tenureIn(TopicMetadata known) {
        boolean isOwner =
                known.lastSegment().state() == SegmentState.OPEN
                        && !hasUnknownCount(known)
                        && ownsCursor.getAsBoolean();
        return isOwner ? known.lastSegment().number() : NONE;
    }

    /**
     * The checkpoint is of the very view in which no count is unknown: one that was read a moment
     * before a missing node told its count would be behind what that node handed out.
     */
    @Override
    public CompletionStage<CursorPosition> cursor(int tenure) {
        Optional<TopicMetadata> known = view.get();
        Optional<RuntimeException> refusal = refusal(tenure, known);
        if (refusal.isPresent()) {
            return CompletableFuture.failedFuture(refusal.get());
        }
        CursorPosition checkpoint = known.map(TopicMetadata::cursor).orElseThrow();
        return store.place()
                .thenApply(stored -> stored.compareTo(checkpoint) >= 0 ? stored : checkpoint);
    }

    private Optional<RuntimeException> refusal(int tenure, Optional<TopicMetadata> known) {
        Optional<Reply.Err> lost = known.flatMap(reader::lostWithItsCursor);
        if (lost.isPresent()) {
            return Optional.of(new SegmentReads.RefusedException(lost.get()));
        }
        int now = known.map(this::tenureIn).orElse(NONE);
        return now == tenure && now != NONE
                ? Optional.empty()
                : Optional.of(
                        new NotOwnerException(topic, known.map(TopicShelf::missed).orElse("")));
    }

    /** Who must come back before anything more can be handed out. */
    private static String missed(TopicMetadata known) {
        return known.segments().stream()
                .filter(segment -> segment.state() == SegmentState.SEALING)
                .map(
                        segment ->
                                " (segment %d is sealing: node %d is missed, which led it)"
                                        .formatted(segment.number(), segment.leaderNode()))
                .findFirst()
                .orElse("");
    }

    @Override
    public CompletionStage<Void> moveCursor(int tenure, CursorPosition place) {
        return tenure != NONE && tenure() == tenure
                ? store.move(place)
                : CompletableFuture.failedFuture(new NotOwnerException(topic, ""));
    }

    @Override
    public CompletionStage<CursorDesk.ReadStep> read(
            int tenure, CursorPosition place, int entriesMax, int bytesMax) {
        Optional<RuntimeException> refusal = refusal(tenure, view.get());
        return refusal.isPresent()
                ? CompletableFuture.failedFuture(refusal.get())
                : readAt(place, entriesMax, bytesMax).thenCompose(found -> ifOwned(tenure, found));
    }

    /**
     * That there is none is true only as long as nobody else may append: a process that stood still
     * between the question and the answer may have been replaced meanwhile.
     */
    private CompletionStage<CursorDesk.ReadStep> ifOwned(int tenure, CursorDesk.ReadStep found) {
        return !found.entries().isEmpty() || tenure() == tenure
                ? CompletableFuture.completedFuture(found)
                : CompletableFuture.failedFuture(new NotOwnerException(topic, ""));
    }

    /** Reads without a cursor: any node may be asked, and asks the one that holds the entries. */
    CompletionStage<CursorDesk.ReadStep> readAt(
            CursorPosition place, int entriesMax, int bytesMax) {
        CursorPosition from = skipSealedEnds(place);
        return reader.read(
                        new SegmentId(topic, from.segment()), from.offset(), entriesMax, bytesMax)
                .thenApply(entries -> new CursorDesk.ReadStep(from, entries));
    }

    private static boolean hasUnknownCount(TopicMetadata known) {
        return known.segments().stream()
                .anyMatch(segment -> segment.state() == SegmentState.SEALING);
    }

    /** The end of a sealed segment is the start of the next one. */
    private CursorPosition skipSealedEnds(CursorPosition place) {
        CursorPosition at = place;
        Optional<TopicMetadata> known = view.get();
        while (known.isPresent() && isSealedEnd(known.get(), at)) {
            at = new CursorPosition(at.segment() + 1, 0);
        }
        return at;
    }

    private static boolean isSealedEnd(TopicMetadata known, CursorPosition at) {
        Optional<SegmentMetadata> segment = known.segment(at.segment());
        return segment.isPresent()
                && segment.get().count().isPresent()
                && at.offset() >= segment.get().count().getAsLong()
                && known.segment(at.segment() + 1).isPresent();
    }

    /** This node does not own the cursor at this moment; ask again, there or here. */
    static final class NotOwnerException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotOwnerException(String topic, String why) {
            super(
                    "no node may move the shared cursor of %s at the moment%s; try again"
                            .formatted(topic, why));
        }
    }
}
