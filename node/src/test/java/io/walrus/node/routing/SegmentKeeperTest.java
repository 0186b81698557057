package io.walrus.node.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.metadata.MetadataCommand;
import io.walrus.metadata.MetadataCommand.Placement;
import io.walrus.metadata.NodeMetadata;
import io.walrus.metadata.ViewChange;
import io.walrus.metadata.lease.LeaseHolder;
import io.walrus.node.storage.OpenStore;
import io.walrus.node.storage.StoredTopic;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store follows the view, told which topics have changed or not. */
class SegmentKeeperTest {

    private static final LeaseHolder SELF = new LeaseHolder(1, "store-1", 1);

    @TempDir private Path dir;

    private final FakeMetadata metadata = new FakeMetadata();
    private final List<String> changed = new ArrayList<>();
    private OpenStore open;
    private SegmentKeeper keeper;

    @BeforeEach
    void oneNode() {
        metadata.apply(new MetadataCommand.FoundCluster("cluster", 1, 1));
        var node = new NodeMetadata(1, "h:1", "h", 1, "store-1", 1);
        metadata.apply(new MetadataCommand.RegisterNode(node, ""));
        open = OpenStore.in(dir, Runnable::run);
        var rollover = new Rollover(SELF, metadata, open.store(), new NoCursors(), () -> Set.of(1));
        keeper = new SegmentKeeper(SELF, open.store(), rollover, changed::add);
        assertThat(keeper.onChange(ViewChange.whole(metadata.view()))).isTrue();
    }

    @AfterEach
    void close() {
        open.close();
    }

    private void create(String topic) {
        metadata.apply(new MetadataCommand.CreateTopic(topic, Placement.single(1)));
    }

    private void delete(String topic) {
        long id = metadata.view().topic(topic).orElseThrow().id();
        metadata.apply(new MetadataCommand.DeleteTopic(topic, id));
    }

    private boolean told(String... topics) {
        return keeper.onChange(new ViewChange(metadata.view(), Optional.of(Set.of(topics))));
    }

    @Test
    void aTopicThatIsNamedIsOpenedAndNoOther() {
        create("a");
        create("b");
        assertThat(told("a")).isFalse();
        assertThat(changed).containsExactly("a");
        assertThat(told()).isFalse();
        keeper.onChange(ViewChange.whole(metadata.view()));
        assertThat(changed).containsExactly("a", "b");
    }

    @Test
    void aTopicThatIsGoneIsDropped() {
        create("a");
        told("a");
        StoredTopic gone = Stored.topic(metadata.view().topic("a").orElseThrow());
        assertThat(open.store().topics()).contains(gone);
        delete("a");
        assertThat(told("a")).isTrue();
        assertThat(open.store().topics()).doesNotContain(gone);
    }

    @Test
    void theNextLifeOfATopicIsOpenedWhereTheEarlierOneIsDropped() {
        create("a");
        told("a");
        StoredTopic gone = Stored.topic(metadata.view().topic("a").orElseThrow());
        delete("a");
        create("a");
        assertThat(told("a")).isTrue();
        StoredTopic next = Stored.topic(metadata.view().topic("a").orElseThrow());
        assertThat(open.store().topics()).contains(next).doesNotContain(gone);
    }

    private static final class NoCursors implements Rollover.Cursors {
        @Override
        public CompletionStage<Void> freeze(StoredTopic topic) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void thaw(StoredTopic topic) {}
    }
}
