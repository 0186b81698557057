package io.walrus.bench.state;

import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.CursorPosition;
import io.walrus.metadata.MetadataCommand;
import io.walrus.metadata.MetadataCommand.CommitCursor;
import io.walrus.metadata.MetadataCommand.CreateTopic;
import io.walrus.metadata.MetadataCommand.FoundCluster;
import io.walrus.metadata.MetadataCommand.RegisterNode;
import io.walrus.metadata.NodeMetadata;
import io.walrus.metadata.MetadataCommand.Placement;
import io.walrus.metadata.Proposal;
import io.walrus.metadata.ProposalId;
import io.walrus.metadata.codec.MetadataCodec;
import java.util.concurrent.TimeUnit;

/**
 * Applies commands to states of 1,000, 10,000 and 100,000 topics and prints what one of them takes,
 * and what encoding and decoding the whole state takes. One thread, a second to warm up for each.
 */
public final class StateBench {

    private static final int[] TOPICS = {1_000, 10_000, 100_000};
    private static final long ROUND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private ClusterMetadata state = ClusterMetadata.EMPTY;
    private long sequence;

    private StateBench() {}

    public static void main(String[] args) {
        System.out.printf(
                "%9s %12s %12s %12s %12s%n", "topics", "create", "commit", "encode", "decode");
        var bench = new StateBench();
        bench.apply(new FoundCluster("bench", 1, 1));
        bench.apply(
                new RegisterNode(
                        new NodeMetadata(1, "127.0.0.1:6000", "127.0.0.1", 8080, "s", 1), ""));
        for (int topics : TOPICS) {
            bench.measure(topics);
        }
    }

    private void measure(int topics) {
        double createMicros = fillTo(topics);
        commitForARound();
        double commitMicros = commitForARound();
        var codec = new MetadataCodec();
        long beganNanos = System.nanoTime();
        byte[] encoded = codec.encodeState(state);
        long encodedNanos = System.nanoTime();
        boolean isSame = codec.decodeState(encoded).equals(state);
        long decodedNanos = System.nanoTime();
        if (!isSame) {
            throw new IllegalStateException("the snapshot is another state");
        }
        System.out.printf(
                "%,9d %9.1f us %9.1f us %9d ms %9d ms%n",
                topics,
                createMicros,
                commitMicros,
                TimeUnit.NANOSECONDS.toMillis(encodedNanos - beganNanos),
                TimeUnit.NANOSECONDS.toMillis(decodedNanos - encodedNanos));
    }

    /** Microseconds of each new topic. */
    private double fillTo(int topics) {
        int before = state.topics().size();
        long beganNanos = System.nanoTime();
        for (int i = before; i < topics; i++) {
            apply(new CreateTopic("topic-" + i, Placement.single(1)));
        }
        return (System.nanoTime() - beganNanos) / 1e3 / (topics - before);
    }

    /** Microseconds of each commit, to topics all over the state. */
    private double commitForARound() {
        int topics = state.topics().size();
        long beganNanos = System.nanoTime();
        long commits = 0;
        while (System.nanoTime() - beganNanos < ROUND_NANOS) {
            String name = "topic-" + commits * 7_919 % topics;
            long id = state.topic(name).orElseThrow().id();
            apply(new CommitCursor(name, id, "reader", new CursorPosition(1, sequence)));
            commits++;
        }
        return (System.nanoTime() - beganNanos) / 1e3 / commits;
    }

    private void apply(MetadataCommand command) {
        var done = state.apply(new Proposal(new ProposalId(1, "s", ++sequence), command));
        if (!done.outcome().isApplied()) {
            throw new IllegalStateException(command + ": " + done.outcome());
        }
        state = done.next();
    }
}
