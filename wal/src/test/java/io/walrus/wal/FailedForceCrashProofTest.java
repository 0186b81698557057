package io.walrus.wal;

import static io.walrus.wal.LogOnDisk.DIR;
import static io.walrus.wal.LogOnDisk.TOPIC;
import static io.walrus.wal.LogOnDisk.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.wal.WalException.Kind;
import io.walrus.wal.sim.DiskCall;
import io.walrus.wal.sim.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A topic of several files of which some were never synced: what a power cut leaves of them is told
 * as cut, never as damage, and the topic goes on. Also where a force failed just before, and the
 * process or the machine ended at any step between that and the mark that a failed force leaves.
 */
final class FailedForceCrashProofTest {

    private static final int SYNCED = 30;
    private static final int ALL = 60;
    private static final int STEPS = 4;
    private static final int SEEDS = 12;

    private int marked;
    private int unmarked;

    /** Every fifth fills half of a first file. */
    private static String text(int n) {
        return LogOnDisk.text(n) + "y".repeat(n % 5 == 0 ? 9_000 : 100);
    }

    private static List<String> texts(int count) {
        return IntStream.range(0, count).mapToObj(FailedForceCrashProofTest::text).toList();
    }

    private static LogOnDisk logOf(FsyncPolicy policy, Backend backend) {
        var log = new LogOnDisk(policy, backend);
        // A sector of which a part arrived looks like rot, and is told as such.
        log.disk.keepSectorsWhole();
        return log;
    }

    private static void append(LogOnDisk log, int from, int to) {
        IntStream.range(from, to).forEach(n -> log.append(text(n)));
    }

