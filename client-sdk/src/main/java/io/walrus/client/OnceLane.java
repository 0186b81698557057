package io.walrus.client;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.walrus.client.WalrusClientException.Kind;
import io.walrus.protocol.Command;
import io.walrus.protocol.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The appends of one topic, in order, each stored once.
 *
 * <p>Each append is numbered and sent to the segment that is open. As soon as one comes back
 * without a place, nothing more is sent until all under way are answered. Then the lane asks for
 * the open segment, clears up those whose outcome is open (in the same segment by sending them
 * again, in an older one by {@code FIND}) and goes on in order. One that was not stored while a
 * later one was fails: it is never stored behind its successors.
 *
 * <p>{@link #offer} from any thread, all else on the home context.
 */
final class OnceLane {

    /** Half of what a segment's writer remembers of a producer. */
    private static final int SENT_MAX = 4_096;

    /** A question that was sent with an append says better why it failed. */
    private static final int GRACE_MILLIS = 20;

    /** How long a node may be away between two questions for what it has. */
    private static final int ASK_AGAIN_MILLIS = 500;

    /** Pauses grow no further: the next leader is there within seconds. */
    private static final int LONG_PAUSE_ROUNDS = 4;

    private final String topic;
    private final OnceAppends home;
    private final CommandTransport transport;
    private final LeaderWays leaders;
    private final Queue<OnceAppend> inbox = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean turnIsComing = new AtomicBoolean();

    // From here on: on the home context only.
    private final NavigableMap<Long, OnceAppend> waiting = new TreeMap<>();
    private final NavigableMap<Long, OnceAppend> sent = new TreeMap<>();

    /** Open, and nobody can say yet: the node that has their segment is away. */
    private final NavigableMap<Long, OnceAppend> parked = new TreeMap<>();

    private boolean askTimerIsSet;
    private long nextNumber;
    private long storedNumber = -1;
    private long producer = drawn();
    private long nextSequence;

    /** Where appends go: to the leader, or to any node. */
    private CommandTransport way;

    /** The open segment, as far as this lane knows; 0: it has to ask. */
    private int segment;

    private boolean somethingCameBack;

    /** It asks, or pauses: nothing is sent meanwhile. */
    private boolean isBusy;

    /** What is on the wire has been sent before; new ones wait for it. */
    private boolean isRepeating;

    private boolean serverNumbers = true;
    private int failedRounds;
    private boolean timerIsSet;

    OnceLane(String topic, OnceAppends home, CommandTransport transport, LeaderWays leaders) {
        this.topic = topic;
        this.home = home;
        this.transport = transport;
        this.leaders = leaders;
        this.way = transport;
    }

    private static long drawn() {
        return UUID.randomUUID().getLeastSignificantBits() & Long.MAX_VALUE;
    }

    void offer(OnceAppend append) {
        inbox.add(append);
        if (turnIsComing.compareAndSet(false, true)) {
            home.atHome(this::takeTurn);
        }
    }

    /** What waits, for a pause perhaps whose timer is gone, fails. */
    void abandon() {
        takeInbox();
        waiting.putAll(parked);
        List.copyOf(waiting.values())
                .forEach(
                        append ->
                                giveUp(
                                        append,
                                        WalrusClientException.notSent(
                                                Kind.CLOSED, "the client is closed", null)));
    }

    private void takeTurn() {
        turnIsComing.set(false);
        takeInbox();
        pump();
    }

    private void takeInbox() {
        for (OnceAppend append = inbox.poll(); append != null; append = inbox.poll()) {
            append.number = nextNumber++;
            waiting.put(append.number, append);
        }
    }

    /** Does what can be done now. */
    private void pump() {
        if (!isBusy && !waiting.isEmpty()) {
            if (somethingCameBack) {
                startAgain();
            } else if (segment == 0) {
                look();
            } else {
                proceed();
            }
        }
        watchTheClock();
    }

    /** New numbers begin where no server expects the ones that came back. */
    private void startAgain() {
        if (!sent.isEmpty()) {
            return;
        }
        somethingCameBack = false;
        segment = 0;
        producer = drawn();
        nextSequence = 0;
        failedRounds++;
        if (failedRounds == 1) {
            look();
        } else {
            isBusy = true;
            home.after(home.pauseMillis(Math.min(failedRounds - 1, LONG_PAUSE_ROUNDS)), this::goOn);
        }
    }

    private void goOn() {
        isBusy = false;
        pump();
    }

    private void comeBack() {
        somethingCameBack = true;
        goOn();
    }

    private void look() {
        isBusy = true;
        transport.send(new Command.State(topic)).onComplete(this::onState);
    }

    private void onState(AsyncResult<Reply> answer) {
        if (answer.succeeded() && answer.result() instanceof Reply.Json json) {
            segment = number(json, "current_segment");
            if (segment > 0) {
                leaders.to(number(json, "leader_node")).onSuccess(this::goThere);
                return;
            }
        }
        WalrusClientException failure = failureOf(new Command.State(topic), answer);
        if (isForGood(failure)) {
            List.copyOf(waiting.values()).forEach(append -> giveUp(append, failure));
        } else {
            waiting.values().forEach(append -> append.lastFailure = failure);
        }
        comeBack();
    }

    private void goThere(CommandTransport next) {
        way = next;
        goOn();
    }

    private static int number(Reply.Json state, String key) {
        try {
            return new JsonObject(state.text()).getInteger(key, 0);
        } catch (DecodeException | ClassCastException strange) {
            return 0;
        }
    }

    private void proceed() {
        failOvertaken();
        if (waiting.isEmpty()) {
            return;
        }
        List<OnceAppend> open = waiting.values().stream().filter(OnceAppend::isOpen).toList();
        List<OnceAppend> older = open.stream().filter(one -> segmentOf(one) < segment).toList();
        if (open.stream().anyMatch(one -> segmentOf(one) > segment)) {
            comeBack();
        } else if (!older.isEmpty()) {
            find(older);
        } else if (!open.isEmpty()) {
            isRepeating = true;
            open.forEach(append -> send(append, append.sent()));
        } else if (!isRepeating || sent.isEmpty()) {
            isRepeating = false;
            sendNew();
        }
    }

    private static int segmentOf(OnceAppend open) {
        return open.sent().segment();
    }

    private void failOvertaken() {
        for (OnceAppend append : List.copyOf(waiting.headMap(storedNumber).values())) {
            if (!append.isOpen()) {
                fail(append, WalrusClientException.overtaken(append.plain));
            }
        }
    }

    private void sendNew() {
        if (!sent.isEmpty() && waiting.firstKey() < sent.lastKey()) {
            // One that turned out to be nowhere: later ones are under way, and may overtake it.
            return;
        }
        while (!waiting.isEmpty() && sent.size() < SENT_MAX) {
            OnceAppend append = waiting.firstEntry().getValue();
            if (serverNumbers) {
                send(append, append.numbered(topic, segment, producer, nextSequence));
                nextSequence += append.entries.size();
            } else {
                send(append, append.plain);
            }
        }
    }

    private void send(OnceAppend append, Command command) {
        waiting.remove(append.number);
        sent.put(append.number, append);
        way.send(command).onComplete(answer -> onAnswer(append, command, answer));
    }

    private void onAnswer(OnceAppend append, Command command, AsyncResult<Reply> answer) {
        sent.remove(append.number);
        if (answer.succeeded() && answer.result() instanceof Reply.Place place) {
            onStored(append, new Place(place.segment(), place.offset()));
        } else if (answer.succeeded() && answer.result() instanceof Reply.Ok) {
            onStored(append, null);
        } else {
            onFailure(append, failureOf(command, answer));
        }
        pump();
    }

    private void onStored(OnceAppend append, Place place) {
        storedNumber = Math.max(storedNumber, append.number);
        failedRounds = 0;
        home.succeed(append, place);
    }

    private void onFailure(OnceAppend append, WalrusClientException failure) {
        somethingCameBack = true;
        boolean isOut = failure.kind() == Kind.CANNOT_CONNECT && way != transport;
        if (isOut) {
            leaders.avoid(way);
        }
        serverNumbers &= !isVerbMissing(failure);
        boolean wasPlain = append.sent() == null;
        if (failure.mayHaveHappened() && !wasPlain) {
            append.open();
        } else if (!append.isOpen()) {
            append.notStored();
        }
        append.lastFailure = failure;
        if (wasPlain && !isOut || !isOut && isForGood(failure) && !isVerbMissing(failure)) {
            giveUp(append, failure);
        } else if (!append.isSettled()) {
            waiting.put(append.number, append);
        }
    }

    /** Asks for all at once where they are; those that are nowhere are new again. */
    private void find(List<OnceAppend> older) {
        isBusy = true;
        var asked = new ArrayList<Future<Reply>>(older.size());
        for (OnceAppend append : older) {
            Command.AppendNumbered tried = append.sent();
            var find = new Command.Find(topic, tried.segment(), tried.producer(), tried.sequence());
            asked.add(transport.send(find).onComplete(answer -> onFound(append, find, answer)));
        }
        Future.join(asked).onComplete(all -> goOn());
    }

    private void onFound(OnceAppend append, Command.Find find, AsyncResult<Reply> answer) {
        if (answer.succeeded() && answer.result() instanceof Reply.Place place) {
            waiting.remove(append.number);
            onStored(append, new Place(place.segment(), place.offset()));
        } else if (answer.succeeded() && answer.result() instanceof Reply.Empty) {
            append.notStored();
        } else {
            append.lastFailure = failureOf(find, answer);
            if (isForGood(append.lastFailure)) {
                giveUp(append, append.lastFailure);
            } else if (!append.isSettled()) {
                park(append);
            }
        }
    }

    /** Those behind it go on: wherever it is, it is in front of them. */
    private void park(OnceAppend append) {
        waiting.remove(append.number);
        parked.put(append.number, append);
        if (!askTimerIsSet) {
            askTimerIsSet = true;
            home.after(ASK_AGAIN_MILLIS, this::askAgain);
        }
    }

    /** Back to those that wait, to be looked for when the lane has nothing under way. */
    private void askAgain() {
        askTimerIsSet = false;
        waiting.putAll(parked);
        parked.clear();
        pump();
    }

    private static WalrusClientException failureOf(Command command, AsyncResult<Reply> answer) {
        if (answer.failed()) {
            return answer.cause() instanceof WalrusClientException known
                    ? known
                    : WalrusClientException.sent(
                            Kind.MALFORMED, command, answer.cause().toString(), answer.cause());
        }
        return answer.result() instanceof Reply.Err err
                ? WalrusClientException.refused(command, err)
                : WalrusClientException.sent(
                        Kind.MALFORMED, command, "came: " + answer.result(), null);
    }

    /** Whether another try would meet the same wall. */
    private boolean isForGood(WalrusClientException failure) {
        return switch (failure.kind()) {
            case CONNECTION_LOST, TIMED_OUT, OVERLOADED -> false;
            case CANNOT_CONNECT -> home.givesUpConnecting();
            case REFUSED ->
                    switch (failure.errorCode().orElseThrow()) {
                        case NO_LEADER, STOPPING, TIMED_OUT, BUSY, UNKNOWN, INTERNAL -> false;
                        default -> true;
                    };
            default -> true;
        };
    }

    private static boolean isVerbMissing(WalrusClientException failure) {
        return failure.errorCode()
                .filter(
                        code ->
                                switch (code) {
                                    case UNSUPPORTED, NO_COMMAND -> true;
                                    default -> false;
                                })
                .isPresent();
    }

    private void giveUp(OnceAppend append, WalrusClientException failure) {
        fail(append, append.isOpen() ? WalrusClientException.open(append.plain, failure) : failure);
    }

    private void fail(OnceAppend append, WalrusClientException failure) {
        waiting.remove(append.number);
        parked.remove(append.number);
        home.fail(append, failure);
    }

    private void watchTheClock() {
        OnceAppend next = firstDue();
        if (next != null && !timerIsSet) {
            timerIsSet = true;
            long nanos = next.deadlineNanos - home.nowNanos();
            home.after(TimeUnit.NANOSECONDS.toMillis(nanos) + GRACE_MILLIS, this::expire);
        }
    }

    private OnceAppend firstDue() {
        for (OnceAppend append : sent.values()) {
            if (!append.isSettled()) {
                return append;
            }
        }
        if (!parked.isEmpty()) {
            return parked.firstEntry().getValue();
        }
        return waiting.isEmpty() ? null : waiting.firstEntry().getValue();
    }

    /** What is on the wire has its answer still to come, and the others wait for that. */
    private void expire() {
        timerIsSet = false;
        for (OnceAppend append : List.copyOf(sent.values())) {
            if (isDue(append)) {
                append.open();
                giveUp(append, append.lastFailure);
            }
        }
        var unsent = new ArrayList<>(waiting.values());
        unsent.addAll(parked.values());
        for (OnceAppend append : unsent) {
            if (isDue(append)) {
                giveUp(
                        append,
                        append.lastFailure == null
                                ? WalrusClientException.notSent(
                                        Kind.TIMED_OUT, "time was up before it could be sent", null)
                                : append.lastFailure);
            }
        }
        pump();
    }

    private boolean isDue(OnceAppend append) {
        return append.deadlineNanos - home.nowNanos() <= 0;
    }
}
