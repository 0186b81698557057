package io.walrus.node.routing;

import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.CursorPosition;
import io.walrus.metadata.LeaderRotation;
import io.walrus.metadata.MetadataCommand;
import io.walrus.metadata.MetadataCommand.Placement;
import io.walrus.metadata.MetadataService;
import io.walrus.metadata.NodeMetadata;
import io.walrus.metadata.Outcome;
import io.walrus.metadata.SegmentId;
import io.walrus.metadata.SegmentMetadata;
import io.walrus.metadata.SegmentState;
import io.walrus.metadata.TopicMetadata;
import io.walrus.metadata.lease.LeaseHolder;
import io.walrus.node.peer.PeerLinks;
import io.walrus.node.storage.AppendRequest;
import io.walrus.node.storage.SegmentStore;
import io.walrus.node.storage.WriteGate;
import io.walrus.protocol.Command;
import io.walrus.protocol.ErrorCode;
import io.walrus.protocol.Reply;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Door of the routing room: takes requests from connections and brings them to where they belong.
 *
 * <p>Any thread may call; nothing blocks. Answers come on any thread, exactly once for each
 * request. Appends of one caller to one topic keep their order, also across a rollover. A request
 * is sent to another node at most once at a time, and what another node sent here is never sent on.
 * A request waits for a leader up to the RPC time-out and is then refused with nothing stored.
 */
public final class Router {

    private static final int READ_ENTRIES_MAX = 2_000;

    private final LeaseHolder self;
    private final MetadataService metadata;
    private final SegmentStore store;
    private final PeerLinks peers;
    private final WriteGate gate;
    private final RoutingOptions options;
    private final Supplier<Set<Integer>> liveNodes;
    private final LongSupplier clockNanos;
    private final Rollover rollover;
    private final TopicLookup lookup;
    private final HandOver handOver;
    private final SegmentReads reads;
    private final Map<String, TopicLane> lanes = new ConcurrentHashMap<>();
    private final Map<String, CursorDesk> desks = new ConcurrentHashMap<>();
    private final Queue<Errand> waitingErrands = new ConcurrentLinkedQueue<>();
    private volatile SegmentKeeper keeper;

    /**
     * @param self this node's identity towards leases and seals
     * @param gate says whether this node holds the lease of a segment
     * @param liveNodes the nodes that may be given a segment
     * @param clockNanos a monotonic clock
     */
    public Router(
            LeaseHolder self,
            MetadataService metadata,
            SegmentStore store,
            PeerLinks peers,
            WriteGate gate,
            RoutingOptions options,
            Supplier<Set<Integer>> liveNodes,
            LongSupplier clockNanos) {
        this.self = self;
        this.metadata = metadata;
        this.store = store;
        this.peers = peers;
        this.gate = gate;
        this.options = options;
        this.liveNodes = liveNodes;
        this.clockNanos = clockNanos;
        this.rollover = new Rollover(self, metadata, store, new DeskCursors(), liveNodes);
        this.lookup = new TopicLookup(metadata);
        this.reads = new SegmentReads(self, metadata, store, peers);
        this.handOver = new HandOver(self, metadata, rollover, store::isWritable, liveNodes);
    }

    /** Appends entries to a topic, in order; the listener hears of every one of them. */
    public void append(
            String topic, List<ByteBuffer> payloads, boolean isRouted, AppendListener listener) {
        submit(topic, PendingAppend.of(payloads, false, isRouted, deadlineNanos(), listener));
    }

    /**
     * Appends entries that another node sent for exactly this segment; refused if another one is
     * open.
     */
    public void appendTo(SegmentId segment, List<ByteBuffer> payloads, AppendListener listener) {
        Optional<TopicMetadata> topic = metadata.view().topic(segment.topic());
        if (topic.isPresent() && topic.get().lastSegment().number() != segment.number()) {
            listener.settled(
                    payloads.size(),
                    new Settlement.Failed(
                            ErrorCode.NO_LEADER,
                            segment + " is not the open one; nothing was stored"));
            return;
        }
        append(segment.topic(), payloads, true, listener);
    }

