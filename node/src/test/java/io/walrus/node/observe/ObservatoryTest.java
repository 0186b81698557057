package io.walrus.node.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.MetadataCommand;
import io.walrus.metadata.MetadataCommand.Placement;
import io.walrus.metadata.NodeMetadata;
import org.junit.jupiter.api.Test;

/** What the HTTP port tells, from a node with knobs. */
class ObservatoryTest {

    private final FakeVitals vitals = new FakeVitals();
    private final EventLog events = new EventLog(() -> 0);
    private final Observatory observatory =
            new Observatory(vitals, new NodeMetrics(vitals, events), events, () -> 0);

    @Test
    void whoAsksBetweenTwoBeatsHearsWhatLedToTheViewThatHeSees() {
        vitals.view = after(ClusterMetadata.EMPTY, new MetadataCommand.FoundCluster("c", 1, 1));
        observatory.beat();
        vitals.view =
                after(
                        after(
                                vitals.view,
                                new MetadataCommand.RegisterNode(
                                        new NodeMetadata(1, "h:1", "h", 1, "store", 1), "")),
                        new MetadataCommand.CreateTopic("events", Placement.single(1)));
        assertThat(observatory.events(0)).contains("topic created, node 1 leads it");
        assertThat(observatory.lastEvent()).isEqualTo(2);
        assertThat(observatory.live(0).toCompletableFuture().join())
                .contains("topic created, node 1 leads it");
    }

    private static ClusterMetadata after(ClusterMetadata view, MetadataCommand command) {
        ClusterMetadata.Transition done = view.apply(command);
        assertThat(done.outcome().isApplied()).as("%s: %s", command, done.outcome()).isTrue();
        return done.next();
    }
}
