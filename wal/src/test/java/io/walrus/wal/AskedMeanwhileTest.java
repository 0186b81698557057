package io.walrus.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.wal.sim.SimulatedDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
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
                    write(first);
                    write(second);
                };
        syncer.syncAll();
        assertThat(asked).hasValue(2);
    }

    @Test
    void oneThatFitsIsNotAskedFor() throws IOException {
        Stream first = write(1);
        write(2);
        behindTheFiles = () -> write(first);
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

    private Stream write(int id) {
        Stream stream = stream(id);
        write(stream);
        return stream;
    }

    private void write(Stream stream) {
        StreamFile file = stream.chain().last();
        stream.locked(
                () -> {
                    try {
                        file.bytes().reserve(0, Long.BYTES);
                        file.bytes().commit(0, Long.BYTES);
                        dirty.written(stream, file);
                    } catch (IOException failed) {
                        throw new UncheckedIOException(failed);
                    }
                });
    }

    private Stream stream(int id) {
        var stream = new Stream(services(), id, "topic-" + id);
        Path path = stream.chain().dir().resolve(StreamFile.name(1));
        try {
            disk.createDirectories(path.getParent());
            disk.create(path).close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        var bytes = new ChannelBytes(new FileHandle(disk, path, null, openFiles));
        stream.chain().found(new StreamFile[] {new StreamFile(path, 1, 64, bytes)}, 1);
        return stream;
    }

    /** What a stream needs that takes no append of its own. */
    private EngineServices services() {
        return new EngineServices(
                disk,
                LogOnDisk.DIR,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                dirty,
                null,
                null,
                WalObserver.NONE);
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
