package io.walrus.metadata.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.MetadataCommand.Barrier;
import io.walrus.metadata.ViewChange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What listeners hear: the newest state, and where to look. */
final class PublishedViewTest {
    private final Deque<Runnable> callbacks = new ArrayDeque<>();
    private final PublishedView published = new PublishedView(Runnable::run, callbacks::add);
    private final List<ViewChange> heard = new ArrayList<>();
    private ClusterMetadata state = ClusterMetadata.EMPTY;

    private ClusterMetadata next() {
        state = state.apply(new Barrier()).next();
        return state;
    }

    private void about(String topic) {
        published.publish(next(), Optional.of(topic));
    }

    private void tell() {
        while (!callbacks.isEmpty()) {
            callbacks.poll().run();
        }
    }

    private Optional<Set<String>> lastTopics() {
        return heard.get(heard.size() - 1).topics();
    }

    @Test
    void changesThatCameTogetherAreToldAsOneWithAllTheirTopics() {
        published.onChange(heard::add);
        about("a");
        about("b");
        about("a");
        tell();
        assertThat(heard).hasSize(1);
        assertThat(heard.get(0).view()).isSameAs(state);
        assertThat(lastTopics()).contains(Set.of("a", "b"));
        about("c");
        tell();
        assertThat(lastTopics()).contains(Set.of("c"));
        published.publish(next(), Optional.empty());
        tell();
        assertThat(lastTopics()).contains(Set.of());
    }

    @Test
    void aChangeOfTheNodesIsAChangeOfAllUntilItIsTold() {
        published.onChange(heard::add);
        about("a");
        published.publish(next());
        about("b");
        tell();
        assertThat(lastTopics()).isEmpty();
        about("c");
        tell();
        assertThat(lastTopics()).contains(Set.of("c"));
    }

    @Test
    void moreTopicsThanWorthNamingAreAChangeOfAll() {
        published.onChange(heard::add);
        for (int i = 0; i < 1_001; i++) {
            about("topic" + i);
        }
        tell();
        assertThat(lastTopics()).isEmpty();
    }

    @Test
    void whatNobodyListenedToIsNotKept() {
        about("old");
        published.onChange(heard::add);
        about("new");
        tell();
        assertThat(lastTopics()).contains(Set.of("new"));
    }
}
