package io.walrus.wal;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import io.walrus.wal.sim.SimulatedDisk;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/**
 * With too many files open, whoever writes to one asks for a sync unless one was asked for; in
 * every interleaving of writers with the sync that runs, nobody's file is forgotten. Public because
 * Lincheck makes instances.
 */
public final class AskedAgainProofTest {

    private static final int FILES_MAX = 1;
    private static final int STREAMS = 2;

    private final SimulatedDisk disk = new SimulatedDisk(1);
    private final AtomicInteger asked = new AtomicInteger();
    private final OpenFiles openFiles = new OpenFiles(FILES_MAX, WalObserver.NONE);
    private final DirtyFiles dirty = new DirtyFiles(openFiles);
    private final OneFileStreams small = new OneFileStreams(disk, openFiles, dirty);
    private final Syncer syncer =
            new Syncer(disk, dirty, WalObserver.NONE, new NoRecords(), openFiles);
    private final Stream[] streams = new Stream[STREAMS];
    private int served;

    public AskedAgainProofTest() {
        openFiles.syncBy(asked::incrementAndGet);
        for (int at = 0; at < STREAMS; at++) {
            streams[at] = small.create(at + 1);
        }
        write(0);
        write(1);
    }

    @Operation
    public void write(int at) {
        small.write(streams[at]);
    }

    /** The thread that syncs, if it was asked to. */
    @Operation(nonParallelGroup = "the one that syncs")
    public void sync() throws IOException {
        int asks = asked.get();
        if (served < asks) {
            served = asks;
            syncer.syncAll();
        }
    }

    /** When all is quiet: what owes a sync has one on its way, or few enough files are open. */
    @Operation
    public boolean nobodyIsForgotten() {
        return served < asked.get() || dirty.isEmpty() || disk.openPaths().size() <= FILES_MAX;
    }

    @Test
    void whoeverWritesWhileASyncRunsHasOneOfHisOwn() throws NoSuchMethodException {
        Actor first = writing(0);
        Actor second = writing(1);
        Actor sync = new Actor(AskedAgainProofTest.class.getMethod("sync"), List.of());
        new ModelCheckingOptions()
                .addGuarantee(forClasses(SimulatedDisk.class.getName()).allMethods().ignore())
                .addGuarantee(forClasses("io.walrus.wal.sim.SimulatedFile").allMethods().ignore())
                .addCustomScenario(scenario(List.of(List.of(sync), List.of(first, second))))
                .addCustomScenario(scenario(List.of(List.of(sync, sync), List.of(first, second))))
                .iterations(0)
                .invocationsPerIteration(200)
                .check(AskedAgainProofTest.class);
    }

    private static Actor writing(int at) throws NoSuchMethodException {
        return new Actor(AskedAgainProofTest.class.getMethod("write", int.class), List.of(at));
    }

    private static ExecutionScenario scenario(List<List<Actor>> threads)
            throws NoSuchMethodException {
        Actor check =
                new Actor(AskedAgainProofTest.class.getMethod("nobodyIsForgotten"), List.of());
        return new ExecutionScenario(List.of(), threads, List.of(check), null);
    }

    private static final class NoRecords implements Syncer.LogRecords {

        @Override
        public void forceCatalog() {}

        @Override
        public void forceCursors() {}

        @Override
        public boolean isCatalogDirty() {
            return false;
        }

        @Override
        public boolean areCursorsDirty() {
            return false;
        }
    }
}
