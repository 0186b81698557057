package io.walrus.metadata.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.walrus.metadata.CursorPosition;
import io.walrus.metadata.MetadataCommand.CreateTopic;
import io.walrus.metadata.MetadataCommand.Placement;
import io.walrus.metadata.MetadataCommand.RollOver;
import io.walrus.metadata.Outcome;
import io.walrus.metadata.SegmentId;
import io.walrus.metadata.SegmentMetadata;
import io.walrus.metadata.lease.LeaseGate;
import io.walrus.metadata.lease.LeaseVerdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import jdk.jfr.consumer.RecordingStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SingleMemberTest {
    @TempDir Path directory;
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void closeVertx() {
        await(vertx.close().toCompletionStage());
    }

    @Test
    void foundsAClusterOnceAndKeepsItsStateAcrossThreeRestarts() {
        String clusterId = "";
        for (int boot = 1; boot <= 3; boot++) {
            RaftMetadata node = start();
            assertThat(node.view().node(1).orElseThrow().boot()).isEqualTo(boot);
            assertThat(node.status().role()).isEqualTo("Leader");
            assertThat(node.status().leader()).isEqualTo(1);
            assertThat(clusterId.isEmpty() || node.view().clusterId().equals(clusterId)).isTrue();
            clusterId = node.view().clusterId();
            Outcome outcome =
                    await(node.propose(new CreateTopic("topic-" + boot, Placement.single(1))));
            assertThat(outcome).isInstanceOf(Outcome.Applied.class);
            assertThat(node.view().topics()).hasSize(boot);
            await(node.close());
        }
    }

    @Test
    void restartedLeaderDoesNotResumeItsOpenSegmentUntilItIsRolledOver() {
        RaftMetadata node = start();
        await(node.propose(new CreateTopic("logs", Placement.single(1))));
        Awaitility.await().until(() -> verdict(node) instanceof LeaseVerdict.Held);
        await(node.close());

        RaftMetadata again = start();
        assertThat(verdict(again)).isInstanceOf(LeaseVerdict.Outlived.class);
        SegmentMetadata open = again.view().topic("logs").orElseThrow().lastSegment();
        await(
                again.propose(
                        new RollOver(
                                new SegmentId("logs", 1),
                                open.epoch(),
                                again.holder().storeId(),
                                7,
                                CursorPosition.START,
                                Placement.single(1))));
        Awaitility.await().until(() -> verdict(again) instanceof LeaseVerdict.Held);
        assertThat(again.view().topic("logs").orElseThrow().sealedCounts()).containsEntry(1, 7L);
        await(again.close());
    }

    /** JRaft would take the signal that the JVM needs for it. */
    @Test
    void aFlightRecordingSamplesTheThreadsBesideAMember() {
        RaftMetadata node = start();
        var sampled = new CountDownLatch(1);
        try (var recording = new RecordingStream()) {
            recording.enable("jdk.ExecutionSample").withPeriod(Duration.ofMillis(10));
            recording.onEvent("jdk.ExecutionSample", sample -> sampled.countDown());
            recording.startAsync();
            Awaitility.await().until(() -> isSampledWhileBusy(sampled));
        }
        await(node.close());
    }

    private static boolean isSampledWhileBusy(CountDownLatch sampled) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100);
        while (System.nanoTime() - end < 0 && sampled.getCount() > 0) {
            Thread.onSpinWait();
        }
        return sampled.getCount() == 0;
    }

    private static LeaseVerdict verdict(RaftMetadata node) {
        long deadline = node.leaseDeadlineNanos();
        return LeaseGate.check(node.view(), "logs", node.holder(), deadline, System.nanoTime());
    }

    private RaftMetadata start() {
        RaftMetadata node =
                await(
                        RaftMetadata.start(
                                vertx,
                                new RaftMetadataOptions()
                                        .dataDir(directory)
                                        .raftPort(0)
                                        .bootstrap(true)));
        await(node.ready());
        return node;
    }

    private static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
