package io.walrus.node.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.metadata.MetadataCommand;
import io.walrus.metadata.MetadataCommand.CreateTopic;
import io.walrus.metadata.NodeMetadata;
import io.walrus.protocol.ErrorCode;
import io.walrus.protocol.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who leads new topics, one after the other and many at once. */
class TopicChangesTest {

    private final FakeMetadata metadata = new FakeMetadata();
    private final TopicChanges changes = new TopicChanges(metadata, this::live, 1_000);
    private final List<Reply> replies = new ArrayList<>();

    @BeforeEach
    void threeNodes() {
        metadata.apply(new MetadataCommand.FoundCluster("c", 1, 1));
        for (int id = 1; id <= 3; id++) {
            var node = new NodeMetadata(id, "h:" + id, "h", id, "s" + id, 1);
            metadata.apply(new MetadataCommand.RegisterNode(node, ""));
        }
    }

    private Set<Integer> live() {
        return IntStream.rangeClosed(1, 3)
                .filter(id -> !metadata.view().isDraining(id))
                .boxed()
                .collect(Collectors.toSet());
    }

    private List<Integer> leadersOf(int topics) {
        for (int i = 0; i < topics; i++) {
            changes.register("topic-" + metadata.proposed().size(), replies::add);
        }
        return metadata.proposed().stream()
                .map(command -> ((CreateTopic) command).placement().leader())
                .toList();
    }

    @Test
    void topicsThatAreCreatedAtOnceAreSpreadOverTheNodes() {
        metadata.way(FakeMetadata.Way.DEAD_BEFORE);
        assertThat(leadersOf(7)).containsExactly(1, 2, 3, 1, 2, 3, 1);
        assertThat(replies).isEmpty();
    }

    @Test
    void topicsThatAreCreatedOneAfterTheOtherFollowTheRotationOfTheCluster() {
        assertThat(leadersOf(4)).containsExactly(1, 2, 3, 1);
        assertThat(replies).containsOnly(Reply.ok()).hasSize(4);
    }

    @Test
    void whatWasNotCreatedDoesNotHoldTheRotationUp() {
        metadata.way(FakeMetadata.Way.REQUEST_LOST);
        assertThat(leadersOf(2)).containsExactly(1, 1);
        assertThat(replies).hasSize(2).allMatch(Reply.Err.class::isInstance);
    }

    @Test
    void whoTurnsOutToDrainIsReplacedByTheNext() {
        metadata.applyUnseen(new MetadataCommand.DrainNode(1, "s1", 1));
        assertThat(leadersOf(1)).containsExactly(1, 2);
        assertThat(replies).containsExactly(Reply.ok());
        assertThat(metadata.view().topics()).hasSize(1);
    }

    @Test
    void whereAllDrainATopicIsRefusedAndMayBeTriedAgain() {
        for (int id = 1; id <= 3; id++) {
            metadata.applyUnseen(new MetadataCommand.DrainNode(id, "s" + id, 1));
        }
        leadersOf(2);
        assertThat(replies)
                .hasSize(2)
                .allSatisfy(
                        reply ->
                                assertThat(((Reply.Err) reply).code())
                                        .isEqualTo(ErrorCode.NO_LEADER));
    }
}
