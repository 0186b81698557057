package io.walrus.wal;

import static io.walrus.wal.LogOnDisk.DIR;
import static io.walrus.wal.LogOnDisk.TOPIC;
import static io.walrus.wal.LogOnDisk.bytes;
import static io.walrus.wal.LogOnDisk.refused;
import static io.walrus.wal.LogOnDisk.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.wal.WalException.Kind;
import io.walrus.wal.sim.DiskCall;
import io.walrus.wal.sim.SimulatedDisk;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each fault that one disk may have, and what it must lead to. */
final class FaultTableProofTest {

    private static final FsyncPolicy EACH = FsyncPolicy.each();
    private static final FsyncPolicy NONE = FsyncPolicy.none();

    private final List<LogOnDisk> opened = new ArrayList<>();

    private LogOnDisk logOn(FsyncPolicy policy, Backend backend) {
        var log = new LogOnDisk(policy, backend);
        opened.add(log);
        return log;
    }

    @AfterEach
    void closeAll() {
        opened.forEach(LogOnDisk::closeCrashed);
    }

    // ---- cursors

    @ParameterizedTest
    @EnumSource(Backend.class)
    void afterAFailedMoveNotEvenTheSamePlaceIsPromised(Backend backend) {
        var log = logOn(EACH, backend);
        log.appendTexts(0, 3);
        log.disk.failOnce(DiskCall.FORCE, 0);
        assertThat(refused(() -> log.wal.commit(TOPIC, "reader", 2)).kind()).isEqualTo(Kind.FAILED);
        assertThat(refused(() -> log.wal.commit(TOPIC, "reader", 0)).kind())
                .isEqualTo(Kind.STOPPED);
    }

