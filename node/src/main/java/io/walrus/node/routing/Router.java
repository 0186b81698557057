package io.walrus.node.routing;

import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.CursorPosition;
import io.walrus.metadata.LeaderRotation;
import io.walrus.metadata.MetadataCommand;
import io.walrus.metadata.MetadataCommand.Placement;
import io.walrus.metadata.MetadataService;
import io.walrus.metadata.Outcome;
import io.walrus.metadata.SegmentId;
import io.walrus.metadata.SegmentMetadata;
import io.walrus.metadata.SegmentState;
import io.walrus.metadata.TopicMetadata;
import io.walrus.metadata.lease.LeaseHolder;
import io.walrus.node.storage.SegmentStore;
import io.walrus.protocol.ErrorCode;
import io.walrus.protocol.Reply;
import io.walrus.wal.Entry;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Door of the routing room: takes requests from connections and brings them to where they belong.
 *
 * <p>Any thread may call; nothing blocks. Answers come on any thread, exactly once for each
 * request. Appends of one caller to one topic keep their order, also across a rollover. A request
 * waits for a leader up to the RPC time-out and is then refused with nothing stored.
 */
public final class Router {

    private static final int READ_ENTRIES_MAX = 2_000;

    private final LeaseHolder self;
    private final MetadataService metadata;
    private final SegmentStore store;
    private final RoutingOptions options;
    private final Supplier<Set<Integer>> liveNodes;
    private final LongSupplier clockNanos;
    private final Rollover rollover;
    private final Map<String, TopicLane> lanes = new ConcurrentHashMap<>();
    private final Map<String, CursorDesk> desks = new ConcurrentHashMap<>();
    private volatile SegmentKeeper keeper;

    /**
     * @param self this node's identity towards leases and seals
     * @param liveNodes the nodes that may be given a segment
     * @param clockNanos a monotonic clock
     */
    public Router(
            LeaseHolder self,
            MetadataService metadata,
            SegmentStore store,
            RoutingOptions options,
            Supplier<Set<Integer>> liveNodes,
            LongSupplier clockNanos) {
        this.self = self;
        this.metadata = metadata;
        this.store = store;
        this.options = options;
        this.liveNodes = liveNodes;
        this.clockNanos = clockNanos;
        this.rollover = new Rollover(self, metadata, store, liveNodes);
    }

    /** Appends entries to a topic, in order; the listener hears of every one of them. */
    public void append(String topic, List<ByteBuffer> payloads, AppendListener listener) {
        submit(topic, payloads, false, listener);
    }

    /**
     * Appends entries of which all are stored, in one segment and next to each other, or none; one
     * outcome.
     */
    public void appendAtomically(String topic, List<ByteBuffer> payloads, AppendListener listener) {
        submit(topic, payloads, true, listener);
    }

    private void submit(
            String topic, List<ByteBuffer> payloads, boolean isAtomic, AppendListener listener) {
        if (metadata.view().topic(topic).isEmpty()) {
            listener.settled(payloads.size(), unknownTopic(topic));
            return;
        }
        long deadline = clockNanos.getAsLong() + options.rpcTimeoutMillis() * 1_000_000;
        lane(topic).submit(new PendingAppend(payloads, isAtomic, deadline, listener));
    }

    /** Hands out the entry at the topic's shared cursor, which was stored behind it before. */
    public void get(String topic, Consumer<Reply> answer) {
        ifKnown(topic, answer, () -> desk(topic).ask(CursorDesk.Ask.one(oneEntry(answer))));
    }

    /** Shows the entry at the topic's shared cursor, which stays. */
    public void peek(String topic, Consumer<Reply> answer) {
        ifKnown(topic, answer, () -> desk(topic).ask(CursorDesk.Ask.peek(oneEntry(answer))));
    }

    /**
     * Hands out entries at the topic's shared cursor, up to either limit, at least one if there is
     * one.
     */
    public void getBatch(String topic, int entriesMax, int bytesMax, Consumer<Reply> answer) {
        ifKnown(
                topic,
                answer,
                () ->
                        desk(topic)
                                .ask(
                                        CursorDesk.Ask.many(
                                                entriesMax,
                                                bytesMax,
                                                (entries, failure) ->
                                                        answer.accept(
                                                                failure != null
                                                                        ? Refusals.of(failure)
                                                                        : new Reply.Entries(
                                                                                Payloads.of(
                                                                                        entries))))));
    }

