package io.walrus.wal;

import static io.walrus.wal.LogOnDisk.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.wal.WalException.Kind;
import io.walrus.wal.sim.SimulatedDisk;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What waits is bounded: one more is refused at once, and fits as soon as one was told. */
@Timeout(60)
final class InFlightTest {

    private static final String TOPIC = "topic";

    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch held = new CountDownLatch(1);
    private volatile boolean holding;
    private final List<CompletableFuture<Long>> waiting = new ArrayList<>();

    /** Holds up the committer, when it is told to, until it is let go. */
    private final WalObserver holder =
            new WalObserver() {
                @Override
                public void appended(String topic, int entries, long bytes) {
                    if (holding) {
                        reached.countDown();
                        awaitQuietly(held);
                    }
                }
            };

    private Wal open(WalOptions options) {
        return Wal.open(options.fsync(FsyncPolicy.each()).observer(holder), new SimulatedDisk(1));
    }

    private static WalOptions options() {
        return WalOptions.in(Path.of("/log"));
    }

    private static CompletableFuture<Long> append(Wal wal, int bytes) {
        return wal.appendAsync(TOPIC, ByteBuffer.allocate(bytes)).toCompletableFuture();
    }

    /** From here on nobody is told; one append is in flight. */
    private void holdUp(Wal wal) {
        holding = true;
        waiting.add(append(wal, 10));
        awaitQuietly(reached);
    }

    /** It may be acknowledged while the thread that tells is still at one before it. */
    @Test
    void underAWindowNoFutureOvertakesAnotherOfItsTopic() {
        var registered = new CountDownLatch(1);
        var flusherWaits =
                new WalObserver() {
                    @Override
                    public void appended(String topic, int entries, long bytes) {
                        if (Thread.currentThread().getName().contains("flusher")) {
                            awaitQuietly(registered);
                        }
                    }
                };
        var window = FsyncPolicy.window(Duration.ofMillis(100));
        var options = options().fsync(window).observer(flusherWaits);
        try (Wal wal = Wal.open(options, new SimulatedDisk(1))) {
            firstThatWaits(wal, "other").whenComplete((offset, failed) -> awaitQuietly(held));
            registered.countDown();
            CompletableFuture<Long> first = firstThatWaits(wal, TOPIC);
            Awaitility.await().until(() -> isVisible(wal));
            for (int i = 0; i < 100; i++) {
                waiting.add(append(wal, 10));
            }
            assertThat(first).isNotDone();
            assertThat(waiting).noneMatch(CompletableFuture::isDone);
            held.countDown();
            assertThat(waiting.get(99).join()).isGreaterThan(first.join() + 99);
        } finally {
            held.countDown();
        }
    }

    /** Everything that was appended can be read, also what nobody was told of. */
    private static boolean isVisible(Wal wal) {
        return wal.append(TOPIC, new byte[1]) + 1 == wal.endOffset(TOPIC);
    }

    private static CompletableFuture<Long> firstThatWaits(Wal wal, String topic) {
        while (true) {
            var future = wal.appendAsync(topic, ByteBuffer.allocate(1)).toCompletableFuture();
            if (!future.isDone()) {
                return future;
            }
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void oneMoreThanTheLimitIsRefusedAndNothingOfItIsWritten() {
        try (Wal wal = open(options().inFlight(20, 1 << 20))) {
            holdUp(wal);
            for (int n = 1; n < 20; n++) {
                waiting.add(append(wal, 10));
            }
            WalException busy = refused(() -> append(wal, 10));
            assertThat(busy.kind()).isEqualTo(Kind.BUSY);
            assertThat(busy.mayRetry()).isTrue();
            assertThat(busy.mayHaveHappened()).isFalse();
            assertThat(busy).hasMessageContaining("20 appends");
            held.countDown();
            waiting.forEach(CompletableFuture::join);
            assertThat(append(wal, 10).join()).isEqualTo(20);
        }
    }

    @Test
    void bytesAreBoundedTooButOneAloneMayBeLarger() {
        try (Wal wal = open(options().inFlight(1_000, 10_000))) {
            assertThat(append(wal, 50_000).join()).isZero();
            holdUp(wal);
            waiting.add(append(wal, 9_000));
            assertThat(refused(() -> append(wal, 9_000)).kind()).isEqualTo(Kind.BUSY);
            held.countDown();
            waiting.forEach(CompletableFuture::join);
            assertThat(append(wal, 9_000).join()).isEqualTo(3);
        }
    }

    @Test
    void refusalsTakeNoRoom() {
        try (Wal wal = open(options().inFlight(3, 1 << 20))) {
            append(wal, 1).join();
            wal.seal(TOPIC);
            for (int n = 0; n < 10; n++) {
                assertThat(refused(() -> append(wal, 1)).kind()).isEqualTo(Kind.SEALED);
            }
        }
    }

    @Test
    void whatNeedsNoWaitingTakesNoRoom() {
        WalOptions options = options().inFlight(1, 100).fsync(FsyncPolicy.none());
        try (Wal wal = Wal.open(options, new SimulatedDisk(1))) {
            for (int n = 0; n < 10; n++) {
                assertThat(append(wal, 1_000).join()).isEqualTo(n);
            }
        }
    }
}