    // ---- bytes that did not arrive, or rotted

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aTornLastWriteIsCutAndReported(Backend backend) {
        var log = logOn(NONE, backend);
        log.appendTexts(0, 5);
        SimulatedDisk next = log.disk.processCrash();
        log.closeCrashed();
        byte[] file = next.files().get(log.lastFile());
        int last = LogOnDisk.find(file, text(4));
        Arrays.fill(file, last + 3, file.length, (byte) 0);
        next.put(log.lastFile(), file);
        log.disk = next;
        log.open();
        assertThat(log.read(TOPIC)).hasSize(4);
        assertThat(log.wal.recovery().cuts()).hasSize(1);
        assertThat(log.wal.recovery().cuts().get(0).topic()).isEqualTo(TOPIC);
        assertThat(log.append("next")).isEqualTo(4);
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aTailOfZerosIsNoEntryAndNoDamage(Backend backend) {
        var log = logOn(NONE, backend);
        log.appendTexts(0, 5);
        log.killAndOpen();
        assertThat(log.read(TOPIC)).hasSize(5);
        assertThat(log.wal.recovery().cuts()).isEmpty();
        assertThat(log.wal.recovery().damages()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aFlippedBitCostsThatEntryAloneAndStopsAppends(Backend backend) {
        var log = logOn(NONE, backend);
        log.appendTexts(0, 9);
        log.wal.sync();
        SimulatedDisk next = log.disk.processCrash();
        log.closeCrashed();
        log.disk = next;
        Path file = log.lastFile();
        next.flipBit(file, 8L * LogOnDisk.find(next.files().get(file), text(4)));
        log.open();
        assertThat(log.wal.recovery().damages()).hasSize(1);
        assertThat(log.wal.recovery().damages().get(0).offset()).isEqualTo(4);
        WalException damaged = refused(() -> log.wal.readAt(TOPIC, 4, 1));
        assertThat(damaged.kind()).isEqualTo(Kind.DAMAGED);
        assertThat(damaged.file()).isEqualTo(file);
        assertThat(damaged.position()).isPositive();
        assertThat(log.wal.readAt(TOPIC, 5, 1 << 16)).hasSize(4);
        assertThat(log.wal.readAt(TOPIC, 0, 1 << 16)).hasSize(4);
        assertThat(log.refusalOf("more").kind()).isEqualTo(Kind.STOPPED);
        log.wal.append("another", bytes("goes on"));
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aBitThatFlipsUnderAnOpenLogIsFoundByTheRead(Backend backend) {
        var log = logOn(EACH, backend);
        log.appendTexts(0, 9);
        // What is appended is in memory for a while, and read there.
        log.closeAndOpen();
        Path file = log.lastFile();
        log.disk.flipBit(file, 8L * LogOnDisk.find(log.disk.files().get(file), text(4)) + 3);
        assertThat(refused(() -> log.wal.readAt(TOPIC, 4, 1)).kind()).isEqualTo(Kind.DAMAGED);
        assertThat(log.wal.readAt(TOPIC, 5, 1 << 16)).hasSize(4);
        assertThat(log.wal.readAt(TOPIC, 0, 1 << 16)).hasSize(4);
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aFileThatIsGoneCostsItsEntriesAndShiftsNoOthers(Backend backend) throws Exception {
        var log = logOn(NONE, backend);
        log.append("a".repeat(14_000));
        log.append("b".repeat(9_000));
        log.append("c");
        Path second = log.lastFile();
        SimulatedDisk next = log.disk.processCrash();
        log.closeCrashed();
        next.delete(second.resolveSibling("00000001.log"));
        log.disk = next;
        log.open();
        assertThat(refused(() -> log.wal.readAt(TOPIC, 0, 1)).kind()).isEqualTo(Kind.DAMAGED);
        assertThat(log.wal.readAt(TOPIC, 2, 1).get(0).bytes()).isEqualTo(bytes("c"));
        assertThat(log.wal.readAt(TOPIC, 1, 1).get(0).bytes()).startsWith(bytes("bb"));
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aRecycledJournalFullOfOldRecordsBringsNothingBack(Backend backend) {
        var log = logOn(EACH, backend);
        log.wal.append("deleted", bytes("old"));
        byte[] big = bytes("b".repeat(30_000));
        for (int n = 0; n < 300; n++) {
            log.wal.append("filler", big);
        }
        log.wal.delete("deleted");
        log.append("new");
        for (int seed = 0; seed < 20; seed++) {
            SimulatedDisk next = log.disk.copy().crash(seed);
            try (Wal wal = Wal.open(log.options, next)) {
                assertThat(wal.topics()).containsExactlyInAnyOrder("filler", TOPIC);
                assertThat(wal.endOffset("filler")).isEqualTo(300);
                assertThat(wal.endOffset(TOPIC)).isEqualTo(1);
                assertThat(wal.recovery().damages()).isEmpty();
                assertThat(wal.readAt("filler", 299, 1).get(0).bytes()).isEqualTo(big);
            }
        }
        log.wal.close();
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aPayloadThatLooksLikeAFrameIsNeverReadAsOne(Backend backend) {
        var log = logOn(NONE, backend);
        log.appendTexts(0, 3);
        byte[] file = log.disk.files().get(log.lastFile());
        byte[] frames = Arrays.copyOfRange(file, 64, 64 + 400);
        for (int n = 0; n < 8; n++) {
            log.wal.append(TOPIC, frames);
        }
        SimulatedDisk next = log.disk.processCrash();
        log.closeCrashed();
        log.disk = next;
        byte[] whole = next.files().get(log.lastFile());
        for (int cut = 600; cut < 3_600; cut += 13) {
            log.disk = next.copy();
            byte[] torn = whole.clone();
            Arrays.fill(torn, cut, torn.length, (byte) 0);
            log.disk.put(log.lastFile(), torn);
            log.open();
            List<String> read = log.read(TOPIC);
            assertThat(read.subList(0, 3)).containsExactly(text(0), text(1), text(2));
            for (Entry entry : log.wal.readAt(TOPIC, 0, 1 << 20)) {
                if (entry.offset() >= 3) {
                    assertThat(entry.bytes()).isEqualTo(frames);
                }
            }
            log.wal.close();
        }
    }

    // ---- calls that fail

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aForceThatFailsOnceIsFinalUntilTheLogIsOpenedAnew(Backend backend) {
        var log = logOn(EACH, backend);
        log.appendTexts(0, 3);
        log.disk.failOnce(DiskCall.FORCE, 0);
        WalException failed = log.refusalOf("unknown");
        assertThat(failed.kind()).isEqualTo(Kind.FAILED);
        assertThat(failed.mayHaveHappened()).isTrue();
        for (int n = 0; n < 3; n++) {
            WalException stopped = log.refusalOf("refused");
            assertThat(stopped.kind()).isEqualTo(Kind.STOPPED);
            assertThat(stopped.mayHaveHappened()).isFalse();
        }
        assertThat(refused(log.wal::sync).kind()).isIn(Kind.STOPPED, Kind.FAILED);
        assertThat(refused(() -> log.wal.seal(TOPIC)).kind()).isIn(Kind.STOPPED, Kind.FAILED);
        assertThat(log.wal.stats().failed()).isTrue();
        assertThat(log.read(TOPIC)).containsExactly(text(0), text(1), text(2));
        log.cutPowerAndOpen(5);
        assertThat(log.read(TOPIC)).startsWith(text(0), text(1), text(2));
        assertThat(log.read(TOPIC)).doesNotContain("refused");
        log.append("again");
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void everyoneWhoWaitsForAFailedForceHearsUnknown(Backend backend) {
        var log = logOn(EACH, backend);
        log.appendTexts(0, 1);
        log.disk.failOnce(DiskCall.FORCE, 0);
        List<CompletableFuture<Long>> waiting = new ArrayList<>();
        for (int n = 0; n < 20; n++) {
            try {
                waiting.add(
                        log.wal
                                .appendAsync(TOPIC, ByteBuffer.wrap(bytes("waits")))
                                .toCompletableFuture());
            } catch (WalException late) {
                assertThat(late.kind()).isEqualTo(Kind.STOPPED);
            }
        }
        assertThat(waiting).isNotEmpty();
        for (CompletableFuture<Long> each : waiting) {
            assertThat(each.handle((offset, thrown) -> kindOf(thrown)).join())
                    .isIn(Kind.FAILED, Kind.STOPPED);
        }
        assertThat(log.wal.endOffset(TOPIC)).isEqualTo(1);
    }

    private static Kind kindOf(Throwable thrown) {
        Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
        return cause instanceof WalException refused ? refused.kind() : null;
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aFailedBackgroundFlushStopsTheLogToo(Backend backend) {
        var log = logOn(FsyncPolicy.every(Duration.ofMillis(1)), backend);
        log.appendTexts(0, 1);
        log.disk.failAlways(DiskCall.FORCE, path -> true);
        Awaitility.await()
                .until(
                        () -> {
                            try {
                                log.append("more");
                                return false;
                            } catch (WalException stopped) {
                                return stopped.kind() == Kind.STOPPED;
                            }
                        });
        log.disk.heal();
        assertThat(log.refusalOf("never again").kind()).isEqualTo(Kind.STOPPED);
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aFullDiskRefusesBeforeWritingAndHealsByItself(Backend backend) {
        for (FsyncPolicy policy : List.of(EACH, NONE)) {
            var log = logOn(policy, backend);
            log.append("before");
            log.disk.leaveRoom(0);
            int written = appendUntilFull(log);
            WalException full = log.refusalOf("z".repeat(20_000));
            assertThat(full.kind()).isEqualTo(Kind.FULL);
            assertThat(full.mayRetry()).isTrue();
            assertThat(full.mayHaveHappened()).isFalse();
            assertThat(log.read(TOPIC)).hasSize(1 + written);
            assertThat(log.wal.readNext(TOPIC, true)).isPresent();
            log.wal.commit(TOPIC, "", 1);
            assertThat(log.wal.stats().failed()).isFalse();
            log.disk.heal();
            assertThat(log.append("z".repeat(20_000))).isEqualTo(1 + written);
            log.killAndOpen();
            assertThat(log.wal.endOffset(TOPIC)).isEqualTo(2 + written);
        }
    }

    private static int appendUntilFull(LogOnDisk log) {
        for (int n = 0; ; n++) {
            try {
                log.append("y".repeat(1_000));
            } catch (WalException full) {
                assertThat(full.kind()).as(full.getMessage()).isEqualTo(Kind.FULL);
                return n;
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void deletingWorksOnAFullDiskAndGivesRoom(Backend backend) {
        var log = logOn(EACH, backend);
        log.append("kept");
        log.wal.append("big", bytes("b".repeat(200_000)));
        log.disk.leaveRoom(0);
        appendUntilFull(log);
        log.wal.delete("big");
        assertThat(log.wal.topics()).containsExactly(TOPIC);
        log.append("z".repeat(20_000));
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aReadOnlyDirectoryIsNotOpenedAndNotTouched(Backend backend) {
        var log = logOn(EACH, backend);
        log.append("kept");
        log.wal.close();
        log.disk.readOnly(true);
        WalException refused = refused(log::open);
        assertThat(refused.kind()).isEqualTo(Kind.IO);
        log.disk.heal();
        log.open();
        assertThat(log.read(TOPIC)).containsExactly("kept");
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aDiskThatTurnsReadOnlyStopsAppendsAndNoReads(Backend backend) {
        var log = logOn(EACH, backend);
        log.append("kept");
        log.disk.readOnly(true);
        assertThat(log.refusalOf("refused").kind()).isEqualTo(Kind.FAILED);
        assertThat(log.refusalOf("refused").kind()).isEqualTo(Kind.STOPPED);
        assertThat(log.read(TOPIC)).containsExactly("kept");
    }

    @Test
    void aReadThatFailsSaysSoAndTheNextOneIsTriedAgain() {
        var log = logOn(NONE, Backend.FILE_CHANNEL);
        log.append("kept");
        log.disk.failOnce(DiskCall.READ, 0);
        WalException failed = refused(() -> log.wal.readAt(TOPIC, 0, 1));
        assertThat(failed.kind()).isEqualTo(Kind.IO);
        assertThat(failed.mayRetry()).isTrue();
        assertThat(log.read(TOPIC)).containsExactly("kept");
        log.append("appends go on");
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aShortWriteIsNoAckAndLeavesNoGarbage(Backend backend) {
        for (int seed = 0; seed < 20; seed++) {
            var log = logOn(EACH, backend);
            log.appendTexts(0, 3 + seed);
            log.disk.failOnce(DiskCall.WRITE, 0);
            assertThat(log.refusalOf("w".repeat(900)).kind()).isEqualTo(Kind.FAILED);
            log.killAndOpen();
            List<String> read = log.read(TOPIC);
            assertThat(read.subList(0, 3 + seed))
                    .isEqualTo(IntStream.range(0, 3 + seed).mapToObj(LogOnDisk::text).toList());
            assertThat(read.size()).isBetween(3 + seed, 4 + seed);
            assertThat(log.append("goes on")).isEqualTo(read.size());
            log.wal.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void deletingATopicThatJustBeganANewFileLeavesTheLogWell(Backend backend) {
        for (int n = 0; n < 50; n++) {
            var log = logOn(NONE, backend);
            log.wal.append("deleted", bytes("d".repeat(14_000)));
            log.wal.append("deleted", bytes("d".repeat(9_000)));
            log.wal.delete("deleted");
            log.append("the log goes on");
            log.wal.append("deleted", bytes("and so does the name"));
            assertThat(log.read("deleted")).containsExactly("and so does the name");
            log.wal.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aFileThatCannotBeMappedOrBegunIsARefusalAndTheNextAppendWorks(Backend backend) {
        var log = logOn(NONE, backend);
        log.disk.failOnce(backend == Backend.MAPPED ? DiskCall.MAP : DiskCall.CREATE, 0);
        WalException refused = log.refusalOf("refused");
        assertThat(refused.kind()).isEqualTo(Kind.IO);
        assertThat(refused.mayHaveHappened()).isFalse();
        assertThat(log.append("next")).isZero();
        log.killAndOpen();
        assertThat(log.read(TOPIC)).containsExactly("next");
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aCatalogueThatFailsIsTheEndOfTheLogToo(Backend backend) {
        var log = logOn(NONE, backend);
        log.append("kept");
        log.disk.failOnce(DiskCall.FORCE, path -> path.endsWith("catalog.log"), 0);
        assertThat(refused(() -> log.wal.seal(TOPIC)).mayHaveHappened()).isTrue();
        assertThat(log.refusalOf("not after a seal that may be there").kind())
                .isEqualTo(Kind.STOPPED);
        assertThat(refused(log.wal::sync).kind()).isIn(Kind.STOPPED, Kind.FAILED);
        log.killAndOpen();
        assertThat(log.read(TOPIC)).containsExactly("kept");
    }

    /** What a system keeps in memory after a failed sync looks written, and is not. */
    @ParameterizedTest
    @EnumSource(Backend.class)
    void aSyncThatSucceedsAfterOneThatFailedInAnEarlierLifeKeepsItsPromise(Backend backend) {
        for (FsyncPolicy policy : List.of(EACH, NONE)) {
            for (int seed = 0; seed < 20; seed++) {
                var log = logOn(policy, backend);
                log.appendTexts(0, 40);
                log.wal.commit(TOPIC, "mine", 7);
                log.wal.create("another");
                log.disk.failOnce(DiskCall.FORCE, seed % 4);
                log.disk.failOnce(DiskCall.FORCE, seed % 3);
                try {
                    log.wal.sync();
                    log.wal.seal("another");
                } catch (WalException failed) {
                    assertThat(failed.kind()).isIn(Kind.FAILED, Kind.STOPPED);
                }
                log.closeCrashed();
                log.disk.heal();
                log.open();
                log.wal.sync();
                log.cutPowerAndOpen(seed);
                assertThat(log.read(TOPIC))
                        .isEqualTo(IntStream.range(0, 40).mapToObj(LogOnDisk::text).toList());
                assertThat(log.wal.cursor(TOPIC, "mine")).hasValue(7);
                assertThat(log.wal.exists("another")).isTrue();
                assertThat(log.wal.recovery().damages()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aCommitOfWhatALazyReaderHasReachedIsPersisted(Backend backend) {
        var log = logOn(EACH, backend);
        WalOptions lazy = log.options.reads(ReadConsistency.atLeastOnce(100));
        log.wal.close();
        log.wal = Wal.open(lazy, log.disk);
        log.appendTexts(0, 5);
        log.wal.commit(TOPIC, "", 1);
        assertThat(log.wal.readNext(TOPIC, true)).isPresent();
        log.wal.commit(TOPIC, "", 2);
        log.cutPowerAndOpen(1);
        assertThat(log.wal.cursor(TOPIC, "")).hasValue(2);
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aCloseWhoseSyncFailsSaysSo(Backend backend) {
        var log = logOn(NONE, backend);
        log.append("not durable yet");
        log.disk.failOnce(DiskCall.FORCE, 0);
        assertThat(refused(log.wal::close).kind()).isEqualTo(Kind.FAILED);
        assertThat(log.disk.openPaths()).isEmpty();
    }

    // ---- who else is there, and when it is

    @Test
    void aSecondOwnerIsRefusedAndToldWhoTheFirstIs() {
        var log = logOn(EACH, Backend.MAPPED);
        log.append("kept");
        WalException locked = refused(() -> Wal.open(log.options, log.disk));
        assertThat(locked.kind()).isEqualTo(Kind.LOCKED);
        assertThat(locked.getMessage()).contains(Long.toString(ProcessHandle.current().pid()));
        log.append("and the first goes on");
        log.closeAndOpen();
        assertThat(log.read(TOPIC)).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void recoveryTwiceFindsTheSameAsOnce(Backend backend) {
        var log = logOn(EACH, backend);
        log.appendTexts(0, 50);
        log.wal.seal(TOPIC);
        log.wal.append("other", bytes("x"));
        log.cutPowerAndOpen(3);
        List<String> once = log.read(TOPIC);
        log.cutPowerAndOpen(4);
        log.killAndOpen();
        assertThat(log.read(TOPIC)).isEqualTo(once).hasSize(50);
        assertThat(log.wal.isSealed(TOPIC)).isTrue();
        assertThat(log.wal.endOffset("other")).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aClockThatGoesBackAnHourChangesNothingButTimestamps(Backend backend) {
        var log = logOn(EACH, backend);
        log.append("before");
        log.clock.turn(Duration.ofHours(-1));
        log.append("after");
        log.killAndOpen();
        log.append("last");
        assertThat(log.read(TOPIC)).containsExactly("before", "after", "last");
        assertThat(log.wal.readAt(TOPIC, 0, 1 << 16))
                .extracting(Entry::offset)
                .containsExactly(0L, 1L, 2L);
    }

    @Test
    void aDamagedCatalogueIsRefusedAndNotTakenForAFreshLog() {
        var log = logOn(EACH, Backend.MAPPED);
        log.append("kept");
        log.wal.append("second", bytes("kept too"));
        log.wal.close();
        Path catalogue = DIR.resolve("catalog.log");
        byte[] good = log.disk.files().get(catalogue);
        byte[] bad = good.clone();
        Arrays.fill(bad, 128, 256, (byte) 0x5a);
        log.disk.put(catalogue, bad);
        WalException damaged = refused(log::open);
        assertThat(damaged.kind()).isEqualTo(Kind.DAMAGED);
        assertThat(damaged.getMessage()).contains("catalog.log");
        log.disk.put(catalogue, good);
        log.open();
        assertThat(log.wal.topics()).containsExactly("second", TOPIC);
    }

    @Test
    void aCatalogueThatIsGoneIsRefusedAndNotTakenForAFreshLog() throws Exception {
        var log = logOn(EACH, Backend.MAPPED);
        log.append("kept");
        log.wal.close();
        log.disk.delete(DIR.resolve("catalog.log"));
        assertThat(refused(log::open).kind()).isEqualTo(Kind.DAMAGED);
    }

    @Test
    void aDamagedCursorIsAnErrorOfThatCursorAlone() {
        var log = logOn(EACH, Backend.MAPPED);
        log.appendTexts(0, 5);
        log.wal.commit(TOPIC, "mine", 3);
        log.wal.commit(TOPIC, "yours", 4);
        log.wal.close();
        Path cursors = DIR.resolve("cursors.dat");
        byte[] bytes = log.disk.files().get(cursors);
        boolean hurt = false;
        for (int at = 64; at < bytes.length && !hurt; at += 64) {
            if (bytes[at] != 0 || bytes[at + 8] != 0) {
                Arrays.fill(bytes, at, at + 64, (byte) 0x5a);
                hurt = true;
            }
        }
        assertThat(hurt).isTrue();
        log.disk.put(cursors, bytes);
        log.open();
        List<Object> found = new ArrayList<>();
        for (String cursor : List.of("mine", "yours")) {
            try {
                found.add(log.wal.cursor(TOPIC, cursor).getAsLong());
            } catch (WalException damaged) {
                found.add(damaged.kind());
            }
        }
        assertThat(found).isIn(List.of(Kind.DAMAGED, 4L), List.of(3L, Kind.DAMAGED));
        assertThat(log.read(TOPIC)).hasSize(5);
    }

    @Test
    void illegalNamesAreRefusedAndLeaveNothingBehind() {
        var log = logOn(EACH, Backend.MAPPED);
        var before = log.disk.files().keySet();
        for (String name :
                List.of("../x", "a/b", "", ".", "..", "nul\0", "ünïcode", "x".repeat(10_000))) {
            assertThat(refused(() -> log.wal.append(name, bytes("x"))).kind())
                    .as(name)
                    .isEqualTo(Kind.ILLEGAL_NAME);
            assertThat(refused(() -> log.wal.create(name)).kind()).isEqualTo(Kind.ILLEGAL_NAME);
        }
        assertThat(log.disk.files().keySet()).isEqualTo(before);
    }

    @Test
    void anEntryOverTheLimitIsRefusedAndTheNextOneIsNot() {
        var log = logOn(EACH, Backend.MAPPED);
        WalException refused = refused(() -> log.wal.append(TOPIC, new byte[(1 << 20) + 1]));
        assertThat(refused.kind()).isEqualTo(Kind.ENTRY_TOO_LARGE);
        assertThat(log.wal.append(TOPIC, new byte[1 << 20])).isZero();
    }

    // ---- threads

    @ParameterizedTest
    @EnumSource(Backend.class)
    void anInterruptedCallerHurtsNothingAndStaysInterrupted(Backend backend) {
        for (FsyncPolicy policy : List.of(EACH, NONE, FsyncPolicy.window(Duration.ofMillis(1)))) {
            var log = logOn(policy, backend);
            try {
                for (int n = 0; n < 20; n++) {
                    Thread.currentThread().interrupt();
                    log.append(text(n));
                    log.wal.readNext(TOPIC, true);
                    assertThat(Thread.currentThread().isInterrupted()).isTrue();
                }
                log.wal.sync();
                log.wal.seal(TOPIC);
                assertThat(Thread.currentThread().isInterrupted()).isTrue();
            } finally {
                Thread.interrupted();
            }
            assertThat(log.read(TOPIC)).hasSize(20);
            log.closeAndOpen();
            assertThat(log.read(TOPIC)).hasSize(20);
            log.wal.close();
        }
    }

    @Test
    void twoLogsInOneProcessShareNothing() {
        var failing = logOn(EACH, Backend.MAPPED);
        var other = logOn(EACH, Backend.MAPPED);
        failing.disk.failOnce(DiskCall.FORCE, 0);
        assertThat(failing.refusalOf("x").kind()).isEqualTo(Kind.FAILED);
        other.append("y");
        failing.wal.close();
        other.append("z");
        assertThat(other.read(TOPIC)).containsExactly("y", "z");
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void closingLetsGoOfEveryFileAndThread(Backend backend) {
        for (FsyncPolicy policy : List.of(EACH, NONE, FsyncPolicy.every(Duration.ofMillis(1)))) {
            Set<Thread> others = engineThreads();
            var log = logOn(policy, backend);
            for (int topic = 0; topic < 20; topic++) {
                log.wal.append("topic-" + topic, bytes("b".repeat(20_000)));
                log.wal.readNext("topic-" + topic, true);
            }
            assertThat(log.disk.openPaths()).isNotEmpty();
            Set<Thread> itsOwn = engineThreads();
            itsOwn.removeAll(others);
            assertThat(itsOwn).isNotEmpty();
            log.wal.close();
            log.wal.close();
            assertThat(log.disk.openPaths()).isEmpty();
            assertThat(itsOwn).noneMatch(Thread::isAlive);
            assertThat(refused(() -> log.append("late")).kind()).isEqualTo(Kind.CLOSED);
        }
    }

    private static Set<Thread> engineThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("walrus-wal"))
                .collect(Collectors.toSet());
    }
}
