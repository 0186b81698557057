package io.walrus.node.routing;

import io.vertx.core.json.JsonObject;
import io.walrus.metadata.CursorPosition;
import io.walrus.metadata.MetadataService;
import io.walrus.metadata.NodeMetadata;
import io.walrus.metadata.SegmentId;
import io.walrus.metadata.SegmentMetadata;
import io.walrus.metadata.SegmentState;
import io.walrus.metadata.TopicMetadata;
import io.walrus.metadata.lease.LeaseHolder;
import io.walrus.node.peer.PeerLinks;
import io.walrus.node.storage.ProducerMark;
import io.walrus.node.storage.SegmentStore;
import io.walrus.node.storage.StoredSegment;
import io.walrus.protocol.Command;
import io.walrus.protocol.ErrorCode;
import io.walrus.protocol.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Requests other than appends: answered here, or by the node that can; what nobody can answer at
 * the moment waits for the next view, up to its deadline. Any thread; nothing blocks.
 */
final class Errands {

    private static final int READ_ENTRIES_MAX = 2_000;

    private final LeaseHolder self;
    private final MetadataService metadata;
    private final SegmentStore store;
    private final PeerLinks peers;
    private final SegmentReads reads;
    private final CursorDesks desks;
    private final Rollover rollover;
    private final TopicChanges changes;
    private final Waits waits;
    private final LongSupplier clockNanos;
    private final Queue<Errand> waiting = new ConcurrentLinkedQueue<>();

    Errands(
            LeaseHolder self,
            MetadataService metadata,
            SegmentStore store,
            PeerLinks peers,
            SegmentReads reads,
            CursorDesks desks,
            Rollover rollover,
            TopicChanges changes,
            Waits waits,
            LongSupplier clockNanos) {
        this.self = self;
        this.metadata = metadata;
        this.store = store;
        this.peers = peers;
        this.reads = reads;
        this.desks = desks;
        this.rollover = rollover;
        this.changes = changes;
        this.waits = waits;
        this.clockNanos = clockNanos;
    }

    /** Tries what waits again; called when the view has changed, and now and then. */
    void retry() {
        List<Errand> again = new ArrayList<>();
        Errand next;
        while ((next = waiting.poll()) != null) {
            again.add(next);
        }
        again.forEach(this::run);
    }

    void run(Errand errand) {
        Command.OnTopic command = errand.command();
        if (command instanceof Command.Register) {
            changes.register(command.topic(), reply -> answer(errand, reply));
            return;
        }
        Optional<TopicMetadata> known = metadata.view().topic(command.topic());
        if (known.isEmpty()) {
            errand.answer().accept(Reply.Err.unknownTopic(command.topic()));
            return;
        }
        TopicMetadata topic = known.get();
        if (command instanceof Command.Fetch fetch) {
            atHolder(errand, topic, fetch.segment(), segment -> fetch(segment, fetch, errand));
        } else if (command instanceof Command.Read read && errand.isRouted()) {
            atHolder(errand, topic, read.segment(), segment -> readHere(segment, read, errand));
        } else if (command instanceof Command.Read read) {
            readOn(topic, read, errand);
        } else if (command instanceof Command.PlaceAt place) {
            placeAt(topic, place.epochMillis(), errand);
        } else if (command instanceof Command.PlaceIn place) {
            atHolder(
                    errand,
                    topic,
                    place.segment(),
                    segment -> placeIn(segment, place.epochMillis(), errand));
        } else if (command instanceof Command.Find find && isUnsealed(topic, find.segment())) {
            errand.answer().accept(unsealed(find));
        } else if (command instanceof Command.Find find) {
            atHolder(errand, topic, find.segment(), segment -> find(segment, find, errand));
        } else if (command instanceof Command.Roll) {
            atLeader(errand, topic, () -> roll(topic, errand));
        } else if (command instanceof Command.Delete) {
            atLeader(errand, topic, () -> delete(topic, errand));
        } else if (command instanceof Command.Wait wait) {
            waits.add(wait, errand);
        } else if (command instanceof Command.Commit commit) {
            changes.commit(topic, commit, reply -> answer(errand, reply));
        } else if (command instanceof Command.Seek seek) {
            changes.seek(topic, seek, reply -> answer(errand, reply));
        } else if (command instanceof Command.Reads reads) {
            changes.setReads(topic, reads, reply -> answer(errand, reply));
        } else if (command instanceof Command.Cursor cursor) {
            changes.cursors(
                    topic, reply -> answer(errand, reply), now -> placeOf(now, cursor.name()));
        } else if (command instanceof Command.Cursors) {
            changes.cursors(topic, reply -> answer(errand, reply), Errands::cursorsOf);
        } else {
            atLeader(errand, topic, () -> desks.desk(Stored.topic(topic)).ask(askOf(errand)));
        }
    }

    /** What a node does with a segment that it holds. */
    @FunctionalInterface
    private interface AtHolder {
        void run(StoredSegment segment);
    }

    private void atHolder(Errand errand, TopicMetadata topic, int number, AtHolder here) {
        Optional<SegmentMetadata> segment = topic.segment(number);
        if (segment.isEmpty()) {
            errand.answer().accept(noSegment(topic, number));
        } else if (segment.get().isSealedEmpty()) {
            errand.answer().accept(nothingIn(errand.command()));
        } else if (segment.get().isLost(metadata.view())) {
            errand.answer()
                    .accept(SegmentReads.lost(new SegmentId(topic.name(), number), segment.get()));
        } else if (segment.get().leaderNode() == self.nodeId()) {
            here.run(Stored.segment(topic, number));
        } else {
            sendOn(errand, segment.get().leaderNode());
        }
    }

