package io.walrus.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walrus.wal.disk.Disk;
import io.walrus.wal.format.JournalHeader;
import io.walrus.wal.format.LittleEndian;
import io.walrus.wal.sim.SimulatedDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How the journal's files follow each other. */
@Timeout(60)
final class JournalTest {

    private static final Path DIR = Path.of("/journal");
    private static final int FILE_BYTES = 1 << 20;

    private final SimulatedDisk disk = new SimulatedDisk(1);
    private final AtomicInteger salts = new AtomicInteger();
    private Journal journal;

    @BeforeEach
    void open() throws IOException {
        disk.createDirectories(DIR);
        journal = new Journal(disk, DIR, salts::incrementAndGet, 0, FILE_BYTES);
    }

    /** A cursor's move that is replayed before an older one would go back. */
    @Test
    void filesAreUsedInTheOrderOfTheirSequencesAlsoWithoutASpare() throws IOException {
        List<Long> used = new ArrayList<>();
        used.add(activeSequence());
        journal.prepareSpare();
        journal.rotate(syncer(() -> {}));
        disk.leaveRoom(FILE_BYTES); // too little for another file
        for (int n = 0; n < 6; n++) {
            journal.rotate(syncer(() -> {}));
            used.add(activeSequence());
        }
        assertThat(used).isSorted().doesNotHaveDuplicates();
    }

    /** The disk says that there is room, and then there is none: a quota, or others that write. */
    @Test
    void goesOnWithoutASpareThatThereWasNoSpaceFor() throws IOException {
        journal = new Journal(sayingThereIsRoom(disk), DIR, salts::incrementAndGet, 9, FILE_BYTES);
        disk.leaveRoom(FILE_BYTES / 2);
        fill();
        journal.prepareSpare();
        assertThat(disk.availableBytes(DIR)).as("nothing is left of it").isEqualTo(FILE_BYTES / 2);
        assertThat(journal.wantsSpare()).as("not tried for each group").isFalse();
        journal.rotate(syncer(() -> {}));
        assertThat(journal.room()).isGreaterThan(FILE_BYTES / 2);
        disk.heal();
        fill();
        assertThat(journal.wantsSpare()).isTrue();
        journal.prepareSpare();
        assertThat(journal.wantsSpare()).isFalse();
    }

    private static Disk sayingThereIsRoom(SimulatedDisk disk) {
        return (Disk)
                Proxy.newProxyInstance(
                        Disk.class.getClassLoader(),
                        new Class<?>[] {Disk.class},
                        (proxy, method, arguments) -> {
                            try {
                                return method.getName().equals("availableBytes")
                                        ? Long.MAX_VALUE
                                        : method.invoke(disk, arguments);
                            } catch (InvocationTargetException thrown) {
                                throw thrown.getCause();
                            }
                        });
    }

    @Test
    void theNextFileIsMadeWhileACheckpointRuns() throws Exception {
        var running = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        journal.prepareSpare();
        journal.rotate(syncer(() -> {}));
        Syncer slow =
                syncer(
                        () -> {
                            running.countDown();
                            await(goOn);
                        });
        var checkpoint = CompletableFuture.runAsync(() -> checkpoint(slow));
        await(running);
        long before = activeSequence();
        journal.prepareSpare();
        journal.rotate(slow);
        assertThat(activeSequence()).isGreaterThan(before);
        assertThat(checkpoint).isNotDone();
        goOn.countDown();
        checkpoint.get(50, TimeUnit.SECONDS);
    }

    @Test
    void nothingIsMadeAheadWhenTwoFilesWaitForACheckpoint() throws IOException {
        for (int n = 0; n < 2; n++) {
            fill();
            assertThat(journal.wantsSpare()).isTrue();
            journal.prepareSpare();
            journal.rotate(syncer(() -> {}));
        }
        fill();
        assertThat(journal.wantsSpare()).isFalse();
        assertThat(journal.wantsCheckpoint()).isTrue();
        journal.checkpoint(syncer(() -> {}));
        assertThat(journal.bytes()).isEqualTo(3L * FILE_BYTES);
        assertThat(journal.wantsCheckpoint()).isFalse();
    }

    @Test
    void aCheckpointThatFailsFreesNothing() throws IOException {
        journal.prepareSpare();
        journal.rotate(syncer(() -> {}));
        Syncer failing =
                syncer(
                        () -> {
                            throw new IOException("the disk failed");
                        });
        assertThatThrownBy(() -> journal.checkpoint(failing)).isInstanceOf(IOException.class);
        assertThat(journal.wantsCheckpoint()).isTrue();
    }

    /** A checkpoint frees what was retired when it began; the rest is the next one's. */
    @Test
    void aCheckpointThatIsDueWhileOneRunsIsAskedForAtTheNextLook() throws Exception {
        var running = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        Syncer slow =
                syncer(
                        () -> {
                            running.countDown();
                            await(goOn);
                        });
        var health = new LogHealth(WalObserver.NONE, cause -> {});
        var teller = new AckTeller(health, new InFlight(1, 1));
        var flusher = new Flusher(health, slow, teller, FsyncPolicy.none(), System::nanoTime);
        flusher.start();
        var upkeep = new JournalUpkeep(journal, slow, health, Runnable::run, flusher);
        journal.rotate(slow);
        upkeep.look();
        await(running);
        journal.rotate(slow);
        upkeep.look();
        goOn.countDown();
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(
                        () -> {
                            upkeep.look();
                            return !journal.wantsCheckpoint();
                        });
        assertThat(health.isFailed()).isFalse();
        flusher.close();
        teller.close();
        slow.close();
    }

    private void fill() throws IOException {
        journal.write(ByteBuffer.allocate(journal.room()));
        journal.force();
    }

    private long activeSequence() {
        for (byte[] file : disk.files().values()) {
            ByteBuffer head = LittleEndian.allocate(JournalHeader.BYTES);
            head.put(file, 0, JournalHeader.BYTES).flip();
            JournalHeader header = JournalHeader.read(head);
            if (header.salt() == journal.salt()) {
                return header.sequence();
            }
        }
        throw new AssertionError("expected the file with the active salt");
    }

    private void checkpoint(Syncer syncer) {
        try {
            journal.checkpoint(syncer);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(50, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stopped) {
            throw new AssertionError(stopped);
        }
    }

    /** A syncer that has nothing but the catalogue to force, which does something. */
    private Syncer syncer(Syncer.Force catalog) {
        var records =
                new Syncer.LogRecords() {
                    @Override
                    public void forceCatalog() throws IOException {
                        catalog.run();
                    }

                    @Override
                    public void forceCursors() {}

                    @Override
                    public boolean isCatalogDirty() {
                        return true;
                    }

                    @Override
                    public boolean areCursorsDirty() {
                        return false;
                    }
                };
        var openFiles = new OpenFiles(16, WalObserver.NONE);
        return new Syncer(disk, new DirtyFiles(openFiles), WalObserver.NONE, records, openFiles);
    }
}
