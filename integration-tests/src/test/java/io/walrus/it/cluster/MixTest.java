package io.walrus.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.it.disk.LoopDisk;
import io.walrus.it.history.HistoryChecker;
import io.walrus.it.history.HistoryRecorder;
import io.walrus.it.history.Violation;
import io.walrus.it.process.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A cluster of three processes, hurt in an order that a seed gives, while clients write and read;
 * then the history of all clients is held against the promises. One of them sends again what lost
 * its reply, and is held to it that nothing is there twice.
 *
 * <p>{@code -Dwalrus.mix.minutes=60} for longer, {@code -Dwalrus.mix.seed=N} for the same order
 * again, {@code -Dwalrus.mix.faults=KILL,PAUSE} for some of the faults. A run that fails keeps its
 * directories, logs, thread dumps and history.
 */
class MixTest {

    private static final double MINUTES =
            Double.parseDouble(System.getProperty("walrus.mix.minutes", "3"));
    private static final long SEED =
            Long.getLong("walrus.mix.seed", System.currentTimeMillis() % 1_000_000);
    private static final Duration RECOVERY_MAX = Duration.ofMinutes(1);

    /** Longer than a lease. */
    private static final long WELL_NANOS = 2_000_000_000L;

    private static final long MUST_WORK_NANOS = 500_000_000L;

    /** Half of what a lease lasts: who waits longer for a processor or a disk may lose it. */
    private static final long STOOD_MILLIS_MAX = 700;

    private static final List<MixFault> FAULTS =
            Arrays.stream(MixFault.values())
                    .filter(
                            fault ->
                                    (","
                                                    + System.getProperty(
                                                            "walrus.mix.faults", fault.name())
                                                    + ",")
                                            .contains("," + fault.name() + ","))
                    .toList();
    private static final int DISK_MEGABYTES = 512;
    private static final long ONCE_PAUSE_NANOS = 4_000_000;

    /** Longer than any fault and the recovery from it. */
    private static final int ONCE_MILLIS = 60_000;

    private static final List<String> TOPICS = List.of("apples", "pears");
    private static final Map<String, String> ENVIRONMENT =
            Map.of(
                    "WALRUS_MAX_SEGMENT_ENTRIES", "200",
                    "WALRUS_MONITOR_CHECK_MS", "100",
                    "WALRUS_RPC_TIMEOUT_MS", "3000");

    private final Random random = new Random(SEED);
    private final HistoryRecorder recorder = new HistoryRecorder();
    private final List<String> story = new ArrayList<>();
    private MachineWatch machine;

    @Test
    void whateverHappensToItTheClusterKeepsItsPromises() throws IOException {
        Path dir = Files.createTempDirectory("walrus-mix-");
        boolean isGood = false;
        tell("mix: seed %d, %.1f minutes, files in %s".formatted(SEED, MINUTES, dir));
        Map<Integer, LoopDisk> disks = disks(dir);
        try (MachineWatch watch = new MachineWatch(watched(dir, disks.values()));
                HurtCluster cluster = HurtCluster.start(3, dir, ENVIRONMENT, disks)) {
            machine = watch;
            try {
                List<Violation> violations = play(cluster);
                assertThat(violations).as(replay(dir)).isEmpty();
                cluster.passed();
                isGood = true;
            } finally {
                if (!isGood) {
                    keepEvidence(dir);
                }
            }
        } finally {
            for (LoopDisk disk : disks.values()) {
                disk.close();
            }
        }
        remove(dir);
    }

    /** The third node has a small disk for itself, if this machine lets us make one. */
    private Map<Integer, LoopDisk> disks(Path dir) throws IOException {
        List<String> missing = LoopDisk.missing("mkfs.ext4", "losetup");
        if (missing.isEmpty()) {
            return Map.of(3, LoopDisk.of("ext4", dir, DISK_MEGABYTES));
        }
        tell("[WARN] mix: SKIPPED, a full disk was NOT tested: missing " + missing);
        return Map.of();
    }

    private static List<Path> watched(Path dir, Collection<LoopDisk> disks) {
        return Stream.concat(Stream.of(dir), disks.stream().map(LoopDisk::dir)).toList();
    }

    private static String replay(Path dir) {
        return "mvn verify -pl integration-tests -am -Dtest=MixTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dwalrus.mix.seed="
                + SEED
                + " -Dwalrus.mix.minutes="
                + MINUTES
                + "; all files are kept in "
                + dir;
    }

