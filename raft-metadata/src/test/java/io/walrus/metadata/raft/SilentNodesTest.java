package io.walrus.metadata.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.MetadataCommand;
import io.walrus.metadata.MetadataCommand.CreateTopic;
import io.walrus.metadata.MetadataCommand.FoundCluster;
import io.walrus.metadata.MetadataCommand.Placement;
import io.walrus.metadata.MetadataCommand.RegisterNode;
import io.walrus.metadata.NodeMetadata;
import io.walrus.metadata.TopicMetadata;
import io.walrus.metadata.ViewChange;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node that is silent for long costs no look at all topics, ten times a second. */
final class SilentNodesTest {

    private final SilentNodes silent = new SilentNodes();
    private ClusterMetadata view = ClusterMetadata.EMPTY;

    @BeforeEach
    void foundACluster() {
        apply(new FoundCluster("cluster", 1, 1));
        for (int id = 1; id <= 2; id++) {
            apply(new RegisterNode(new NodeMetadata(id, "h:" + id, "h", id, "s" + id, 1), ""));
        }
        create("others", 1);
    }

    private void apply(MetadataCommand command) {
        view = view.apply(command).next();
    }

    private void create(String topic, int leader) {
        apply(new CreateTopic(topic, Placement.single(leader)));
    }

    private void tell(String... topics) {
        silent.onChange(new ViewChange(view, Optional.of(Set.of(topics))));
    }

    private List<String> ledBySecond() {
        List<String> led = silent.ledBy(2, view).stream().map(TopicMetadata::name).toList();
        silent.allLooked();
        return led;
    }

    @Test
    void whatItLeadsIsSeenAgainAndAgainUntilItIsGiven() {
        create("its", 2);
        assertThat(ledBySecond()).containsExactly("its");
        assertThat(ledBySecond()).containsExactly("its");
    }

    @Test
    void onceItLeadsNothingOnlyTopicsThatHaveChangedAreLookedAt() {
        assertThat(ledBySecond()).isEmpty();
        create("untold", 2);
        assertThat(ledBySecond()).isEmpty();
        create("told", 2);
        tell("told", "others");
        assertThat(ledBySecond()).containsExactly("told");
    }

    @Test
    void allAreLookedAtAgainWhenNobodySaysWhichHaveChanged() {
        assertThat(ledBySecond()).isEmpty();
        create("its", 2);
        silent.onChange(ViewChange.whole(view));
        assertThat(ledBySecond()).containsExactly("its");
    }

    @Test
    void whoWasBackMeanwhileIsLookedForAmongAll() {
        assertThat(ledBySecond()).isEmpty();
        create("its", 2);
        silent.isBack(2);
        assertThat(ledBySecond()).containsExactly("its");
    }

    @Test
    void aTopicThatIsDeletedMeanwhileIsNotLed() {
        assertThat(ledBySecond()).isEmpty();
        tell("gone");
        assertThat(ledBySecond()).isEmpty();
    }
}