    /**
     * Appends entries of which all are stored, in one segment and next to each other, or none; one
     * outcome.
     */
    public void appendAtomically(
            String topic, List<ByteBuffer> payloads, boolean isRouted, AppendListener listener) {
        submit(topic, PendingAppend.of(payloads, true, isRouted, deadlineNanos(), listener));
    }

    private void submit(String topic, PendingAppend append) {
        lookup.ask(
                topic,
                answer -> {
                    if (answer == TopicLookup.Answer.EXISTS) {
                        lane(topic).submit(append);
                    } else {
                        Reply.Err refusal = Refusals.of(answer, topic);
                        append.fail(new Settlement.Failed(refusal.code(), refusal.message()));
                    }
                });
    }

    private long deadlineNanos() {
        return clockNanos.getAsLong() + options.rpcTimeoutMillis() * 1_000_000;
    }

    /** Answers GET, GETB, PEEK, FETCH or READ, here or by the node that can. */
    public void ask(Command.OnTopic command, boolean isRouted, Consumer<Reply> answer) {
        var errand = new Errand(command, isRouted, deadlineNanos(), answer);
        whenKnown(command.topic(), answer, () -> run(errand));
    }

    /** Goes on if the topic exists, as this node knows or has found out; refuses otherwise. */
    public void whenKnown(String topic, Consumer<Reply> refused, Runnable goOn) {
        lookup.ask(
                topic,
                answer -> {
                    if (answer == TopicLookup.Answer.EXISTS) {
                        goOn.run();
                    } else {
                        refused.accept(Refusals.of(answer, topic));
                    }
                });
    }

    private void run(Errand errand) {
        Optional<TopicMetadata> topic = metadata.view().topic(errand.command().topic());
        if (topic.isEmpty()) {
            errand.answer().accept(Reply.Err.unknownTopic(errand.command().topic()));
            return;
        }
        Command.OnTopic command = errand.command();
        if (command instanceof Command.Fetch fetch) {
            atHolder(errand, topic.get(), fetch.segment(), () -> fetch(fetch, errand));
        } else if (command instanceof Command.Read read && errand.isRouted()) {
            atHolder(errand, topic.get(), read.segment(), () -> readHere(read, errand));
        } else if (command instanceof Command.Read read) {
            shelf(read.topic())
                    .readAt(
                            new CursorPosition(read.segment(), read.offset()),
                            READ_ENTRIES_MAX,
                            read.maxBytes())
                    .whenComplete(
                            (step, failure) ->
                                    answer(
                                            errand,
                                            failure,
                                            () ->
                                                    new Reply.Batch(
                                                            step.next().segment(),
                                                            step.next().offset(),
                                                            step.entries())));
        } else if (command instanceof Command.Roll) {
            atLeader(errand, topic.get(), () -> roll(topic.get(), errand));
        } else {
            atLeader(errand, topic.get(), () -> desk(command.topic()).ask(askOf(errand)));
        }
    }

    /** The next segment is open at its leader when the answer goes out; an empty one stays. */
    private void roll(TopicMetadata topic, Errand errand) {
        var segment = new SegmentId(topic.name(), topic.lastSegment().number());
        if (store.readableCount(segment) == 0) {
            errand.answer().accept(Reply.ok());
            return;
        }
        rollover.start(segment).whenComplete((done, failure) -> answer(errand, failure, Reply::ok));
    }

    private void atHolder(Errand errand, TopicMetadata topic, int number, Runnable here) {
        Optional<SegmentMetadata> segment = topic.segment(number);
        if (segment.isEmpty()) {
            errand.answer()
                    .accept(
                            new Reply.Err(
                                    ErrorCode.NO_SEGMENT,
                                    "topic %s has segments 1 to %d, asked for %d"
                                            .formatted(
                                                    topic.name(),
                                                    topic.lastSegment().number(),
                                                    number)));
        } else if (segment.get().isLost(metadata.view())) {
            errand.answer()
                    .accept(SegmentReads.lost(new SegmentId(topic.name(), number), segment.get()));
        } else if (segment.get().leaderNode() == self.nodeId()) {
            here.run();
        } else {
            sendOn(errand, segment.get().leaderNode());
        }
    }

