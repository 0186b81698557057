package io.walrus.node.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.CursorPosition;
import io.walrus.metadata.MetadataCommand;
import io.walrus.metadata.MetadataCommand.Placement;
import io.walrus.metadata.NodeMetadata;
import io.walrus.metadata.SegmentId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What happened between two views, in words. */
class ViewChangesTest {

    private static final SegmentId FIRST = new SegmentId("events", 1);

    private final ClusterMetadata two =
            after(
                    ClusterMetadata.EMPTY,
                    new MetadataCommand.FoundCluster("c", 1, 1),
                    register(1, 1),
                    register(2, 1));
    private final ClusterMetadata withTopic =
            after(two, new MetadataCommand.CreateTopic("events", Placement.single(1)));

    private static MetadataCommand register(int node, long boot) {
        return new MetadataCommand.RegisterNode(
                new NodeMetadata(node, "h:" + node, "h", node, "store" + node, boot), "");
    }

    private static ClusterMetadata after(ClusterMetadata view, MetadataCommand... commands) {
        ClusterMetadata next = view;
        for (MetadataCommand command : commands) {
            ClusterMetadata.Transition done = next.apply(command);
            assertThat(done.outcome().isApplied()).as("%s: %s", command, done.outcome()).isTrue();
            next = done.next();
        }
        return next;
    }

    private static MetadataCommand rollOver(ClusterMetadata view, SegmentId segment, int next) {
        long epoch = view.segment(segment).orElseThrow().epoch();
        return new MetadataCommand.RollOver(
                segment,
                epoch,
                "store" + view.segment(segment).orElseThrow().leaderNode(),
                10,
                CursorPosition.START,
                Placement.single(next));
    }

    private static List<String> between(ClusterMetadata before, ClusterMetadata after) {
        var told = new ArrayList<String>();
        ViewChanges.between(
                before,
                after,
                (kind, topic, segments, what) ->
                        told.add(kind + " " + topic + " " + segments + ": " + what));
        return told;
    }

    @Test
    void nothingHappensBetweenAViewAndItself() {
        assertThat(between(withTopic, withTopic)).isEmpty();
    }

    @Test
    void aTopicThatIsCreatedAndRolledOverInOneStepTellsBoth() {
        assertThat(between(two, after(withTopic, rollOver(withTopic, FIRST, 2))))
                .containsExactly(
                        "topic events 1: topic created, node 1 leads it",
                        "rollover events 2: node 1 sealed segment 1 at 10 entries;"
                                + " segment 2 is open at node 2");
    }

    @Test
    void aSegmentTakenFromASilentNodeIsAFailoverUntilItsCountIsTold() {
        long epoch = withTopic.segment(FIRST).orElseThrow().epoch();
        ClusterMetadata taken =
                after(
                        withTopic,
                        new MetadataCommand.BeginSeal(
                                FIRST, epoch, Optional.of(Placement.single(2))));
        assertThat(between(withTopic, taken))
                .containsExactly(
                        "failover events 2: node 1 was silent, segment 1 was taken from it;"
                                + " segment 2 is open at node 2");
        ClusterMetadata told =
                after(
                        taken,
                        new MetadataCommand.CompleteSeal(
                                FIRST,
                                taken.segment(FIRST).orElseThrow().epoch(),
                                "store1",
                                7,
                                CursorPosition.START,
                                Optional.empty()));
        assertThat(between(taken, told))
                .containsExactly("sealed events 0: node 1 told the count of segment 1: 7");
    }

    @Test
    void nodesThatJoinAndAreStartedAgainAreTold() {
        assertThat(between(two, after(two, register(3, 1), register(2, 2))))
                .containsExactlyInAnyOrder(
                        "joined  0: node 3 joined", "restarted  0: node 2 was started again");
    }

    @Test
    void aDeletedTopicIsTold() {
        long id = withTopic.topic("events").orElseThrow().id();
        assertThat(
                        between(
                                withTopic,
                                after(withTopic, new MetadataCommand.DeleteTopic("events", id))))
                .containsExactly("topic events 0: topic deleted");
    }
}
