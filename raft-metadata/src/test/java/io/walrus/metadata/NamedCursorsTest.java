package io.walrus.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.metadata.MetadataCommand.CommitCursor;
import io.walrus.metadata.MetadataCommand.CreateTopic;
import io.walrus.metadata.MetadataCommand.DeleteTopic;
import io.walrus.metadata.MetadataCommand.FoundCluster;
import io.walrus.metadata.MetadataCommand.MoveCursor;
import io.walrus.metadata.MetadataCommand.Placement;
import io.walrus.metadata.MetadataCommand.RegisterNode;
import io.walrus.metadata.MetadataCommand.RollOver;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Named cursors in the state that the cluster agrees on. */
final class NamedCursorsTest {

    private ClusterMetadata state = ClusterMetadata.EMPTY;

    @BeforeEach
    void topicWithOneSealedSegment() {
        applied(new FoundCluster("c", 1, 1));
        applied(new RegisterNode(new NodeMetadata(1, "h:1", "h", 8080, "s1", 1), ""));
        applied(new CreateTopic("logs", Placement.single(1)));
        applied(
                new RollOver(
                        new SegmentId("logs", 1),
                        1,
                        "s1",
                        5,
                        CursorPosition.START,
                        Placement.single(1)));
    }

    @Test
    void cursorsMoveForwardOnlyAndEachForItself() {
        assertThat(applied(commit("a", 1, 3)).changed()).isTrue();
        assertThat(applied(commit("a", 1, 3)).changed()).isFalse();
        refused(commit("a", 1, 2), RefusalCode.CURSOR_BEHIND);
        applied(commit("a", 2, 0));
        refused(commit("a", 1, 5), RefusalCode.CURSOR_BEHIND);
        applied(commit("b", 1, 0));
        assertThat(topic().namedCursors())
                .containsEntry("a", new CursorPosition(2, 0))
                .containsEntry("b", CursorPosition.START);
    }

    @Test
    void oneIsMovedBackOnPurposeFromWhereItStandsAndASecondTimeChangesNothing() {
        applied(commit("a", 2, 3));
        assertThat(applied(move("a", 2, 3, 1, 1)).changed()).isTrue();
        assertThat(applied(move("a", 2, 3, 1, 1)).changed()).isFalse();
        assertThat(topic().namedCursors()).containsEntry("a", new CursorPosition(1, 1));
        applied(commit("a", 1, 2));
        refused(move("a", 2, 3, 1, 1), RefusalCode.CURSOR_MOVED);
        assertThat(topic().namedCursors()).containsEntry("a", new CursorPosition(1, 2));
    }

    @Test
    void whatIsNotThereIsNotMoved() {
        refused(move("a", 1, 0, 1, 1), RefusalCode.CURSOR_MOVED);
        applied(commit("a", 1, 5));
        refused(move("a", 1, 5, 1, 6), RefusalCode.CURSOR_BEYOND);
        refused(
                new MoveCursor(
                        "logs",
                        topic().id() + 1,
                        "a",
                        new CursorPosition(1, 5),
                        CursorPosition.START),
                RefusalCode.UNKNOWN_TOPIC);
    }

    private MoveCursor move(String name, int segment, long offset, int toSegment, long toOffset) {
        return new MoveCursor(
                "logs",
                topic().id(),
                name,
                new CursorPosition(segment, offset),
                new CursorPosition(toSegment, toOffset));
    }

    @Test
    void aPlaceThatCannotBeIsRefused() {
        refused(commit("a", 1, 6), RefusalCode.CURSOR_BEYOND);
        refused(commit("a", 3, 0), RefusalCode.CURSOR_BEYOND);
        refused(commit("..", 1, 1), RefusalCode.INVALID_NAME);
    }

    @Test
    void aRollOverKeepsThemAndADeletionDoesNot() {
        applied(commit("a", 2, 1));
        applied(
                new RollOver(
                        new SegmentId("logs", 2),
                        2,
                        "s1",
                        1,
                        CursorPosition.START,
                        Placement.single(1)));
        assertThat(topic().namedCursors()).containsEntry("a", new CursorPosition(2, 1));
        long before = topic().id();
        applied(new DeleteTopic("logs", before));
        applied(new CreateTopic("logs", Placement.single(1)));
        assertThat(topic().namedCursors()).isEmpty();
        refused(
                new CommitCursor("logs", before, "a", CursorPosition.START),
                RefusalCode.UNKNOWN_TOPIC);
    }

    @Test
    void theirNumberIsBounded() {
        for (int i = 0; i < Cursors.NAMED_MAX; i++) {
            applied(commit("c" + i, 1, 0));
        }
        refused(commit("one-more", 1, 0), RefusalCode.TOO_MANY_CURSORS);
        applied(commit("c0", 1, 1));
    }

    private TopicMetadata topic() {
        return state.topic("logs").orElseThrow();
    }

    private CommitCursor commit(String name, int segment, long offset) {
        return new CommitCursor("logs", topic().id(), name, new CursorPosition(segment, offset));
    }

    private Outcome.Applied applied(MetadataCommand command) {
        ClusterMetadata.Transition step = state.apply(command);
        assertThat(step.outcome()).isInstanceOf(Outcome.Applied.class);
        state = step.next();
        return (Outcome.Applied) step.outcome();
    }

    private void refused(MetadataCommand command, RefusalCode code) {
        ClusterMetadata.Transition step = state.apply(command);
        assertThat(step.outcome())
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(code));
    }
}