    private void fetch(Command.Fetch fetch, Errand errand) {
        store.read(new SegmentId(fetch.topic(), fetch.segment()), fetch.offset(), 1, 1)
                .whenComplete(
                        (entries, failure) ->
                                answer(
                                        errand,
                                        failure,
                                        () ->
                                                entries.isEmpty()
                                                        ? Reply.empty()
                                                        : new Reply.Fetched(
                                                                entries.get(0).offset() + 1,
                                                                Payloads.of(entries.get(0)))));
    }

    private void readHere(Command.Read read, Errand errand) {
        store.read(
                        new SegmentId(read.topic(), read.segment()),
                        read.offset(),
                        READ_ENTRIES_MAX,
                        read.maxBytes())
                .whenComplete(
                        (entries, failure) ->
                                answer(
                                        errand,
                                        failure,
                                        () ->
                                                new Reply.Batch(
                                                        read.segment(),
                                                        read.offset() + entries.size(),
                                                        Payloads.of(entries))));
    }

    /** The leader of the open segment owns the shared cursor too. */
    private void atLeader(Errand errand, TopicMetadata topic, Runnable here) {
        SegmentMetadata last = topic.lastSegment();
        if (last.leaderNode() == self.nodeId()) {
            here.run();
        } else {
            sendOn(errand, last.leaderNode());
        }
    }

    private CursorDesk.Ask askOf(Errand errand) {
        Command.OnTopic command = errand.command();
        if (command instanceof Command.GetBatch batch) {
            return CursorDesk.Ask.many(
                    batch.maxEntries(),
                    batch.maxBytes(),
                    (entries, failure) ->
                            answer(
                                    errand,
                                    failure,
                                    () ->
                                            entries.isEmpty()
                                                    ? Reply.empty()
                                                    : new Reply.Entries(entries)));
        }
        CursorDesk.Reader one =
                (entries, failure) ->
                        answer(
                                errand,
                                failure,
                                () ->
                                        entries.isEmpty()
                                                ? Reply.empty()
                                                : new Reply.OkPayload(entries.get(0)));
        return command instanceof Command.Peek ? CursorDesk.Ask.peek(one) : CursorDesk.Ask.one(one);
    }

    private void answer(Errand errand, Throwable failure, Supplier<Reply> reply) {
        if (failure == null) {
            errand.answer().accept(reply.get());
        } else {
            refuseOrWait(errand, Refusals.of(failure));
        }
    }

    private void sendOn(Errand errand, int nodeId) {
        Optional<NodeMetadata> node = metadata.view().node(nodeId);
        if (errand.isRouted() || node.isEmpty()) {
            refuseOrWait(
                    errand,
                    new Reply.Err(ErrorCode.NO_LEADER, "node " + nodeId + " can answer it"));
            return;
        }
        peers.ask(node.get(), errand.command())
                .onSuccess(
                        reply -> {
                            if (reply instanceof Reply.Err err) {
                                refuseOrWait(errand, err);
                            } else {
                                errand.answer().accept(reply);
                            }
                        });
    }

