package io.walrus.client;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.walrus.client.WalrusClientException.Kind;
import io.walrus.protocol.Command;
import io.walrus.protocol.Reply;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
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

    /** How long a node may be away between two questions for what it has. */
    private static final int ASK_AGAIN_MILLIS = 500;

    /** Longer than a node that is well takes to seal a segment and tell who goes on. */
    private static final int SILENT_MILLIS = 2_000;

    /** Pauses grow no further: the next leader is there within seconds. */
    private static final int LONG_PAUSE_ROUNDS = 4;

    private final String topic;
    private final OnceAppends home;
    private final NodeWay any;
    private final LeaderWays leaders;
    private final SegmentLookup lookup;
    private final Queue<OnceAppend> inbox = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean turnIsComing = new AtomicBoolean();

    // From here on: on the home context only.
    private final LaneBook book = new LaneBook();
    private final LaneClock clock;
    private final SilenceWatch silence;
    private final ProducerNumbers numbers = new ProducerNumbers();
    private boolean askTimerIsSet;

    /** Where appends go: to the leader, or to any node. */
    private NodeWay way;

    /** The open segment, as far as this lane knows; 0: it has to ask. */
    private int segment;

    private boolean somethingCameBack;

    /** It asks, or pauses: nothing is sent meanwhile. */
    private boolean isBusy;

    /** What is on the wire has been sent before; new ones wait for it. */
    private boolean isRepeating;

    private boolean serverNumbers = true;
    private int failedRounds;

    OnceLane(String topic, OnceAppends home, NodeWay any, LeaderWays leaders) {
        this.topic = topic;
        this.home = home;
        this.any = any;
        this.leaders = leaders;
        this.lookup = new SegmentLookup(topic, leaders);
        this.clock = new LaneClock(home, book, this::giveUp, this::pump);
        this.silence = new SilenceWatch(home, book::isAnySent, this::suspect);
        this.way = any;
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
        book.unpark();
        var closed = WalrusClientException.notSent(Kind.CLOSED, "the client is closed", null);
        book.waiting().forEach(append -> giveUp(append, closed));
    }

    private void takeTurn() {
        turnIsComing.set(false);
        takeInbox();
        pump();
    }

    private void takeInbox() {
        for (OnceAppend append = inbox.poll(); append != null; append = inbox.poll()) {
            book.add(append);
        }
    }

    /** Does what can be done now. */
    private void pump() {
        if (!isBusy && book.isAnyWaiting()) {
            if (somethingCameBack) {
                startAgain();
            } else if (segment == 0) {
                look();
            } else {
                proceed();
            }
        }
        clock.watch();
    }

    /** New numbers begin where no server expects the ones that came back. */
    private void startAgain() {
        if (book.isAnySent()) {
            return;
        }
        somethingCameBack = false;
        segment = 0;
        numbers.startAgain();
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
        lookup.look().onComplete(this::goThere, this::stayOut);
    }

    private void goThere(SegmentLookup.Found found) {
        segment = found.segment();
        way = found.way();
        goOn();
    }

    private void stayOut(Throwable cause) {
        var failure = (WalrusClientException) cause;
        for (OnceAppend append : book.waiting()) {
            if (isForGood(failure)) {
                giveUp(append, failure);
            } else {
                append.lastFailure = failure;
            }
        }
        comeBack();
    }

    private void proceed() {
        book.overtaken()
                .forEach(append -> fail(append, WalrusClientException.overtaken(append.plain)));
        if (!book.isAnyWaiting()) {
            return;
        }
        List<OnceAppend> open = book.waitingAndOpen();
        List<OnceAppend> older = open.stream().filter(one -> segmentOf(one) < segment).toList();
        if (open.stream().anyMatch(one -> segmentOf(one) > segment)) {
            comeBack();
        } else if (!older.isEmpty()) {
            find(older);
        } else if (!open.isEmpty()) {
            isRepeating = true;
            open.forEach(append -> send(append, append.sent()));
        } else if (!isRepeating || !book.isAnySent()) {
            isRepeating = false;
            sendNew();
        }
    }

    private static int segmentOf(OnceAppend open) {
        return open.sent().segment();
    }

    private void sendNew() {
        if (book.isLaterOneSent()) {
            // One that turned out to be nowhere: later ones are under way, and may overtake it.
            return;
        }
        while (book.isAnyWaiting() && book.sentCount() < SENT_MAX) {
            OnceAppend append = book.firstWaiting();
            send(append, serverNumbers ? numbers.number(append, topic, segment) : append.plain);
        }
    }

    private void send(OnceAppend append, Command command) {
        book.send(append);
        silence.watch();
        way.sendTry(command).onComplete(answer -> onAnswer(append, command, answer));
    }

    /**
     * The leader may hang, and the cluster may have gone on without it: then what was sent there
     * comes back, to be looked for and sent again.
     */
    private void suspect() {
        NodeWay silent = way;
        int before = segment;
        if (serverNumbers) {
            lookup.look()
                    .onSuccess(
                            found -> {
                                if (found.segment() > before) {
                                    silent.leaveIfSilent(SILENT_MILLIS);
                                }
                            });
        }
    }

    private void onAnswer(OnceAppend append, Command command, AsyncResult<Reply> answer) {
        book.answered(append);
        silence.answered();
        if (answer.succeeded() && answer.result() instanceof Reply.Place place) {
            onStored(append, new Place(place.segment(), place.offset()));
        } else if (answer.succeeded() && answer.result() instanceof Reply.Ok) {
            onStored(append, null);
        } else {
            onFailure(append, OnceFailures.of(command, answer));
        }
        pump();
    }

    private void onStored(OnceAppend append, Place place) {
        book.stored(append);
        failedRounds = 0;
        home.succeed(append, place);
    }

    private void onFailure(OnceAppend append, WalrusClientException failure) {
        somethingCameBack = true;
        boolean isOut = failure.kind() == Kind.CANNOT_CONNECT && way != any;
        if (isOut) {
            leaders.avoid(way);
        }
        serverNumbers &= !OnceFailures.isVerbMissing(failure);
        boolean wasPlain = append.sent() == null;
        if (failure.mayHaveHappened() && !wasPlain) {
            append.open();
        } else if (!append.isOpen()) {
            append.notStored();
        }
        append.lastFailure = failure;
        if (wasPlain && !isOut
                || !isOut && isForGood(failure) && !OnceFailures.isVerbMissing(failure)) {
            giveUp(append, failure);
        } else if (!append.isSettled()) {
            book.putBack(append);
        }
    }

    /** Asks for all at once where they are; those that are nowhere are new again. */
    private void find(List<OnceAppend> older) {
        isBusy = true;
        List<Future<Optional<Place>>> asked = older.stream().map(this::find).toList();
        Future.join(asked).onComplete(all -> goOn());
    }

    private Future<Optional<Place>> find(OnceAppend append) {
        return lookup.find(append.sent())
                .onComplete(place -> onFound(append, place), why -> onNotTold(append, why));
    }

    private void onFound(OnceAppend append, Optional<Place> place) {
        if (place.isPresent()) {
            book.forget(append);
            onStored(append, place.get());
        } else {
            append.notStored();
        }
    }

    private void onNotTold(OnceAppend append, Throwable why) {
        append.lastFailure = (WalrusClientException) why;
        if (isForGood(append.lastFailure)) {
            giveUp(append, append.lastFailure);
        } else if (!append.isSettled()) {
            park(append);
        }
    }

    /** Those behind it go on: wherever it is, it is in front of them. */
    private void park(OnceAppend append) {
        book.park(append);
        if (!askTimerIsSet) {
            askTimerIsSet = true;
            home.after(ASK_AGAIN_MILLIS, this::askAgain);
        }
    }

    /** Back to those that wait, to be looked for when the lane has nothing under way. */
    private void askAgain() {
        askTimerIsSet = false;
        book.unpark();
        pump();
    }

    private boolean isForGood(WalrusClientException failure) {
        return OnceFailures.isForGood(failure, home.givesUpConnecting());
    }

    private void giveUp(OnceAppend append, WalrusClientException failure) {
        fail(append, append.isOpen() ? WalrusClientException.open(append.plain, failure) : failure);
    }

    private void fail(OnceAppend append, WalrusClientException failure) {
        book.forget(append);
        home.fail(append, failure);
    }
}
