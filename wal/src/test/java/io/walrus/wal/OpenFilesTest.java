package io.walrus.wal;

import static io.walrus.wal.LogOnDisk.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walrus.wal.Setups.Setup;
import io.walrus.wal.WalException.Kind;
import io.walrus.wal.sim.DiskCall;
import io.walrus.wal.sim.SimulatedDisk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** With more topics than files may be open, idle ones are closed, and nobody notices. */
final class OpenFilesTest {

    private static final int FILES_MAX = 16;
    private static final int TOPICS = 80;

    private SimulatedDisk disk = new SimulatedDisk(1);
    private Wal wal;

    private void open(Setup setup) {
        Path dir = LogOnDisk.DIR;
        wal = Wal.open(setup.options(dir).openFilesMax(FILES_MAX), disk);
    }

    private static String topic(int n) {
        return "topic-" + n;
    }

    private void appendToAll(String text) {
        for (int n = 0; n < TOPICS; n++) {
            wal.append(topic(n), bytes(text + n));
        }
    }

    private List<String> read(int n) {
        List<String> texts = new ArrayList<>();
        for (Entry entry : wal.readAt(topic(n), 0, 1 << 16)) {
            texts.add(new String(entry.bytes(), StandardCharsets.UTF_8));
        }
        return texts;
    }

    private long streamFilesOpen() {
        return disk.openPaths().stream()
                .filter(path -> path.toString().contains("/streams/"))
                .count();
    }

    /** A preparer may be at work on one that nobody counts yet. */
    private void awaitFewOpen() {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(60))
                .until(() -> streamFilesOpen() <= FILES_MAX);
    }

    @ParameterizedTest
    @MethodSource("io.walrus.wal.Setups#all")
    void onlySoManyStayOpenAndEveryEntryIsThere(Setup setup) {
        open(setup);
        appendToAll("first ");
        awaitFewOpen();
        appendToAll("second ");
        wal.sync();
        awaitFewOpen();
        for (int n = 0; n < TOPICS; n++) {
            assertThat(read(n)).containsExactly("first " + n, "second " + n);
        }
        awaitFewOpen();
        if (setup.backend() == Backend.FILE_CHANNEL) {
            // Through a mapping somebody may be writing just then: the mapping keeps the file
            // known.
            assertThat(disk.closedBehind()).isEmpty();
        }
        wal.close();
        assertThat(disk.openPaths()).isEmpty();
    }

    /** A file that is full gets its mark after its last sync. */
    @ParameterizedTest
    @MethodSource("io.walrus.wal.Setups#all")
    void filesThatAreFullAndSyncedAreClosedTooAndNothingOfThemIsBehind(Setup setup) {
        Path dir = LogOnDisk.DIR;
        WalOptions options = setup.options(dir).openFilesMax(FILES_MAX).fileBytes(64 << 10);
        wal = Wal.open(options, disk);
        for (int n = 0; n < 3 * FILES_MAX; n++) {
            wal.append("long", new byte[40_000]);
            wal.append("long", new byte[40_000]);
            wal.sync();
        }
        awaitFewOpen();
        if (setup.backend() == Backend.FILE_CHANNEL) {
            assertThat(disk.closedBehind()).isEmpty();
        }
        wal.close();
        assertThat(disk.openPaths()).isEmpty();
    }

    /** What is written while the sync runs that was asked for has one of its own asked for. */
    @Test
    void aBurstOfNewTopicsThatEndsInTheMiddleOfASyncLeavesFewOpen() {
        Setup unsynced = new Setup("none", Backend.MAPPED, FsyncPolicy.none());
        for (int round = 0; round < 25; round++) {
            disk = new SimulatedDisk(round);
            open(unsynced);
            appendToAll("first ");
            awaitFewOpen();
            wal.close();
        }
    }

    @ParameterizedTest
    @MethodSource("io.walrus.wal.Setups#all")
    void aPowerCutAfterASyncTakesNothingOfThem(Setup setup) {
        open(setup);
        for (int round = 0; round < 3; round++) {
            appendToAll("round " + round + " of ");
        }
        wal.sync();
        SimulatedDisk next = disk.crash(7);
        closeCrashed();
        disk = next;
        open(setup);
        for (int n = 0; n < TOPICS; n++) {
            assertThat(read(n))
                    .containsExactly("round 0 of " + n, "round 1 of " + n, "round 2 of " + n);
        }
        wal.close();
    }

    private void closeCrashed() {
        try {
            wal.close();
        } catch (WalException off) {
            assertThat(off.kind()).isIn(Kind.IO, Kind.FAILED);
        }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void oneThatCannotBeOpenedAgainRefusesTheAppendAndLosesNothing(Backend backend) {
        open(new Setup("", backend, FsyncPolicy.none()));
        appendToAll("first ");
        wal.sync();
        awaitFewOpen();
        disk.failAlways(DiskCall.OPEN, path -> true);
        int refusals = 0;
        for (int n = 0; n < TOPICS; n++) {
            try {
                wal.append(topic(n), bytes("second " + n));
            } catch (WalException refused) {
                refusals++;
                assertThat(refused.kind()).isEqualTo(Kind.IO);
                assertThat(refused.mayHaveHappened()).isFalse();
                assertThat(refused).hasMessageContaining("open a file for an append");
            }
        }
        // A mapping outlives its handle.
        assertThat(refusals > 0).isEqualTo(backend == Backend.FILE_CHANNEL);
        disk.heal();
        wal.append(topic(0), bytes("third"));
        wal.sync();
        assertThat(read(0)).startsWith("first 0").endsWith("third");
        assertThat(wal.stats().failed()).isFalse();
        wal.close();
    }

    @Test
    void aDiskThatComplainsAboutClosingAnIdleFileIsHeardAndHarmless() {
        var heard = new AtomicBoolean();
        var observer =
                new WalObserver() {
                    @Override
                    public void leftBehind(Path path, Throwable cause) {
                        heard.set(true);
                    }
                };
        disk.failOnce(DiskCall.CLOSE, path -> path.toString().contains("/streams/"), 0);
        wal =
                Wal.open(
                        WalOptions.in(LogOnDisk.DIR)
                                .fsync(FsyncPolicy.none())
                                .openFilesMax(FILES_MAX)
                                .observer(observer),
                        disk);
        appendToAll("first ");
        wal.sync();
        awaitFewOpen();
        assertThat(heard).isTrue();
        assertThat(read(3)).containsExactly("first 3");
        wal.close();
    }

    @Test
    void fewerThanAWorkingNumberIsRefused() {
        assertThatThrownBy(() -> WalOptions.in(LogOnDisk.DIR).openFilesMax(15))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("16 or more, got 15");
    }
}
