package io.walrus.metadata;

import io.walrus.metadata.MetadataCommand.Barrier;
import io.walrus.metadata.MetadataCommand.BeginSeal;
import io.walrus.metadata.MetadataCommand.CheckpointCursor;
import io.walrus.metadata.MetadataCommand.CommitCursor;
import io.walrus.metadata.MetadataCommand.CompleteSeal;
import io.walrus.metadata.MetadataCommand.CreateTopic;
import io.walrus.metadata.MetadataCommand.DeleteTopic;
import io.walrus.metadata.MetadataCommand.DrainNode;
import io.walrus.metadata.MetadataCommand.ExpelNode;
import io.walrus.metadata.MetadataCommand.FoundCluster;
import io.walrus.metadata.MetadataCommand.MoveCursor;
import io.walrus.metadata.MetadataCommand.Placement;
import io.walrus.metadata.MetadataCommand.RegisterNode;
import io.walrus.metadata.MetadataCommand.RemoveNode;
import io.walrus.metadata.MetadataCommand.RetireNode;
import io.walrus.metadata.MetadataCommand.RollOver;
import io.walrus.metadata.MetadataCommand.SetReads;
import io.walrus.metadata.MetadataCommand.UndrainNode;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Commands of every kind, on few names and small numbers, so that many of them meet. */
public final class AnyCommands {
    private AnyCommands() {}

    public static Arbitrary<List<MetadataCommand>> lists() {
        return one().list().ofMinSize(1).ofMaxSize(80);
    }

    public static Arbitrary<MetadataCommand> one() {
        return Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(2, nodes()),
                net.jqwik.api.Tuple.of(1, others()),
                net.jqwik.api.Tuple.of(3, topicsAndCursors()),
                net.jqwik.api.Tuple.of(6, seals()));
    }

    /** A cluster of three nodes, so that most commands find something. */
    public static List<MetadataCommand> prologue() {
        return List.of(
                new FoundCluster("c", 1, 1),
                new RegisterNode(node(1, "s1", 1), ""),
                new RegisterNode(node(2, "s2", 1), ""),
                new RegisterNode(node(3, "s3", 1), ""),
                new CreateTopic("a", Placement.single(1)),
                new CreateTopic("b", Placement.single(2)));
    }

    private static Arbitrary<MetadataCommand> nodes() {
        Arbitrary<MetadataCommand> register =
                Combinators.combine(ids(), stores(), Arbitraries.longs().between(1, 3), stores())
                        .as((id, store, boot, old) -> new RegisterNode(node(id, store, boot), old));
        Arbitrary<MetadataCommand> remove =
                Combinators.combine(ids(), stores()).as(RemoveNode::new);
        Arbitrary<MetadataCommand> expel = Combinators.combine(ids(), stores()).as(ExpelNode::new);
        Arbitrary<MetadataCommand> retire =
                Combinators.combine(ids(), stores()).as(RetireNode::new);
        Arbitrary<MetadataCommand> drain =
                Combinators.combine(ids(), stores(), Arbitraries.longs().between(1, 2))
                        .as(DrainNode::new);
        Arbitrary<MetadataCommand> undrain =
                Combinators.combine(ids(), stores(), Arbitraries.longs().between(1, 2))
                        .as(UndrainNode::new);
        return Arbitraries.oneOf(register, remove, expel, retire, drain, undrain);
    }

    private static Arbitrary<MetadataCommand> others() {
        return Arbitraries.of(
                new Barrier(), new FoundCluster("c", 1, 1), new FoundCluster("d", 3, 2));
    }

    private static Arbitrary<MetadataCommand> topicsAndCursors() {
        Arbitrary<MetadataCommand> create =
                Combinators.combine(names(), placements()).as(CreateTopic::new);
        Arbitrary<MetadataCommand> delete =
                Combinators.combine(names(), Arbitraries.longs().between(1, 60))
                        .as(DeleteTopic::new);
        Arbitrary<MetadataCommand> checkpoint =
                Combinators.combine(segments(), epochs(), cursors()).as(CheckpointCursor::new);
        Arbitrary<MetadataCommand> commit =
                Combinators.combine(
                                names(),
                                Arbitraries.longs().between(5, 6),
                                Arbitraries.of("me", "you", ".."),
                                cursors())
                        .as(CommitCursor::new);
        Arbitrary<MetadataCommand> move =
                Combinators.combine(
                                names(),
                                Arbitraries.longs().between(5, 6),
                                Arbitraries.of("me", "you", ".."),
                                cursors(),
                                cursors())
                        .as(MoveCursor::new);
        Arbitrary<MetadataCommand> reads =
                Combinators.combine(
                                names(),
                                Arbitraries.longs().between(5, 6),
                                Arbitraries.of(ReadRule.class))
                        .as(SetReads::new);
        return Arbitraries.oneOf(create, delete, checkpoint, commit, move, reads);
    }

    private static Arbitrary<MetadataCommand> seals() {
        Arbitrary<MetadataCommand> rollOver =
                Combinators.combine(
                                segments(), epochs(), stores(), counts(), cursors(), placements())
                        .as(RollOver::new);
        Arbitrary<MetadataCommand> begin =
                Combinators.combine(segments(), epochs(), placements().optional())
                        .as(BeginSeal::new);
        Arbitrary<MetadataCommand> complete =
                Combinators.combine(
                                segments(),
                                epochs(),
                                stores(),
                                counts(),
                                cursors(),
                                placements().optional())
                        .as(CompleteSeal::new);
        return Arbitraries.oneOf(rollOver, begin, complete);
    }

    private static Arbitrary<Integer> ids() {
        return Arbitraries.integers().between(1, 4);
    }

    private static Arbitrary<String> stores() {
        return Arbitraries.of("s1", "s2", "s3", "s4", "");
    }

    private static Arbitrary<String> names() {
        return Arbitraries.of("a", "b", "c", "..");
    }

    private static Arbitrary<SegmentId> segments() {
        return Combinators.combine(
                        Arbitraries.of("a", "b", "c"), Arbitraries.integers().between(1, 4))
                .as(SegmentId::new);
    }

    private static Arbitrary<Long> epochs() {
        return Arbitraries.longs().between(1, 6);
    }

    private static Arbitrary<Long> counts() {
        return Arbitraries.longs().between(0, 4);
    }

    private static Arbitrary<CursorPosition> cursors() {
        return Combinators.combine(Arbitraries.integers().between(1, 3), counts())
                .as(CursorPosition::new);
    }

    private static Arbitrary<Placement> placements() {
        return Arbitraries.oneOf(
                ids().map(Placement::single),
                Arbitraries.of(
                        new Placement(1, List.of(1, 2, 3)), new Placement(2, List.of(1, 3))));
    }

    private static NodeMetadata node(int id, String store, long boot) {
        return new NodeMetadata(id, "h:" + id, "h", 8080, store, boot);
    }

    static Optional<SegmentMetadata> openOf(ClusterMetadata state, String topic) {
        return state.topic(topic).flatMap(TopicMetadata::openSegment);
    }
}
