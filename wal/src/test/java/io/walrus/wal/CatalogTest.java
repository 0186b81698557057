package io.walrus.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walrus.wal.disk.Disk;
import io.walrus.wal.disk.RealDisk;
import io.walrus.wal.sim.DiskCall;
import io.walrus.wal.sim.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the catalogue does; its faults are told in {@link CatalogFaultTest}. */
class CatalogTest {

    private static final Path DIR = Path.of("/log");

    private final SimulatedDisk disk = new SimulatedDisk(1);

    @BeforeEach
    void directory() throws IOException {
        disk.createDirectories(DIR);
    }

    private Catalog open() {
        return Catalog.open(disk, DIR, 1_000);
    }

    @Test
    void aNewDirectoryHasNoStreams() {
        try (Catalog catalog = open()) {
            assertThat(catalog.streams()).isEmpty();
            assertThat(catalog.isDirty()).isFalse();
            assertThat(catalog.cut()).isEmpty();
            assertThat(catalog.cursorSlotsInUse()).isZero();
        }
    }

    @Test
    void everythingIsThereAfterReopening() {
        StreamRecord a;
        try (Catalog catalog = open()) {
            a = catalog.create("a");
            StreamRecord b = catalog.create("b");
            catalog.sealed(b.id(), 17);
            catalog.truncatedBefore(b.id(), 5);
            catalog.cursorSlot(a.id(), "");
            catalog.cursorSlot(a.id(), "billing");
        }
        try (Catalog catalog = open()) {
            assertThat(catalog.streams().values())
                    .containsExactly(a, new StreamRecord(a.id() + 1, "b", true, 17, 5));
            assertThat(catalog.cursorSlots(a.id())).isEqualTo(Map.of("", 0, "billing", 1));
            assertThat(catalog.findCursorSlot(a.id(), "billing")).hasValue(1);
            assertThat(catalog.findCursorSlot(a.id(), "other")).isEmpty();
            assertThat(catalog.cursorSlotsInUse()).isEqualTo(2);
        }
    }

    @Test
    void creatingTwiceAnswersWithTheSameStream() {
        try (Catalog catalog = open()) {
            assertThat(catalog.create("a")).isEqualTo(catalog.create("a"));
            assertThat(catalog.streams()).hasSize(1);
        }
    }

    @Test
    void aNewStreamIsDirtyUntilForcedAndASealForcesItself() {
        try (Catalog catalog = open()) {
            StreamRecord a = catalog.create("a");
            assertThat(catalog.isDirty()).isTrue();
            catalog.force();
            assertThat(catalog.isDirty()).isFalse();
            catalog.sealed(a.id(), 3);
            assertThat(catalog.isDirty()).isFalse();
        }
    }

    @Test
    void aStreamsStartNeverGoesBack() {
        try (Catalog catalog = open()) {
            StreamRecord a = catalog.create("a");
            catalog.truncatedBefore(a.id(), 10);
            catalog.truncatedBefore(a.id(), 4);
            assertThat(catalog.streams().get("a").startOffset()).isEqualTo(10);
        }
    }

    @Test
    void idsOfDeletedStreamsAreNeverUsedAgainButTheirSlotsAre() {
        long deleted;
        try (Catalog catalog = open()) {
            deleted = catalog.create("a").id();
            catalog.cursorSlot(deleted, "c");
            catalog.deleted(deleted);
            assertThat(catalog.streams()).isEmpty();
        }
        try (Catalog catalog = open()) {
            StreamRecord again = catalog.create("a");
            assertThat(again.id()).isGreaterThan(deleted);
            assertThat(catalog.findCursorSlot(again.id(), "c")).isEqualTo(OptionalInt.empty());
            assertThat(catalog.cursorSlot(again.id(), "c")).isZero();
        }
    }

    @Test
    void idsStayUsedUpAfterTheFileWasMadeSmall() {
        long last = 0;
        try (Catalog catalog = open()) {
            for (int i = 0; i < 1_000; i++) {
                last = catalog.create("t" + i).id();
                catalog.deleted(last);
            }
        }
        int before = sizeOf("catalog.log");
        open().close();
        assertThat(sizeOf("catalog.log")).isLessThan(before / 4);
        try (Catalog catalog = open()) {
            assertThat(catalog.create("next").id()).isEqualTo(last + 1);
        }
    }

    @Test
    void aStreamThatIsGoneIsRefused() {
        try (Catalog catalog = open()) {
            long id = catalog.create("a").id();
            catalog.deleted(id);
            List<Runnable> calls =
                    List.of(
                            () -> catalog.sealed(id, 1),
                            () -> catalog.truncatedBefore(id, 1),
                            () -> catalog.deleted(id),
                            () -> catalog.cursorSlot(id, "c"));
            for (Runnable call : calls) {
                assertThatThrownBy(call::run)
                        .isInstanceOfSatisfying(
                                WalException.class,
                                refused ->
                                        assertThat(refused.kind())
                                                .isEqualTo(WalException.Kind.NO_TOPIC));
            }
        }
    }

    @Test
    void anIdWithFilesButWithoutARecordIsNotGivenAway() throws IOException {
        open().close();
        disk.createDirectories(DIR.resolve("streams/000000000000002a"));
        try (Catalog catalog = open()) {
            assertThat(catalog.create("a").id()).isEqualTo(43);
        }
    }

    @Test
    void threadsMayCreateAtTheSameTime() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (Catalog catalog = open()) {
            List<Callable<Void>> work = new ArrayList<>();
            for (int worker = 0; worker < 4; worker++) {
                int mine = worker;
                work.add(
                        () -> {
                            for (int i = 0; i < 200; i++) {
                                catalog.cursorSlot(catalog.create("t" + i).id(), "c" + mine);
                                catalog.force();
                            }
                            return null;
                        });
            }
            for (Future<Void> done : threads.invokeAll(work)) {
                done.get();
            }
        } finally {
            threads.shutdown();
        }
        try (Catalog catalog = open()) {
            assertThat(catalog.streams()).hasSize(200);
            assertThat(catalog.streams().values().stream().map(StreamRecord::id))
                    .doesNotHaveDuplicates();
            assertThat(catalog.cursorSlotsInUse()).isEqualTo(800);
        }
    }

    @Test
    void filesAreClosedAgainWhateverHappens() {
        open().close();
        disk.failOnce(DiskCall.FORCE, 0);
        assertThatThrownBy(this::open).isInstanceOf(WalException.class);
        assertThat(disk.openPaths()).isEmpty();
    }

    @Test
    void itWorksOnARealFileSystemAndKeepsOthersOut(@TempDir Path dir) throws IOException {
        Disk real = new RealDisk();
        try (Catalog catalog = Catalog.open(real, dir, 0)) {
            for (int i = 0; i < 1_000; i++) {
                catalog.create("topic-" + i);
            }
            catalog.force();
        }
        try (Catalog catalog = Catalog.open(real, dir, 0)) {
            assertThat(catalog.streams()).hasSize(1_000);
        }
        assertThat(Files.getPosixFilePermissions(dir.resolve("catalog.log"))).hasSize(2);
    }

    private int sizeOf(String name) {
        return disk.files().get(DIR.resolve(name)).length;
    }
}
