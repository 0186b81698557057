package io.walrus.wal;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/**
 * The hand-over from appenders to the committer, in every interleaving: nothing is lost, nothing
 * comes twice, order of putting is order of taking. Public because Lincheck makes instances.
 */
public final class PendingQueueOrderProofTest {

    private final PendingQueue queue = new PendingQueue();

    @Operation
    public void put(int value) {
        Pending pending = Pending.async(null, null);
        pending.result = value;
        queue.put(pending);
    }

    @Operation(nonParallelGroup = "the one taker")
    public List<Long> takeAll() {
        List<Long> taken = new ArrayList<>();
        for (Pending at = queue.takeAll(); at != null; at = at.next) {
            taken.add(at.result);
        }
        return taken;
    }

    @Test
    void aWakeJustBeforeTheSleepIsNotSleptThrough() {
        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> {
                    queue.wake();
                    queue.sleep(Duration.ofHours(1).toNanos());
                });
    }

    @Test
    void everyInterleavingIsLikeOneAfterTheOther() {
        new ModelCheckingOptions()
                .iterations(8)
                .invocationsPerIteration(300)
                .threads(3)
                .actorsPerThread(3)
                .check(PendingQueueOrderProofTest.class);
    }

    @Test
    void underStressItIsLikeOneAfterTheOther() {
        new StressOptions()
                .iterations(5)
                .invocationsPerIteration(300)
                .threads(2)
                .actorsPerThread(4)
                .check(PendingQueueOrderProofTest.class);
    }
}