    private static CursorDesk.Reader oneEntry(Consumer<Reply> answer) {
        return (entries, failure) ->
                answer.accept(
                        failure != null
                                ? Refusals.of(failure)
                                : entries.isEmpty()
                                        ? Reply.empty()
                                        : new Reply.OkPayload(Payloads.of(entries.get(0))));
    }

    private void ifKnown(String topic, Consumer<Reply> answer, Runnable then) {
        if (metadata.view().topic(topic).isEmpty()) {
            answer.accept(Reply.Err.unknownTopic(topic));
        } else {
            then.run();
        }
    }

    /** Reads acked entries from a place on; no cursor moves. The answer tells where to read on. */
    public void read(String topic, CursorPosition place, int bytesMax, Consumer<Reply> answer) {
        ifKnown(
                topic,
                answer,
                () ->
                        new TopicShelf(topic)
                                .read(place, READ_ENTRIES_MAX, bytesMax)
                                .whenComplete(
                                        (step, failure) ->
                                                answer.accept(
                                                        failure != null
                                                                ? Refusals.of(failure)
                                                                : batchOf(step))));
    }

    private static Reply batchOf(CursorDesk.ReadStep step) {
        return new Reply.Batch(
                step.next().segment(), step.next().offset(), Payloads.of(step.entries()));
    }

    /** Reads one acked entry by its place; no cursor moves. */
    public void fetch(String topic, int number, long offset, Consumer<Reply> answer) {
        Optional<TopicMetadata> known = metadata.view().topic(topic);
        if (known.isEmpty()) {
            answer.accept(Reply.Err.unknownTopic(topic));
            return;
        }
        if (known.get().segment(number).isEmpty()) {
            answer.accept(
                    new Reply.Err(
                            ErrorCode.NO_SEGMENT,
                            "topic '%s' has segments 1 to %d, asked for %d"
                                    .formatted(topic, known.get().lastSegment().number(), number)));
            return;
        }
        store.read(new SegmentId(topic, number), offset, 1, 1)
                .whenComplete(
                        (entries, failure) ->
                                answer.accept(
                                        failure != null ? Refusals.of(failure) : fetched(entries)));
    }

    private static Reply fetched(List<Entry> entries) {
        if (entries.isEmpty()) {
            return Reply.empty();
        }
        Entry entry = entries.get(0);
        return new Reply.Fetched(entry.offset() + 1, Payloads.of(entry));
    }

    /** Creates a topic; also fine if it exists. */
    public void register(String topic, Consumer<Reply> answer) {
        if (metadata.view().topic(topic).isPresent()) {
            answer.accept(Reply.ok());
            return;
        }
        OptionalInt leader = LeaderRotation.initial(metadata.view(), liveNodes.get());
        if (leader.isEmpty()) {
            answer.accept(new Reply.Err(ErrorCode.NO_LEADER, "no node is live yet; try again"));
            return;
        }
        metadata.propose(
                        new MetadataCommand.CreateTopic(topic, Placement.single(leader.getAsInt())))
                .thenAccept(outcome -> answer.accept(registered(topic, outcome)));
    }

    private Reply registered(String topic, Outcome outcome) {
        if (outcome.isApplied() || metadata.view().topic(topic).isPresent()) {
            return Reply.ok();
        }
        if (outcome instanceof Outcome.Refused refused) {
            ErrorCode code =
                    refused.code().retryable() ? ErrorCode.NO_LEADER : ErrorCode.BAD_REQUEST;
            return new Reply.Err(code, refused.message());
        }
        return new Reply.Err(
                ErrorCode.UNKNOWN,
                "the cluster did not answer in time; the topic may exist, REGISTER again is safe");
    }

    /** Seals a segment that this node leads and gives its topic the next one. */
    public CompletionStage<Void> rollOver(SegmentId segment) {
        return rollover.start(segment);
    }

