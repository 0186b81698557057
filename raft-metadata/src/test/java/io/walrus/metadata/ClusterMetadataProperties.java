package io.walrus.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * What holds after any commands in any order: the promises of the design that live in the state.
 */
final class ClusterMetadataProperties {

    @Provide
    Arbitrary<List<MetadataCommand>> commands() {
        return AnyCommands.lists();
    }

    @Property(tries = 300)
    void everyStepKeepsThePromises(@ForAll("commands") List<MetadataCommand> commands) {
        ClusterMetadata state = founded();
        for (MetadataCommand command : commands) {
            ClusterMetadata next = state.apply(command).next();
            next.topics().values().forEach(ClusterMetadataProperties::check);
            check(state, next);
            state = next;
        }
    }

    @Property(tries = 300)
    void commandAppliedTwiceIsAppliedOnce(@ForAll("commands") List<MetadataCommand> commands) {
        ClusterMetadata state = founded();
        for (MetadataCommand command : commands) {
            ClusterMetadata.Transition once = state.apply(command);
            ClusterMetadata.Transition twice = once.next().apply(command);
            boolean repeatChanged =
                    twice.outcome() instanceof Outcome.Applied applied && applied.changed();
            assertThat(repeatChanged).as("%s", command).isFalse();
            assertThat(twice.next().topics()).isEqualTo(once.next().topics());
            assertThat(twice.next().nodes()).isEqualTo(once.next().nodes());
            assertThat(twice.next().draining()).isEqualTo(once.next().draining());
            state = once.next();
        }
    }

    @Property(tries = 200)
    void outcomeSaysWhetherTheStateChanged(@ForAll("commands") List<MetadataCommand> commands) {
        ClusterMetadata state = founded();
        for (MetadataCommand command : commands) {
            ClusterMetadata.Transition step = state.apply(command);
            boolean saysChanged =
                    step.outcome() instanceof Outcome.Applied applied && applied.changed();
            boolean changed =
                    !step.next().topics().equals(state.topics())
                            || !step.next().nodes().equals(state.nodes())
                            || !step.next().draining().equals(state.draining())
                            || !step.next().clusterId().equals(state.clusterId());
            assertThat(saysChanged).as("%s", command).isEqualTo(changed);
            state = step.next();
        }
    }

    private static ClusterMetadata founded() {
        ClusterMetadata state = ClusterMetadata.EMPTY;
        for (MetadataCommand command : AnyCommands.prologue()) {
            state = state.apply(command).next();
        }
        return state;
    }

    private static void check(TopicMetadata topic) {
        long epoch = 0;
        OptionalLong base = OptionalLong.of(0);
        for (int i = 0; i < topic.segments().size(); i++) {
            SegmentMetadata segment = topic.segments().get(i);
            boolean isLast = i == topic.segments().size() - 1;
            assertThat(segment.number()).isEqualTo(i + 1);
            assertThat(segment.epoch()).as("EpochOnlyGrows").isGreaterThan(epoch);
            assertThat(segment.state() == SegmentState.OPEN && !isLast)
                    .as("SingleWriter")
                    .isFalse();
            assertThat(segment.baseOffset()).as("OffsetsAreDense").isEqualTo(base);
            epoch = segment.epoch();
            base = segment.endOffset();
        }
        Optional<SegmentMetadata> cursorSegment = topic.segment(topic.cursor().segment());
        assertThat(cursorSegment).isPresent();
        cursorSegment
                .get()
                .count()
                .ifPresent(count -> assertThat(topic.cursor().offset()).isLessThanOrEqualTo(count));
    }

    /** Nothing comes to a draining node that was not its own a moment before. */
    private static void checkDraining(ClusterMetadata before, ClusterMetadata after) {
        for (TopicMetadata topic : after.topics().values()) {
            Optional<SegmentMetadata> last =
                    before.topic(topic.name())
                            .filter(old -> old.id() == topic.id())
                            .map(TopicMetadata::lastSegment);
            topic.openSegment()
                    .filter(open -> before.isDraining(open.leaderNode()))
                    .ifPresent(
                            open ->
                                    assertThat(last.map(SegmentMetadata::leaderNode))
                                            .as("who led %s before", topic.name())
                                            .contains(open.leaderNode()));
        }
    }

    private static void check(ClusterMetadata before, ClusterMetadata after) {
        assertThat(after.nodes().keySet()).containsAll(after.draining());
        checkDraining(before, after);
        for (TopicMetadata old : before.topics().values()) {
            Optional<TopicMetadata> now =
                    after.topic(old.name()).filter(topic -> topic.id() == old.id());
            if (now.isEmpty()) {
                after.topic(old.name())
                        .ifPresent(topic -> assertThat(topic.epoch()).isGreaterThan(old.epoch()));
                continue;
            }
            assertThat(now.get().epoch()).isGreaterThanOrEqualTo(old.epoch());
            old.namedCursors()
                    .forEach(
                            (name, place) ->
                                    assertThat(now.get().namedCursors().get(name))
                                            .as("named cursor " + name)
                                            .isGreaterThanOrEqualTo(place));
            assertThat(now.get().cursor())
                    .as("CursorNeverGoesBack")
                    .isGreaterThanOrEqualTo(old.cursor());
            for (SegmentMetadata segment : old.segments()) {
                SegmentMetadata then = now.get().segment(segment.number()).orElseThrow();
                assertThat(then.epoch()).isGreaterThanOrEqualTo(segment.epoch());
                assertThat(then.leaderNode()).isEqualTo(segment.leaderNode());
                if (segment.count().isPresent()) {
                    assertThat(then.count()).as("SealedIsFrozen").isEqualTo(segment.count());
                }
            }
        }
    }
}
