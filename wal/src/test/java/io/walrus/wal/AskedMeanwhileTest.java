package io.walrus.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.wal.sim.SimulatedDisk;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * With too many files open, a sync is asked for so that they can be closed; what is written while
 * that sync runs has one of its own.
 */
final class AskedMeanwhileTest {

    private static final int FILES_MAX = 1;

    private final SimulatedDisk disk = new SimulatedDisk(1);
    private final AtomicInteger asked = new AtomicInteger();
    private final OpenFiles openFiles = new OpenFiles(FILES_MAX, WalObserver.NONE);
    private final DirtyFiles dirty = new DirtyFiles(openFiles);
    private final OneFileStreams small = new OneFileStreams(disk, openFiles, dirty);
    private Runnable behindTheFiles = () -> {};
    private final Syncer syncer =
            new Syncer(disk, dirty, WalObserver.NONE, new Records(), openFiles);

    @BeforeEach
    void ask() {
        openFiles.syncBy(asked::incrementAndGet);
    }

    @Test
    void aFileThatIsWrittenWhileASyncRunsIsAskedForAtItsEnd() throws IOException {
        write(1);
        write(2);
        assertThat(asked).hasValue(1);
        behindTheFiles =
                () -> {
                    write(3);
                    write(4);
                    assertThat(asked).hasValue(1);
                };
        syncer.syncAll();
        assertThat(asked).hasValue(2);
        behindTheFiles = () -> {};
        syncer.syncAll();
        assertThat(disk.openPaths()).hasSizeLessThanOrEqualTo(FILES_MAX);
        assertThat(asked).hasValue(2);
    }

    @Test
    void filesThatAreWrittenAgainWhileASyncRunsAreAskedForAtItsEnd() throws IOException {
        Stream first = write(1);
        Stream second = write(2);
        behindTheFiles =
                () -> {
                    small.write(first);
                    small.write(second);
                };
        syncer.syncAll();
        assertThat(asked).hasValue(2);
    }

    @Test
    void oneThatFitsIsNotAskedFor() throws IOException {
        Stream first = write(1);
        write(2);
        behindTheFiles = () -> small.write(first);
        syncer.syncAll();
        assertThat(asked).hasValue(1);
        assertThat(disk.openPaths()).hasSize(FILES_MAX);
    }

    @Test
    void manyThatAskBeforeTheSyncHaveOneSync() throws IOException {
        for (int id = 1; id < 10; id++) {
            write(id);
        }
        assertThat(asked).hasValue(1);
        syncer.syncAll();
        assertThat(asked).hasValue(1);
        assertThat(disk.openPaths()).hasSizeLessThanOrEqualTo(FILES_MAX);
    }

    /** Until the deletion is recorded it may be refused, and the stream goes on. */
    @Test
    void aStreamWhoseDeletionWasAskedForIsSynced() throws IOException {
        Stream asked = write(1);
        Stream gone = write(2);
        asked.markDeleted(true);
        gone.markDeleted(true);
        gone.markGone();
        syncer.syncAll();
        asked.markDeleted(false);
        assertThat(asked.chain().last().isDirty()).isFalse();
        assertThat(disk.crash(1).files().get(asked.chain().last().path())).hasSize(Long.BYTES);
        assertThat(gone.chain().last().isDirty()).isTrue();
    }

    private Stream write(int id) {
        Stream stream = small.create(id);
        small.write(stream);
        return stream;
    }

    /** The cursors are forced behind the files, and before anybody may ask again. */
    private final class Records implements Syncer.LogRecords {

        @Override
        public void forceCatalog() {}

        @Override
        public void forceCursors() {
            behindTheFiles.run();
        }

        @Override
        public boolean isCatalogDirty() {
            return false;
        }

        @Override
        public boolean areCursorsDirty() {
            return true;
        }
    }
}