    /** Who wrote nothing in it may have left since, and need not be asked. */
    private static Reply nothingIn(Command.OnTopic command) {
        if (command instanceof Command.Read read) {
            return new Reply.Batch(read.segment(), read.offset(), List.of());
        }
        return command instanceof Command.PlaceIn place
                ? new Reply.Place(place.segment(), 0)
                : Reply.empty();
    }

    private static Reply noSegment(TopicMetadata topic, int number) {
        return new Reply.Err(
                ErrorCode.NO_SEGMENT,
                "topic %s has segments 1 to %d, asked for %d"
                        .formatted(topic.name(), topic.lastSegment().number(), number));
    }

    /** A reader may have been told of the next segment before this node was. */
    private static boolean isNext(TopicMetadata topic, Command.Read read) {
        return read.segment() == topic.lastSegment().number() + 1 && read.offset() == 0;
    }

    private void fetch(StoredSegment segment, Command.Fetch fetch, Errand errand) {
        store.read(segment, fetch.offset(), 1, 1)
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

    /** What is not sealed may yet get the entry: only its writer can tell then. */
    private static boolean isUnsealed(TopicMetadata topic, int number) {
        return topic.segment(number)
                .filter(segment -> segment.state() != SegmentState.SEALED)
                .isPresent();
    }

    private static Reply unsealed(Command.Find find) {
        return new Reply.Err(
                ErrorCode.NO_LEADER,
                "segment %d is not sealed yet; if it is open, send the append to it again, else ask later"
                        .formatted(find.segment()));
    }

    private void find(StoredSegment segment, Command.Find find, Errand errand) {
        store.find(segment, new ProducerMark(find.producer(), find.sequence()))
                .whenComplete(
                        (offset, failure) ->
                                answer(
                                        errand,
                                        failure,
                                        () ->
                                                offset.isPresent()
                                                        ? new Reply.Place(
                                                                find.segment(), offset.getAsLong())
                                                        : Reply.empty()));
    }

    private void readHere(StoredSegment segment, Command.Read read, Errand errand) {
        store.read(segment, read.offset(), READ_ENTRIES_MAX, read.maxBytes())
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

    private void readOn(TopicMetadata topic, Command.Read read, Errand errand) {
        if (topic.segment(read.segment()).isEmpty() && !isNext(topic, read)) {
            errand.answer().accept(noSegment(topic, read.segment()));
            return;
        }
        desks.shelf(Stored.topic(topic))
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
    }

    private void placeAt(TopicMetadata topic, long epochMillis, Errand errand) {
        TimeSearch.find(metadata.view(), topic, segment -> reads.offsetAt(segment, epochMillis))
                .whenComplete((place, failure) -> answer(errand, failure, () -> place));
    }

    private void placeIn(StoredSegment segment, long epochMillis, Errand errand) {
        store.offsetAtTime(segment, epochMillis)
                .whenComplete(
                        (offset, failure) ->
                                answer(
                                        errand,
                                        failure,
                                        () -> new Reply.Place(segment.number(), offset)));
    }

    /** The next segment is open at its leader when the answer goes out; an empty one stays. */
    private void roll(TopicMetadata topic, Errand errand) {
        int number = topic.lastSegment().number();
        if (store.readableCount(Stored.segment(topic, number)) == 0) {
            errand.answer().accept(Reply.ok());
            return;
        }
        rollover.start(new SegmentId(topic.name(), number))
                .whenComplete((done, failure) -> answer(errand, failure, Reply::ok));
    }

    /**
     * The leader deletes: once its view shows the topic gone, its write gate lets no further append
     * be acknowledged.
     */
    private void delete(TopicMetadata topic, Errand errand) {
        changes.delete(topic, reply -> answer(errand, reply));
    }

    private static Reply placeOf(TopicMetadata topic, String cursor) {
        CursorPosition place = topic.namedCursors().getOrDefault(cursor, CursorPosition.START);
        return new Reply.Place(place.segment(), place.offset());
    }

    private static Reply cursorsOf(TopicMetadata topic) {
        var json = new JsonObject();
        topic.namedCursors()
                .forEach(
                        (name, place) ->
                                json.put(
                                        name,
                                        new JsonObject()
                                                .put("segment", place.segment())
                                                .put("offset", place.offset())));
        return new Reply.Json(json.encode());
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

    private void answer(Errand errand, Reply reply) {
        if (reply instanceof Reply.Err err) {
            refuseOrWait(errand, err);
        } else {
            errand.answer().accept(reply);
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
        peers.ask(node.get(), errand.command()).onSuccess(reply -> answer(errand, reply));
    }

    /**
     * What does the same however often it is done is done again where nobody knows whether it was.
     */
    private static boolean mayRepeat(Errand errand, Reply.Err err) {
        Command.OnTopic command = errand.command();
        return err.code() == ErrorCode.UNKNOWN
                && (command instanceof Command.Register
                        || command instanceof Command.Commit
                        || command instanceof Command.Seek);
    }

    private void refuseOrWait(Errand errand, Reply.Err err) {
        boolean mayWait =
                (err.code() == ErrorCode.NO_LEADER || mayRepeat(errand, err))
                        && !errand.isRouted()
                        && !(errand.command() instanceof Command.Find)
                        && errand.deadlineNanos() - clockNanos.getAsLong() > 0;
        if (mayWait) {
            waiting.add(errand);
        } else {
            errand.answer().accept(err);
        }
    }
}
