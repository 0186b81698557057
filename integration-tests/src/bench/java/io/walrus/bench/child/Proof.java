package io.walrus.bench.child;

import io.walrus.bench.engine.Engines;
import io.walrus.bench.engine.Ledger;
import java.io.IOException;

/** A rate counts only if what it claims is there: everything acknowledged, unchanged, in order. */
final class Proof {
    private Proof() {}

    static void allThere(Task task, Ledger ledger, Findings findings) throws IOException {
        long good = Engines.countGood(task.engine(), task.setup(), ledger);
        if (good != ledger.total()) {
            throw new IllegalStateException(
                    task.engine() + " acknowledged " + ledger.total() + " entries, but read back " + good);
        }
        findings.put("readBack", good);
    }
}