    /** What is there is a beginning of what was appended, nothing is damaged, and it goes on. */
    private static int requireWhole(LogOnDisk log, int promised, String how) {
        assertThat(log.wal.recovery().damages()).as(how).isEmpty();
        List<String> found = log.wal.exists(TOPIC) ? log.read(TOPIC) : List.of();
        assertThat(found)
                .as(how)
                .isEqualTo(texts(found.size()))
                .hasSizeGreaterThanOrEqualTo(promised);
        assertThat(log.append("goes on")).as(how).isEqualTo(found.size());
        return found.size();
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void filesThatWereNeverSyncedAreCutByAPowerCutAndNeverDamaged(Backend backend)
            throws IOException {
        int lost = 0;
        for (int seed = 0; seed < 10 * SEEDS; seed++) {
            var log = logOf(FsyncPolicy.none(), backend);
            int count = 10 + seed % 50;
            append(log, 0, count);
            // A file system keeps the order of names: one does not vanish while later ones stay.
            log.disk.syncDirectory(log.lastFile().getParent().getParent());
            log.disk.syncDirectory(log.lastFile().getParent());
            log.cutPowerAndOpen(seed);
            int kept = requireWhole(log, 0, "seed " + seed);
            lost += kept < count && !log.wal.recovery().cuts().isEmpty() ? 1 : 0;
            log.wal.sync();
            log.cutPowerAndOpen(seed);
            assertThat(log.wal.recovery().damages()).as("seed %d", seed).isEmpty();
            assertThat(log.wal.endOffset(TOPIC)).as("seed %d", seed).isEqualTo(kept + 1);
            log.wal.close();
        }
        assertThat(lost).isGreaterThan(SEEDS);
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aPowerCutBetweenAFailedForceAndItsMarkTakesNothingThatWasPromised(Backend backend) {
        for (int step = 0; step < STEPS; step++) {
            for (int seed = 0; seed < SEEDS; seed++) {
                String how = "step %d, seed %d".formatted(step, seed);
                LogOnDisk byHand = failed(FsyncPolicy.none(), backend, step, seed);
                openOn(byHand, byHand.disk.crash(seed));
                requireWhole(byHand, SYNCED, how);
                byHand.wal.close();
                LogOnDisk each = failed(FsyncPolicy.each(), backend, step, seed);
                openOn(each, each.disk.crash(seed));
                requireWhole(each, ALL, how);
                each.wal.close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aProcessThatDiesBetweenAFailedForceAndItsMarkLosesNothingItself(Backend backend) {
        for (int step = 0; step < STEPS; step++) {
            for (int seed = 0; seed < SEEDS; seed++) {
                dieAndLosePower(FsyncPolicy.none(), backend, step, seed);
                dieAndLosePower(FsyncPolicy.each(), backend, step, seed);
            }
        }
        assertThat(marked).as("lives whose mark was left").isPositive();
        assertThat(unmarked).as("lives that ended before their mark").isPositive();
    }

    /**
     * Where there is a mark, the next life writes everything again, and its sync means something.
     * Where there is none, nobody knows of the failed force: what was promised before it is kept
     * all the same, and what is lost is told.
     */
    private void dieAndLosePower(FsyncPolicy policy, Backend backend, int step, int seed) {
        String how = "%s, step %d, seed %d".formatted(policy, step, seed);
        LogOnDisk log = failed(policy, backend, step, seed);
        SimulatedDisk next = log.disk.processCrash();
        boolean mark = next.exists(DIR.resolve(FailureMark.NAME));
        marked += mark ? 1 : 0;
        unmarked += mark ? 0 : 1;
        openOn(log, next);
        assertThat(requireWhole(log, ALL, how)).isEqualTo(ALL);
        log.wal.sync();
        log.cutPowerAndOpen(seed);
        if (mark || policy instanceof FsyncPolicy.Each) {
            assertThat(log.wal.recovery().damages()).as(how).isEmpty();
            assertThat(log.wal.endOffset(TOPIC)).as(how).isEqualTo(ALL + 1);
        } else {
            requirePromisedOrTold(log, how);
        }
        log.wal.close();
    }

    /** The append that hears of it may be there or not: so it was told. */
    @ParameterizedTest
    @EnumSource(Backend.class)
    void aJournalWhoseForceFailedKeepsWhatWasAcknowledgedBefore(Backend backend) {
        for (int step = 0; step < STEPS; step++) {
            for (int seed = 0; seed < SEEDS; seed++) {
                failInTheJournal(backend, step, seed, true);
                failInTheJournal(backend, step, seed, false);
            }
        }
    }

    private static void failInTheJournal(Backend backend, int step, int seed, boolean machineToo) {
        String how = "step %d, seed %d, machine too: %s".formatted(step, seed, machineToo);
        LogOnDisk log = logOf(FsyncPolicy.each(), backend);
        append(log, 0, SYNCED);
        log.disk.cutPowerAfterFault(step);
        log.disk.failOnce(DiskCall.FORCE, file -> file.toString().contains("/journal/"), 0);
        WalException unknown = refused(() -> log.append(text(SYNCED)));
        assertThat(unknown.kind()).as(how).isEqualTo(Kind.FAILED);
        assertThat(unknown.mayHaveHappened()).as(how).isTrue();
        openOn(log, machineToo ? log.disk.crash(seed) : log.disk.processCrash());
        int found = requireWhole(log, SYNCED, how);
        assertThat(found).as(how).isLessThanOrEqualTo(SYNCED + 1);
        log.cutPowerAndOpen(seed);
        assertThat(log.wal.recovery().damages()).as(how).isEmpty();
        assertThat(log.wal.endOffset(TOPIC)).as(how).isEqualTo(found + 1);
        log.wal.close();
    }

    private static void requirePromisedOrTold(LogOnDisk log, String how) {
        RecoveryReport report = log.wal.recovery();
        boolean told = !report.damages().isEmpty() || !report.cuts().isEmpty();
        assertThat(told || log.wal.endOffset(TOPIC) == ALL + 1).as(how).isTrue();
        for (int n = 0; n < SYNCED; n++) {
            Entry entry = log.wal.readAt(TOPIC, n, 1).get(0);
            assertThat(entry.bytes()).as(how).isEqualTo(LogOnDisk.bytes(text(n)));
        }
    }

    /** Some entries synced, more appended, then a force of their file that fails, then the end. */
    private static LogOnDisk failed(FsyncPolicy policy, Backend backend, int step, int seed) {
        LogOnDisk log = logOf(policy, backend);
        append(log, 0, SYNCED);
        log.wal.sync();
        append(log, SYNCED, ALL);
        log.disk.cutPowerAfterFault(step);
        log.disk.failOnce(DiskCall.FORCE, FailedForceCrashProofTest::isOfAStream, seed % 2);
        assertThat(refused(log.wal::sync).kind()).isIn(Kind.FAILED, Kind.IO);
        return log;
    }

    private static boolean isOfAStream(Path file) {
        return file.toString().contains("/streams/");
    }

    private static void openOn(LogOnDisk log, SimulatedDisk next) {
        log.closeCrashed();
        log.disk = next;
        log.disk.keepSectorsWhole();
        log.open();
    }
}
