package io.walrus.metadata.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walrus.metadata.MetadataCommand.CreateTopic;
import io.walrus.metadata.MetadataCommand.Placement;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node hears that is started again after it was taken out of its cluster. */
final class RemovedMemberTest {
    @TempDir Path directory;
    private Members members;
    private int removed;

    @BeforeEach
    void removeOneOfThree() {
        members = Members.of(3, directory);
        members.leader();
        removed = Members.idOf(members.follower());
        Members.await(members.leader().propose(new CreateTopic("logs", Placement.single(1))));
    }

    @AfterEach
    void close() {
        members.close();
    }

    @Test
    void memberThatLeftHearsSoWhenItIsStartedAgain() {
        leave();
        assertThatEndsAsRemoved(members.launch(withoutJoin()));
        Members.eventually(() -> members.leader().status().voters().size() == 2);
    }

    @Test
    void memberWithASnapshotThatLeftIsNotLetInUnasked() {
        Members.await(members.get(removed).snapshot());
        leave();
        assertThatEndsAsRemoved(members.launch(withoutJoin()));
        assertThat(members.leader().view().nodes()).doesNotContainKey(removed);
    }

    @Test
    void memberThatWasRemovedWhileItWasAwayHearsSo() {
        members.stop(removed);
        Members.eventually(() -> Members.await(members.leader().expel(removed)).isApplied());
        assertThatEndsAsRemoved(members.launch(withoutJoin()));
    }

    @Test
    void memberWhoseNumberAnotherDirectoryTookHearsSo() {
        RaftMetadataOptions old = withoutJoin();
        members.stop(removed);
        members.wipe(removed);
        members.start(removed);
        members.stop(removed);
        assertThatEndsAsRemoved(members.launch(old));
    }

    @Test
    void removedMemberThatNamesSomebodyToJoinIsLetInAgain() {
        leave();
        RaftMetadata again = members.start(removed);
        assertThat(again.view().topics()).containsKey("logs");
    }

    @Test
    void withoutAMajorityNobodyIsToldThatItIsOut() {
        int leader = Members.idOf(members.leader());
        int other = 1 + 2 + 3 - removed - leader;
        leave();
        RaftMetadataOptions alone = withoutJoin();
        members.stop(other);
        List<String> said = Collections.synchronizedList(new ArrayList<>());
        Listening waiting = new Listening(JoinLoop.class, said::add);
        try {
            RaftMetadata again = members.launch(alone);
            Members.eventually(
                    () -> String.join("\n", said).contains("no leader is known here; 127.0.0.1:"));
            assertThat(again.failure().toCompletableFuture()).isNotDone();
            members.start(other);
            assertThatEndsAsRemoved(again);
        } finally {
            waiting.close();
        }
    }

    private RaftMetadataOptions withoutJoin() {
        return members.options(removed).join(List.of());
    }

    private void leave() {
        int id = removed;
        Members.eventually(() -> Members.await(members.leader().leave(id)).isApplied());
        members.stop(id);
    }

    private static void assertThatEndsAsRemoved(RaftMetadata node) {
        Members.eventually(() -> node.failure().toCompletableFuture().isDone());
        assertThatThrownBy(() -> node.ready().toCompletableFuture().get(30, TimeUnit.SECONDS))
                .hasCauseInstanceOf(NodeRemovedException.class)
                .hasMessageContaining("is not in its cluster any more");
        Members.await(node.close());
    }

    /** What a class logs while this is open. */
    private static final class Listening extends Handler {
        private final Logger logger;
        private final Consumer<String> listener;

        Listening(Class<?> whom, Consumer<String> listener) {
            this.logger = Logger.getLogger(whom.getName());
            this.listener = listener;
            logger.addHandler(this);
        }

        @Override
        public void publish(LogRecord logged) {
            listener.accept(new SimpleFormatter().formatMessage(logged));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            logger.removeHandler(this);
        }
    }
}
