package io.walrus.node.routing;

import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.MetadataService;
import io.walrus.metadata.NodeMetadata;
import io.walrus.metadata.SegmentId;
import io.walrus.metadata.SegmentMetadata;
import io.walrus.metadata.SegmentState;
import io.walrus.metadata.TopicMetadata;
import io.walrus.metadata.ViewChange;
import io.walrus.metadata.lease.LeaseHolder;
import io.walrus.node.peer.PeerLinks;
import io.walrus.node.storage.AppendRequest;
import io.walrus.node.storage.ProducerMark;
import io.walrus.node.storage.SegmentStore;
import io.walrus.node.storage.StoredSegment;
import io.walrus.node.storage.WriteGate;
import io.walrus.protocol.Command;
import io.walrus.protocol.Reply;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * is sent to another node at most once at a time, and what another node sent here is never sent on.
 * A request waits for a leader up to the RPC time-out and is then refused with nothing stored.
 */
public final class Router {

    /** The sender must hear of a refusal long before it gives the request up as unknown. */
    private static final int ARRIVAL_WAITS_PER_RPC = 4;

    private final LeaseHolder self;
    private final MetadataService metadata;
    private final SegmentStore store;
    private final PeerLinks peers;
    private final RoutingOptions options;
    private final LongSupplier clockNanos;
    private final Rollover rollover;
    private final TopicLookup lookup;
    private final HandOver handOver;
    private final Lanes lanes = new Lanes();
    private final Lanes arrivals = new Lanes();
    private final Lanes numbered = new Lanes();
    private final List<Lanes> allLanes = List.of(arrivals, lanes, numbered);
    private final CursorDesks desks;
    private final Waits waits;
    private final Errands errands;
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
        this.options = options;
        this.clockNanos = clockNanos;
        var reads = new SegmentReads(self, metadata, store, peers);
        this.desks = new CursorDesks(metadata, store, gate, reads, options.reads());
        this.rollover = new Rollover(self, metadata, store, desks, liveNodes);
        this.lookup = new TopicLookup(metadata);
        var changes = new TopicChanges(metadata, liveNodes, options.topicsMax());
        this.waits = new Waits(self, metadata, store, peers, desks, clockNanos);
        store.whenAcked(waits::onAcked);
        this.errands =
                new Errands(
                        self,
                        metadata,
                        store,
                        peers,
                        reads,
                        desks,
                        rollover,
                        changes,
                        waits,
                        clockNanos);
        this.handOver = new HandOver(self, metadata, rollover, this::isWritable, liveNodes);
    }

    /** Appends entries to a topic, in order; the listener hears of every one of them. */
    public void append(String topic, List<ByteBuffer> payloads, AppendListener listener) {
        submit(topic, PendingAppend.own(payloads, false, deadlineNanos(false), listener));
    }

    /**
     * Appends entries that another node sent, in order and never sent on. They wait while this node
     * has yet to see or to open the segment, for a quarter of the RPC time-out.
     *
     * @param onlySegment the segment that the other node means, any other is refused; 0: whichever
     *     is open here
     * @param isAtomic all of them next to each other in one segment, or none; one outcome
     */
    public void appendArrived(
            String topic,
            int onlySegment,
            List<ByteBuffer> payloads,
            boolean isAtomic,
            AppendListener listener) {
        submit(
                topic,
                PendingAppend.arrived(
                        payloads, isAtomic, onlySegment, deadlineNanos(true), listener));
    }

    /**
     * Appends entries of which all are stored, in one segment and next to each other, or none; one
     * outcome.
     */
    public void appendAtomically(String topic, List<ByteBuffer> payloads, AppendListener listener) {
        submit(topic, PendingAppend.own(payloads, true, deadlineNanos(false), listener));
    }

    /**
     * Appends entries that their producer has numbered to exactly that segment, in order; what it
     * has already under those numbers is not written again. Any other segment is refused, with
     * nothing stored.
     *
     * @param producer who numbers them
     * @param sequence the first one's number
     * @param isAtomic all of them next to each other, or none; one outcome
     * @param isRouted another node sent them
     */
    public void appendNumbered(
            SegmentId segment,
            long producer,
            long sequence,
            List<ByteBuffer> payloads,
            boolean isAtomic,
            boolean isRouted,
            AppendListener listener) {
        submit(
                segment.topic(),
                PendingAppend.numbered(
                        payloads,
                        isAtomic,
                        isRouted,
                        segment.number(),
                        new ProducerMark(producer, sequence),
                        deadlineNanos(isRouted),
                        listener));
    }

    private Lanes lanesOf(PendingAppend append) {
        if (append.isRouted()) {
            return arrivals;
        }
        return append.goesBack() ? numbered : lanes;
    }

    private void submit(String topic, PendingAppend append) {
        whenKnown(
                topic,
                refusal -> append.fail(new Settlement.Failed(refusal.code(), refusal.message())),
                () -> lanesOf(append).of(topic).submit(append));
    }

    private long deadlineNanos(boolean isRoutedAppend) {
        long rpcNanos = options.rpcTimeoutMillis() * 1_000_000;
        return clockNanos.getAsLong()
                + (isRoutedAppend ? rpcNanos / ARRIVAL_WAITS_PER_RPC : rpcNanos);
    }

    /** Answers GET, FETCH, READ, WAIT, COMMIT and the like, here or by the node that can. */
    public void ask(Command.OnTopic command, boolean isRouted, Consumer<Reply> answer) {
        var errand = new Errand(command, isRouted, deadlineNanos(false), answer);
        whenKnown(command.topic(), answer, () -> errands.run(errand));
    }

    /** Goes on if the topic exists, as this node knows or has found out; refuses otherwise. */
    public void whenKnown(String topic, Consumer<? super Reply.Err> refused, Runnable goOn) {
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

    /** Creates a topic; also fine if it exists. */
    public void register(String topic, Consumer<Reply> answer) {
        errands.run(new Errand(new Command.Register(topic), false, deadlineNanos(false), answer));
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
        return store.readableCount(Stored.segment(topic, segment.number())) == 0;
    }

    /** Begins to keep the store in step with the view; call it when store and metadata are open. */
    void start() {
        keeper = new SegmentKeeper(self, store, rollover, this::flush);
        onChange(ViewChange.whole(metadata.view()));
    }

    /** Answers those who wait for entries, now and from now on, so that no stop waits for them. */
    public void stopWaiting() {
        waits.close();
    }

    /** Looks at what may have changed, and at nothing else: there may be many topics. */
    void onChange(ViewChange change) {
        SegmentKeeper started = keeper;
        if (started == null) {
            return;
        }
        boolean hasLostTopics = started.onChange(change);
        if (hasLostTopics) {
            desks.forgetDeleted(change.view());
        }
        handOver.onChange(change);
        change.topics()
                .ifPresentOrElse(
                        some -> {
                            some.forEach(waits::lookAgain);
                            some.forEach(this::flush);
                        },
                        () -> {
                            waits.lookAgain();
                            allLanes.forEach(Lanes::flush);
                        });
        errands.retry();
    }

    private void flush() {
        allLanes.forEach(Lanes::flush);
        errands.retry();
    }

    private void flush(String topic) {
        allLanes.forEach(some -> some.flush(topic));
    }

    /** Each lease sync: tries what waits or failed again, refuses what waited too long. */
    void tick() {
        waits.lookAgain();
        desks.settle();
        rollover.retry();
        handOver.proceed();
        flush();
        allLanes.forEach(Lanes::expire);
    }

    /** The monitor: whatever is full or stopped and still open in the view is rolled over. */
    void monitor() {
        ClusterMetadata view = metadata.view();
        onChange(ViewChange.whole(view));
        SegmentKeeper started = keeper;
        if (started != null) {
            started.dropDeletedNow(view);
            desks.forgetDeleted(view);
        }
        for (TopicMetadata topic : view.topics().values()) {
            topic.openSegment()
                    .filter(open -> open.leaderNode() == self.nodeId())
                    .map(open -> new SegmentId(topic.name(), open.number()))
                    .filter(segment -> store.isStopped(Stored.segment(topic, segment.number())))
                    .ifPresent(rollover::start);
        }
    }

    private boolean isWritable(SegmentId segment) {
        return Stored.segment(metadata.view(), segment).filter(store::isWritable).isPresent();
    }

    /** A lane for each topic that was ever written through this node. */
    private final class Lanes {
        private final Map<String, TopicLane> byTopic = new ConcurrentHashMap<>();

        /** Those in which something waits; there may be many in which nothing does. */
        private final Set<String> waiting = ConcurrentHashMap.newKeySet();

        TopicLane of(String topic) {
            return byTopic.computeIfAbsent(
                    topic,
                    name -> new TopicLane(new LaneWays(name), clockNanos, () -> waiting.add(name)));
        }

        void flush(String topic) {
            TopicLane lane = byTopic.get(topic);
            if (lane != null) {
                lane.flush();
            }
        }

        /** What goes on waiting says so again. */
        void flush() {
            for (String topic : List.copyOf(waiting)) {
                waiting.remove(topic);
                byTopic.get(topic).flush();
            }
        }

        void expire() {
            waiting.forEach(topic -> byTopic.get(topic).expire());
        }
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
            StoredSegment segment = Stored.segment(known.get(), last.number());
            if (last.state() != SegmentState.OPEN) {
                return new Route.Sealing(segment);
            }
            if (last.leaderNode() != self.nodeId()) {
                return new Route.There(segment.id(), last.leaderNode());
            }
            return store.isWritable(segment)
                    ? new Route.Here(segment, last.epoch())
                    : new Route.Opening(segment);
        }

        @Override
        public void appendHere(StoredSegment segment, AppendRequest request) {
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
            ProducerMark mark = append.mark();
            (mark.isNone()
                            ? peers.append(
                                    node.get(),
                                    there.segment(),
                                    append.payloads(),
                                    append.isAtomic())
                            : peers.appendNumbered(
                                    node.get(),
                                    there.segment(),
                                    mark.producer(),
                                    mark.sequence(),
                                    append.payloads(),
                                    append.isAtomic()))
                    .onSuccess(whenDone::done);
        }
    }
}