    /** What nobody can answer at the moment waits for the next view, up to its deadline. */
    private void refuseOrWait(Errand errand, Reply.Err err) {
        boolean mayWait =
                err.code() == ErrorCode.NO_LEADER
                        && !errand.isRouted()
                        && errand.deadlineNanos() - clockNanos.getAsLong() > 0;
        if (mayWait) {
            waitingErrands.add(errand);
        } else {
            errand.answer().accept(err);
        }
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

    /**
     * Gives all that this node leads to others, and whatever it is given meanwhile; completes when
     * it leads nothing, or when there is nobody to take it. Writers see a pause, as at any
     * rollover.
     */
    public CompletionStage<Void> handOver() {
        return handOver.begin();
    }

    /** Ends {@link #handOver}: this node keeps what it is given. */
    public void keepWhatComes() {
        handOver.end();
    }

    /** Whether this node leads an open segment, as its view shows it. */
    public boolean leadsNothing() {
        return handOver.ledHere(metadata.view()).isEmpty();
    }

    /** Whether a segment that this node holds has no entries, as far as they may be read. */
    public boolean isEmpty(TopicMetadata topic, SegmentMetadata segment) {
        return store.readableCount(new SegmentId(topic.name(), segment.number())) == 0;
    }

    /** Begins to keep the store in step with the view; call it when store and metadata are open. */
    void start() {
        keeper = new SegmentKeeper(self, store, rollover, topic -> lane(topic).flush());
        onView(metadata.view());
    }

    void onView(ClusterMetadata view) {
        SegmentKeeper started = keeper;
        if (started != null) {
            started.onView(view);
            handOver.proceed();
            flush();
        }
    }

    private void flush() {
        lanes.values().forEach(TopicLane::flush);
        List<Errand> again = new ArrayList<>();
        Errand next;
        while ((next = waitingErrands.poll()) != null) {
            again.add(next);
        }
        again.forEach(this::run);
    }

    /** Each lease sync: tries what waits or failed again, refuses what waited too long. */
    void tick() {
        rollover.retry();
        handOver.proceed();
        flush();
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
                    .filter(store::isStopped)
                    .ifPresent(rollover::start);
        }
    }

    private TopicLane lane(String topic) {
        return lanes.computeIfAbsent(topic, name -> new TopicLane(new LaneWays(name), clockNanos));
    }

    private CursorDesk desk(String topic) {
        return desks.computeIfAbsent(topic, name -> new CursorDesk(shelf(name)));
    }

    private TopicShelf shelf(String topic) {
        return new TopicShelf(
                topic,
                () -> metadata.view().topic(topic),
                () -> ownsCursor(topic),
                reads,
                new TopicCursor(topic));
    }

    private boolean ownsCursor(String topic) {
        return metadata.view()
                .topic(topic)
                .map(TopicMetadata::lastSegment)
                .filter(last -> last.state() == SegmentState.OPEN)
                .map(last -> gate.mayWrite(new SegmentId(topic, last.number()), last.epoch()))
                .orElse(false);
    }

    /** Decides where a topic's appends go, and takes them there. */
    private final class LaneWays implements TopicLane.Ways {
        private final String topic;

        LaneWays(String topic) {
            this.topic = topic;
        }

        @Override
        public Route route() {
            Optional<TopicMetadata> known = metadata.view().topic(topic);
            if (known.isEmpty()) {
                return new Route.NoTopic();
            }
            SegmentMetadata last = known.get().lastSegment();
            var segment = new SegmentId(topic, last.number());
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

        @Override
        public void appendHere(SegmentId segment, AppendRequest request) {
            store.append(segment, request);
        }

        @Override
        public void appendThere(
                Route.There there, PendingAppend append, TopicLane.Forwarded whenDone) {
            Optional<NodeMetadata> node = metadata.view().node(there.node());
            if (node.isEmpty()) {
                whenDone.done(TopicLane.nothingDone(append, "the leader is not a member"));
                return;
            }
            peers.append(node.get(), there.segment(), append.payloads(), append.isAtomic())
                    .onSuccess(whenDone::done);
        }
    }

    /** The shared cursor of a topic as this node's store keeps it. */
    private final class TopicCursor implements TopicShelf.CursorStore {
        private final String topic;

        TopicCursor(String topic) {
            this.topic = topic;
        }

        @Override
        public CompletionStage<CursorPosition> place() {
            return store.cursor(topic);
        }

        @Override
        public CompletionStage<Void> move(CursorPosition place) {
            return store.moveCursor(topic, place);
        }
    }

    /** Lets a rollover hold a topic's cursor still. */
    private final class DeskCursors implements Rollover.Cursors {
        @Override
        public CompletionStage<Void> freeze(String topic) {
            return desk(topic).freeze();
        }

        @Override
        public void thaw(String topic) {
            desk(topic).thaw();
        }
    }
}
