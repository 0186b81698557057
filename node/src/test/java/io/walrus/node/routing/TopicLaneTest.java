package io.walrus.node.routing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.node.peer.ForwardedAppend;
import io.walrus.node.storage.AppendOutcome;
import io.walrus.node.storage.AppendRequest;
import io.walrus.node.storage.StoredSegment;
import io.walrus.node.storage.StoredTopic;
import io.walrus.protocol.Reply;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The order of one topic's appends while segments open, close and change hands. */
class TopicLaneTest {

    private static final StoredTopic TOPIC = new StoredTopic("events", 7);
    private static final StoredSegment FIRST = new StoredSegment(TOPIC, 1);
    private static final StoredSegment SECOND = new StoredSegment(TOPIC, 2);

    private final FakeWays ways = new FakeWays();
    private int saidToWait;
    private final TopicLane lane = new TopicLane(ways, () -> ways.nanos, () -> saidToWait++);
    private final List<String> told = new ArrayList<>();

    @Test
    void aLaneSaysThatSomethingWaitsEachTimeItGoesOnToWait() {
        ways.route = new Route.Here(FIRST, 1);
        lane.submit(arrived("a", 1));
        assertThat(saidToWait).isZero();
        ways.route = new Route.Opening(FIRST);
        lane.submit(arrived("b", 1));
        assertThat(saidToWait).isOne();
        lane.flush();
        assertThat(saidToWait).isEqualTo(2);
        ways.route = new Route.Here(FIRST, 1);
        lane.flush();
        assertThat(saidToWait).isEqualTo(2);
        assertThat(ways.written).containsExactly("a", "b");
    }

    @Test
    void whatArrivesWhileItsSegmentIsBeingOpenedWaitsInOrder() {
        ways.route = new Route.Opening(FIRST);
        lane.submit(arrived("a", 1));
        ways.route = new Route.Here(FIRST, 1);
        lane.submit(arrived("b", 1));
        assertThat(told).isEmpty();
        lane.flush();
        assertThat(ways.written).containsExactly("a", "b");
    }

    @Test
    void whatArrivesForASegmentThatThisNodeHasNotSeenYetWaits() {
        ways.route = new Route.There(FIRST.id(), 3);
        lane.submit(arrived("a", 2));
        assertThat(told).isEmpty();
        ways.route = new Route.Here(SECOND, 2);
        lane.flush();
        assertThat(ways.written).containsExactly("a");
        assertThat(ways.forwarded).isEmpty();
    }

    @Test
    void whatArrivesForASegmentThatIsClosedOrAnothersIsRefusedAtOnce() {
        ways.route = new Route.Here(SECOND, 2);
        lane.submit(arrived("a", 1));
        ways.route = new Route.There(SECOND.id(), 3);
        lane.submit(arrived("b", 2));
        lane.submit(arrived("c", 0));
        ways.route = new Route.Sealing(SECOND);
        lane.submit(arrived("d", 2));
        assertThat(told)
                .containsExactly("a NO_LEADER", "b NO_LEADER", "c NO_LEADER", "d NO_LEADER");
        assertThat(ways.forwarded).isEmpty();
        assertThat(ways.written).isEmpty();
    }

    @Test
    void whatArrivedAndWaitedTooLongIsRefusedWithNothingStored() {
        ways.route = new Route.Opening(FIRST);
        lane.submit(arrived("a", 1));
        lane.expire();
        assertThat(told).isEmpty();
        ways.nanos = 10;
        lane.expire();
        assertThat(told).containsExactly("a NO_LEADER");
    }

    @Test
    void whatArrivedAndWasTurnedBackGoesBackToItsSender() {
        ways.route = new Route.Here(FIRST, 1);
        lane.submit(arrived("a", 1));
        ways.answer("a", new AppendOutcome.NotHere(FIRST.id(), "no lease"));
        assertThat(told).containsExactly("a NO_LEADER");
    }

    @Test
    void behindAnAppendThatCameBackNothingIsSentBeforeAllUnderWayAreAnswered() {
        ways.route = new Route.Here(FIRST, 1);
        lane.submit(own("a"));
        lane.submit(own("b"));
        ways.answer("a", new AppendOutcome.NotHere(FIRST.id(), "no lease"));
        lane.submit(own("c"));
        assertThat(ways.written).containsExactly("a", "b");
        ways.answer("b", new AppendOutcome.NotHere(FIRST.id(), "no lease"));
        lane.flush();
        assertThat(ways.written).containsExactly("a", "b", "a", "b", "c");
        assertThat(ways.requests.get(2).turn()).isNotSameAs(ways.requests.get(0).turn());
        assertThat(ways.requests.get(2).turn()).isSameAs(ways.requests.get(4).turn());
    }

    @Test
    void anAppendThatCameBackWhileALaterOneWasStoredFailsInsteadOfBeingStoredBehindIt() {
        ways.route = new Route.There(FIRST.id(), 3);
        lane.submit(own("a"));
        lane.submit(own("b"));
        ways.forwarded.get(0).done(new ForwardedAppend(List.of(), 1, "no lease"));
        ways.forwarded
                .get(1)
                .done(
                        new ForwardedAppend(
                                List.of(new ForwardedAppend.Part(1, new Reply.Place(1, 0))),
                                0,
                                ""));
        lane.flush();
        assertThat(told).containsExactly("b stored", "a NO_LEADER");
        assertThat(ways.forwarded).hasSize(2);
    }

    private PendingAppend own(String payload) {
        return PendingAppend.own(bytes(payload), false, 10, listener(payload));
    }

    private PendingAppend arrived(String payload, int onlySegment) {
        return PendingAppend.arrived(bytes(payload), false, onlySegment, 10, listener(payload));
    }

    private static List<ByteBuffer> bytes(String payload) {
        return List.of(ByteBuffer.wrap(payload.getBytes(UTF_8)));
    }

    private AppendListener listener(String payload) {
        return (count, settlement) ->
                told.add(
                        payload
                                + " "
                                + (settlement instanceof Settlement.Failed failed
                                        ? failed.code().name()
                                        : "stored"));
    }

    /** Both ways, answered by hand. */
    private static final class FakeWays implements TopicLane.Ways {
        private Route route = new Route.NoTopic();
        private long nanos;
        private final List<AppendRequest> requests = new ArrayList<>();
        private final List<String> written = new ArrayList<>();
        private final List<TopicLane.Forwarded> forwarded = new ArrayList<>();

        @Override
        public Route route() {
            return route;
        }

        @Override
        public void appendHere(StoredSegment segment, AppendRequest request) {
            requests.add(request);
            written.add(UTF_8.decode(request.payloads().get(0).duplicate()).toString());
        }

        @Override
        public void appendThere(
                Route.There there, PendingAppend append, TopicLane.Forwarded whenDone) {
            forwarded.add(whenDone);
        }

        void answer(String payload, AppendOutcome outcome) {
            requests.get(written.indexOf(payload)).whenDone().accept(outcome);
        }
    }
}
