package io.walrus.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walrus.metadata.MetadataCommand.CreateTopic;
import io.walrus.metadata.MetadataCommand.DeleteTopic;
import io.walrus.metadata.MetadataCommand.FoundCluster;
import io.walrus.metadata.MetadataCommand.Placement;
import io.walrus.metadata.MetadataCommand.RegisterNode;
import io.walrus.metadata.MetadataCommand.RollOver;
import io.walrus.metadata.MetadataCommand.SetReads;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a topic's shared cursor promises, in the state that the cluster agrees on. */
final class ReadRuleTest {

    private ClusterMetadata state = ClusterMetadata.EMPTY;

    @BeforeEach
    void oneTopic() {
        apply(new FoundCluster("c", 1, 1));
        apply(new RegisterNode(new NodeMetadata(1, "h:1", "h", 8080, "s1", 1), ""));
        apply(new CreateTopic("logs", Placement.single(1)));
    }

    private Outcome apply(MetadataCommand command) {
        ClusterMetadata.Transition done = state.apply(command);
        state = done.next();
        return done.outcome();
    }

    private TopicMetadata topic() {
        return state.topic("logs").orElseThrow();
    }

    @Test
    void aTopicBeginsWithTheRuleOfItsNodesAndKeepsWhatItIsToldAcrossARollOver() {
        assertThat(topic().reads()).isEqualTo(ReadRule.AS_NODE);
        var set = new SetReads("logs", topic().id(), ReadRule.AT_LEAST_ONCE);
        assertThat(apply(set)).isEqualTo(new Outcome.Applied(state.version(), true));
        assertThat(apply(set)).isEqualTo(new Outcome.Applied(state.version(), false));
        apply(
                new RollOver(
                        new SegmentId("logs", 1),
                        1,
                        "s1",
                        5,
                        CursorPosition.START,
                        Placement.single(1)));
        assertThat(topic().segments()).hasSize(2);
        assertThat(topic().reads()).isEqualTo(ReadRule.AT_LEAST_ONCE);
    }

    @Test
    void anotherLifeOfTheTopicIsNotMeant() {
        long before = topic().id();
        apply(new DeleteTopic("logs", before));
        apply(new CreateTopic("logs", Placement.single(1)));
        assertThat(apply(new SetReads("logs", before, ReadRule.AT_LEAST_ONCE)))
                .isInstanceOf(Outcome.Refused.class);
        assertThat(topic().reads()).isEqualTo(ReadRule.AS_NODE);
    }

    @Test
    void aRuleIsReadAsItIsWritten() {
        for (ReadRule rule : ReadRule.values()) {
            assertThat(ReadRule.of(rule.word())).isEqualTo(rule);
        }
        assertThat(ReadRule.AT_LEAST_ONCE.word()).isEqualTo("at-least-once");
        assertThatThrownBy(() -> ReadRule.of("twice")).hasMessageContaining("got 'twice'");
    }
}
