package io.walrus.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GatheringTest {

    private static final long LONG_NANOS = 600_000_000_000L;

    private final PendingQueue queue = new PendingQueue();
    private final Gathering gathering = new Gathering(queue, Duration.ofMillis(1));

    @Test
    void waitsForThoseItLetGoAndThoseWhoWaitAlready() {
        synced(100_000, 3);
        put(2);
        synced(100_000, 3);
        assertThat(gathering.goal()).isEqualTo(5);
        assertThat(gathering.goal()).as("once a group").isZero();
    }

    @Test
    void nobodyIsWaitedForWithoutThreads() {
        synced(100_000, 0);
        assertThat(gathering.goal()).isZero();
        synced(100_000, 1);
        assertThat(gathering.goal()).as("the first to come is all there will be").isZero();
        synced(100_000, 17);
        assertThat(gathering.goal()).as("many gather by themselves").isZero();
    }

    @Test
    void fastSyncIsNotWaitedBefore() {
        synced(5_000, 4);
        assertThat(gathering.goal()).isZero();
    }

    @Test
    void whoDoesNotComeBackIsWaitedForLessAndLess() {
        int[] groupsBetween = new int[4];
        for (int wait = 0; wait < groupsBetween.length; wait++) {
            synced(100_000, 4);
            while (gathering.goal() == 0) {
                groupsBetween[wait]++;
                synced(100_000, 4);
            }
            gathering.gathered(1);
        }
        assertThat(groupsBetween).containsExactly(0, 1, 3, 7);
    }

    @Test
    void whoComesBackIsWaitedForAgain() {
        synced(100_000, 4);
        assertThat(gathering.goal()).isEqualTo(4);
        gathering.gathered(0);
        synced(100_000, 4);
        assertThat(gathering.goal()).isZero();
        for (int group = 0; group < 3; group++) {
            synced(100_000, 4);
            assertThat(gathering.goal()).isEqualTo(4);
            gathering.gathered(3);
        }
    }

    @Test
    void fewThreadsStayAwakeForAFastSync() {
        synced(100_000, 4);
        assertThat(gathering.spinNanos()).isPositive();
        synced(100_000, 2);
        assertThat(gathering.spinNanos()).as("two gain little").isZero();
        synced(100_000, 40);
        assertThat(gathering.spinNanos()).as("many would be in each other's way").isZero();
        synced(10_000_000, 4);
        assertThat(gathering.spinNanos()).as("a slow disk").isZero();
    }

    @Test
    void manyThreadsGiveWayBeforeTheySleepIfASyncIsFast() {
        synced(100_000, 40);
        assertThat(gathering.yields()).isPositive();
        synced(100_000, 4);
        assertThat(gathering.yields()).as("few stay awake for a time instead").isZero();
        synced(10_000_000, 40);
        assertThat(gathering.yields()).as("a slow disk").isZero();
    }

    @Test
    void nobodyStaysAwakeIfThatIsNotWanted() {
        var asleep = new Gathering(queue, Duration.ZERO);
        for (int n = 0; n < 200; n++) {
            asleep.synced(100_000, 4);
        }
        assertThat(asleep.spinNanos()).isZero();
        asleep.synced(100_000, 40);
        assertThat(asleep.yields()).isZero();
        assertThatThrownBy(() -> WalOptions.in(Path.of("log")).spin(Duration.ofMillis(11)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected spin: 0 to 10 ms, got PT0.011S");
    }

    @Test
    void sleeperWakesWhenAllAreThere() {
        var gathered = new AtomicInteger();
        var thread = new Thread(() -> gathered.set(queue.gather(3, LONG_NANOS)));
        thread.start();
        awaitSleep(thread);
        put(2);
        assertThat(gathered).hasValue(0);
        put(1);
        await().until(() -> !thread.isAlive());
        assertThat(gathered).hasValue(3);
    }

    @Test
    void sleeperWakesForFewerWhenTheTimeIsOverOrSomebodyWakesHim() {
        put(1);
        assertThat(queue.gather(2, 1_000)).isEqualTo(1);
        var gathered = new AtomicInteger();
        var thread = new Thread(() -> gathered.set(queue.gather(2, LONG_NANOS)));
        thread.start();
        awaitSleep(thread);
        queue.wake();
        await().until(() -> !thread.isAlive());
        assertThat(gathered).hasValue(1);
    }

    private static void awaitSleep(Thread thread) {
        await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
    }

    /** As often as it takes to be the time that syncs take. */
    private void synced(long nanos, int threads) {
        for (int n = 0; n < 200; n++) {
            gathering.synced(nanos, threads);
        }
    }

    private void put(int count) {
        for (int n = 0; n < count; n++) {
            queue.put(Pending.async(null, new CompletableFuture<>()));
        }
    }
}