    private List<Violation> play(HurtCluster cluster) throws IOException {
        for (String topic : TOPICS) {
            try (var wire = new Wire(cluster.clientPort(1))) {
                assertThat(wire.ask("REGISTER " + topic)).isEqualTo("OK");
            }
        }
        long endNanos = System.nanoTime() + (long) (MINUTES * 60 * 1e9);
        try (var load = new MixLoad(cluster, recorder, TOPICS);
                var once =
                        new OnceLoad(
                                cluster, recorder, load::newValue, ONCE_PAUSE_NANOS, ONCE_MILLIS)) {
            load.start(2, 2, SEED);
            once.start(TOPICS, load::newClient);
            int prober = load.newClient();
            List<MixFault> deck = new ArrayList<>();
            while (System.nanoTime() - endNanos < 0) {
                if (deck.isEmpty()) {
                    deck.addAll(FAULTS);
                    deck.removeIf(fault -> !fault.isPossible(cluster));
                    Collections.shuffle(deck, random);
                }
                round(cluster, load, prober, deck.remove(0));
            }
            machine.begin();
            load.end();
            once.end();
            load.finish();
            if (!isFair()) {
                recorder.withdrawMustWork();
            }
        }
        List<Violation> violations = HistoryChecker.check(recorder.history());
        tell(
                "mix: %d calls, %d violations"
                        .formatted(recorder.history().operations().size(), violations.size()));
        return violations;
    }

    private void round(HurtCluster cluster, MixLoad load, int prober, MixFault fault)
            throws IOException {
        recorder.faultBegins(fault.name());
        var pause = new WritePause(cluster, load, TOPICS);
        pause.start();
        fault.hurt(cluster, random);
        long healedNanos = System.nanoTime();
        long wellNanos = awaitRecovery(cluster, load, prober);
        long longestMillis = pause.end();
        mustWork(cluster, load, prober, fault);
        tell(
                "mix: %-16s writes paused for at most %5d ms, all well %5d ms after it was healed"
                        .formatted(fault, longestMillis, (wellNanos - healedNanos) / 1_000_000));
    }

    /**
     * A moment in which every call must succeed. Where the machine itself stood still in it, that
     * moment does not count and there is another one, as long as a cluster is given to recover.
     */
    private void mustWork(HurtCluster cluster, MixLoad load, int prober, MixFault fault) {
        long endNanos = System.nanoTime() + RECOVERY_MAX.toNanos();
        boolean isFair = false;
        while (!isFair) {
            machine.begin();
            recorder.mustWork(fault.name());
            // A busy machine may write to one topic only in the moment that is left.
            isWell(cluster, load, prober, cluster.ids().get(0));
            LockSupport.parkNanos(MUST_WORK_NANOS);
            isFair = isFair() || System.nanoTime() - endNanos > 0;
            if (!isFair) {
                recorder.withdrawMustWork();
                awaitRecovery(cluster, load, prober);
            }
        }
    }

    private boolean isFair() {
        long stoodMillis = machine.longestMillis();
        if (stoodMillis > STOOD_MILLIS_MAX) {
            tell(
                    "mix: this machine stood still for %d ms, which is judged as a fault"
                            .formatted(stoodMillis));
        }
        return stoodMillis <= STOOD_MILLIS_MAX;
    }

    /**
     * Until every node has taken writes and reads of every topic for longer than a lease lasts, and
     * no client was refused meanwhile: only then does every leader have a lease that it renews. A
     * leader that a busy machine starves looks well for as long as its old lease lasts.
     *
     * @return when that began
     */
    private static long awaitRecovery(HurtCluster cluster, MixLoad load, int prober) {
        long endNanos = System.nanoTime() + RECOVERY_MAX.toNanos();
        long wellNanos = System.nanoTime();
        long failures = load.failures();
        long nowNanos = wellNanos;
        while (nowNanos - wellNanos < WELL_NANOS && nowNanos - endNanos < 0) {
            boolean isWell = true;
            for (int node : cluster.ids()) {
                isWell = isWell && isWell(cluster, load, prober, node);
            }
            LockSupport.parkNanos(20_000_000L);
            nowNanos = System.nanoTime();
            if (!isWell || load.failures() != failures) {
                failures = load.failures();
                wellNanos = nowNanos;
            }
        }
        return wellNanos;
    }

    private static boolean isWell(HurtCluster cluster, MixLoad load, int prober, int node) {
        try (var wire = new Wire(cluster.clientPort(node), 5_000)) {
            for (String topic : TOPICS) {
                if (!load.put(wire, prober, node, topic, true)
                        || !load.get(wire, prober, node, topic)) {
                    return false;
                }
            }
            return true;
        } catch (IOException broken) {
            return false;
        }
    }

    /** Beside what the cluster keeps itself. */
    private void keepEvidence(Path dir) throws IOException {
        Files.write(dir.resolve("story.txt"), story);
        Files.write(
                dir.resolve("history.txt"),
                recorder.history().operations().stream().map(Object::toString).toList());
        tell("mix FAILED; to see it again: " + replay(dir));
    }

    private void tell(String line) {
        story.add(line);
        System.out.println(line);
    }

    private static void remove(Path dir) throws IOException {
        try (Stream<Path> all = Files.walk(dir)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