    /** Begins to keep the store in step with the view; call it when store and metadata are open. */
    void start() {
        keeper = new SegmentKeeper(self, store, rollover, this::flush);
        onView(metadata.view());
    }

    void onView(ClusterMetadata view) {
        SegmentKeeper started = keeper;
        if (started != null) {
            started.onView(view);
            lanes.values().forEach(TopicLane::flush);
        }
    }

    /**
     * Each lease sync: tries waiting appends again, refuses the ones that waited too long, resumes
     * stuck rollovers.
     */
    void tick() {
        lanes.values().forEach(TopicLane::flush);
        lanes.values().forEach(TopicLane::expire);
    }

    /** The monitor: whatever is full or stopped and still open in the view is rolled over. */
    void monitor() {
        ClusterMetadata view = metadata.view();
        onView(view);
        for (TopicMetadata topic : view.topics().values()) {
            topic.openSegment()
                    .filter(open -> open.leaderNode() == self.nodeId())
                    .map(open -> new SegmentId(topic.name(), open.number()))
                    .filter(store::isFull)
                    .ifPresent(rollover::start);
        }
    }

    private void flush(String topic) {
        lane(topic).flush();
    }

    private TopicLane lane(String topic) {
        return lanes.computeIfAbsent(
                topic, name -> new TopicLane(() -> route(name), store, clockNanos));
    }

    private Route route(String name) {
        Optional<TopicMetadata> topic = metadata.view().topic(name);
        if (topic.isEmpty()) {
            return new Route.NoTopic();
        }
        SegmentMetadata last = topic.get().lastSegment();
        var segment = new SegmentId(name, last.number());
        if (last.state() != SegmentState.OPEN) {
            return new Route.NotYet(segment + " is being sealed");
        }
        if (last.leaderNode() != self.nodeId()) {
            return new Route.There(segment, last.leaderNode());
        }
        return store.isWritable(segment)
                ? new Route.Here(segment, last.epoch())
                : new Route.NotYet(segment + " is being opened");
    }

    private CursorDesk desk(String topic) {
        return desks.computeIfAbsent(topic, name -> new CursorDesk(new TopicShelf(name)));
    }

    private static Settlement.Failed unknownTopic(String topic) {
        Reply.Err refusal = Reply.Err.unknownTopic(topic);
        return new Settlement.Failed(refusal.code(), refusal.message());
    }

    /** One topic's entries and cursor, read from this node's store. */
    private final class TopicShelf implements CursorDesk.Shelf {
        private final String topic;

        TopicShelf(String topic) {
            this.topic = topic;
        }

        @Override
        public CompletionStage<CursorPosition> cursor() {
            CursorPosition checkpoint =
                    metadata.view()
                            .topic(topic)
                            .map(TopicMetadata::cursor)
                            .orElse(CursorPosition.START);
            return store.cursor(topic)
                    .thenApply(stored -> stored.compareTo(checkpoint) >= 0 ? stored : checkpoint);
        }

        @Override
        public CompletionStage<Void> moveCursor(CursorPosition place) {
            return store.moveCursor(topic, place);
        }

        @Override
        public CompletionStage<CursorDesk.ReadStep> read(
                CursorPosition place, int entriesMax, int bytesMax) {
            CursorPosition from = skipSealedEnds(place);
            return store.read(
                            new SegmentId(topic, from.segment()),
                            from.offset(),
                            entriesMax,
                            bytesMax)
                    .thenApply(entries -> new CursorDesk.ReadStep(from, entries));
        }

        /** The end of a sealed segment is the start of the next one. */
        private CursorPosition skipSealedEnds(CursorPosition place) {
            CursorPosition at = place;
            Optional<TopicMetadata> known = metadata.view().topic(topic);
            while (known.isPresent() && isSealedEnd(known.get(), at)) {
                at = new CursorPosition(at.segment() + 1, 0);
            }
            return at;
        }

        private boolean isSealedEnd(TopicMetadata known, CursorPosition at) {
            Optional<SegmentMetadata> segment = known.segment(at.segment());
            return segment.isPresent()
                    && segment.get().count().isPresent()
                    && at.offset() >= segment.get().count().getAsLong()
                    && known.segment(at.segment() + 1).isPresent();
        }
    }
}
