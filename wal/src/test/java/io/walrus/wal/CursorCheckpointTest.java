package io.walrus.wal;

import static io.walrus.wal.LogOnDisk.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.wal.disk.Disk;
import io.walrus.wal.sim.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A cursor's move is durable where it belongs before the journal that has it is dropped. Between
 * the sync of the journal and the consumer that waits for it, a checkpoint may pass.
 */
final class CursorCheckpointTest {

    private static final int SEEDS = 8;

    private final LogOnDisk log = new LogOnDisk(FsyncPolicy.each(), Backend.MAPPED);
    private final List<SimulatedDisk> powerCuts = new ArrayList<>();
    private Engine engine;
    private boolean checkpoints;

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aCheckpointThatPassesBeforeTheConsumerRunsMakesTheMoveDurable(Backend backend)
            throws IOException {
        log.appendTexts(0, 3);
        log.wal.close();
        WalOptions options = log.options.backend(backend).observer(new CheckpointAtNextSync());
        engine = Engine.open(options, log.disk, System::nanoTime);
        checkpoints = true;
        new StreamCursors(engine).commit(engine.stream(TOPIC), "reader", 2);
        engine.close();

        assertThat(powerCuts).hasSize(SEEDS);
        for (SimulatedDisk after : powerCuts) {
            dropJournal(after);
            log.disk = after;
            log.open();
            assertThat(log.wal.cursor(TOPIC, "reader")).hasValue(2);
            log.wal.close();
        }
    }

    /** The committer's own next sync is that of the journal with the move in it. */
    private final class CheckpointAtNextSync implements WalObserver {

        @Override
        public void synced(long nanos) {
            if (checkpoints && Thread.currentThread().getName().contains("committer")) {
                checkpoints = false;
                try {
                    engine.syncer().syncAll();
                } catch (IOException failed) {
                    throw new AssertionError(failed);
                }
                for (int seed = 0; seed < SEEDS; seed++) {
                    powerCuts.add(log.disk.copy().crash(seed));
                }
            }
        }
    }

    private static void dropJournal(Disk disk) throws IOException {
        Path journal = LogOnDisk.DIR.resolve("journal");
        for (String name : disk.list(journal)) {
            disk.delete(journal.resolve(name));
        }
        disk.syncDirectory(journal);
    }
}
