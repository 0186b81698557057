package io.walrus.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.metadata.MetadataCommand.CreateTopic;
import io.walrus.metadata.MetadataCommand.Placement;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LeaderRotationTest {
    @Test
    void goesRoundTheLiveNodesById() {
        List<Integer> live = List.of(5, 1, 3);
        assertThat(LeaderRotation.next(0, live)).hasValue(1);
        assertThat(LeaderRotation.next(1, live)).hasValue(3);
        assertThat(LeaderRotation.next(2, live)).hasValue(3);
        assertThat(LeaderRotation.next(5, live)).hasValue(1);
        assertThat(LeaderRotation.next(3, List.of(3))).hasValue(3);
    }

    @Test
    void hasNoAnswerWhenNobodyLives() {
        assertThat(LeaderRotation.next(1, List.of())).isEmpty();
    }

    @Test
    void newTopicsGoRoundToo() {
        ClusterMetadata state = ClusterMetadata.EMPTY;
        for (MetadataCommand command : AnyCommands.prologue()) {
            state = state.apply(command).next();
        }
        assertThat(LeaderRotation.initial(state, List.of(1, 2, 3))).hasValue(3);
        state = state.apply(new CreateTopic("c", Placement.single(3))).next();
        assertThat(LeaderRotation.initial(state, List.of(1, 2, 3))).hasValue(1);
    }
}
