package io.walrus.wal;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/**
 * Readers look for a place while the one writer adds places and the index grows, in every
 * interleaving: whatever a reader finds was added, and nothing that was added before is missed.
 * Public because Lincheck makes instances.
 */
public final class SparseIndexProofTest {

    /** One less than the index holds before it grows. */
    private static final int ADDED_BEFORE = 3;

    private final SparseIndex index = new SparseIndex();
    private int added;

    public SparseIndexProofTest() {
        for (int n = 0; n < ADDED_BEFORE; n++) {
            add();
        }
    }

    @Operation(nonParallelGroup = "the one writer")
    public void add() {
        index.offer(added, added * SparseIndex.STRIDE_BYTES);
        added++;
    }

    /** The position of what is found, which must be the one that was added with it. */
    @Operation
    public int find(int above) {
        int slot = index.floor(Math.floorMod(above, 4) + ADDED_BEFORE - 1L);
        return slot < 0 ? -1 : index.position(slot);
    }

    @Test
    void everyInterleavingIsLikeOneAfterTheOther() {
        new ModelCheckingOptions()
                .iterations(3)
                .invocationsPerIteration(200)
                .threads(3)
                .actorsPerThread(3)
                .check(SparseIndexProofTest.class);
    }
}
