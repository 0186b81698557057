package io.walrus.wal;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Settings of a log, immutable; each method gives changed ones.
 *
 * @param dir the log's directory; created if it is missing
 * @param namespace an isolated sub-directory, or empty for none
 * @param fsync what an append promises; default {@code every(200 ms)}
 * @param reads what a consuming read promises; default {@code strictlyAtOnce()}
 * @param backend how files are written; default mapped
 * @param fileBytes size of a full-grown file of a stream; a stream's first files are smaller.
 *     Default 64 MiB
 * @param entryBytesMax largest entry; default 64 MiB
 * @param topicNameLengthMax longest topic name, 1 to 200; default 128
 * @param retention what is kept of a topic that has none of its own; default everything
 * @param retentionByTopic what is kept of certain topics
 * @param inFlightMax asynchronous appends that may wait at once, in the whole log; one more is
 *     refused as BUSY. Default 262,144
 * @param inFlightBytesMax bytes of their frames together, headers included; one alone may be
 *     larger. Default 256 MiB
 * @param openFilesMax stream files that are kept open; beyond it those that were not used for
 *     longest are closed, and opened again at their next use. A file with bytes that no sync has
 *     covered stays open, and a sync is asked for. Default 4,096
 * @param spin the longest that a thread under {@code each()} stays awake while its append is
 *     synced, giving way to every other; it does so only where few threads append and a sync takes
 *     no more than half of it, because waking them would take as long as the sync. Where many
 *     append, each gives way twice and then sleeps. Zero: they sleep at once, which spares CPU and
 *     costs throughput. Default 600 µs, at most 10 ms
 * @param observer hears of everything; default nobody
 * @param clock source of the entries' timestamps and of retention by age; default the system's
 */
public record WalOptions(
        Path dir,
        String namespace,
        FsyncPolicy fsync,
        ReadConsistency reads,
        Backend backend,
        long fileBytes,
        int entryBytesMax,
        int topicNameLengthMax,
        Retention retention,
        Map<String, Retention> retentionByTopic,
        int inFlightMax,
        long inFlightBytesMax,
        int openFilesMax,
        Duration spin,
        WalObserver observer,
        Clock clock) {

    public static final long FILE_BYTES_DEFAULT = 64L << 20;
    public static final int ENTRY_BYTES_MAX_DEFAULT = 64 << 20;
    public static final int TOPIC_NAME_LENGTH_MAX_DEFAULT = 128;

    public static final int IN_FLIGHT_MAX_DEFAULT = 1 << 18;
    public static final long IN_FLIGHT_BYTES_MAX_DEFAULT = 256L << 20;
    public static final int OPEN_FILES_MAX_DEFAULT = 4096;
    public static final Duration SPIN_DEFAULT = Duration.ofNanos(600_000);

    private static final Duration SPIN_MAX = Duration.ofMillis(10);

    public WalOptions {
        Objects.requireNonNull(dir, "dir");
        Objects.requireNonNull(namespace, "namespace");
        Objects.requireNonNull(fsync, "fsync");
        Objects.requireNonNull(reads, "reads");
        Objects.requireNonNull(backend, "backend");
        Objects.requireNonNull(retention, "retention");
        Objects.requireNonNull(spin, "spin");
        Objects.requireNonNull(observer, "observer");
        Objects.requireNonNull(clock, "clock");
        retentionByTopic = Map.copyOf(retentionByTopic);
        require(
                64 << 10 <= fileBytes && fileBytes <= 1 << 30,
                "fileBytes: 64 KiB to 1 GiB",
                fileBytes);
        require(
                1 <= entryBytesMax && entryBytesMax <= 1 << 30,
                "entryBytesMax: 1 B to 1 GiB",
                entryBytesMax);
        require(
                1 <= topicNameLengthMax && topicNameLengthMax <= 200,
                "topicNameLengthMax: 1 to 200",
                topicNameLengthMax);
        require(1 <= inFlightMax, "inFlightMax: 1 or more", inFlightMax);
        require(1 <= inFlightBytesMax, "inFlightBytesMax: 1 B or more", inFlightBytesMax);
        require(16 <= openFilesMax, "openFilesMax: 16 or more", openFilesMax);
        if (spin.isNegative() || spin.compareTo(SPIN_MAX) > 0) {
            throw new IllegalArgumentException("expected spin: 0 to 10 ms, got " + spin);
        }
    }

    private static void require(boolean ok, String expected, long found) {
        if (!ok) {
            throw new IllegalArgumentException("expected " + expected + ", got " + found);
        }
    }

    /** The defaults, in a directory. */
    public static WalOptions in(Path dir) {
        return new WalOptions(
                dir,
                "",
                FsyncPolicy.every(Duration.ofMillis(200)),
                ReadConsistency.strictlyAtOnce(),
                Backend.MAPPED,
                FILE_BYTES_DEFAULT,
                ENTRY_BYTES_MAX_DEFAULT,
                TOPIC_NAME_LENGTH_MAX_DEFAULT,
                Retention.FOREVER,
                Map.of(),
                IN_FLIGHT_MAX_DEFAULT,
                IN_FLIGHT_BYTES_MAX_DEFAULT,
                OPEN_FILES_MAX_DEFAULT,
                SPIN_DEFAULT,
                WalObserver.NONE,
                Clock.systemUTC());
    }

    /** The directory of the files: {@code dir}, or the namespace's part of it. */
    public Path directory() {
        return namespace.isEmpty() ? dir : dir.resolve(namespace);
    }

    /** What is kept of a topic. */
    public Retention retentionOf(String topic) {
        return retentionByTopic.getOrDefault(topic, retention);
    }

    public WalOptions namespace(String value) {
        return with(draft -> draft.namespace = value);
    }

    public WalOptions fsync(FsyncPolicy value) {
        return with(draft -> draft.fsync = value);
    }

    public WalOptions reads(ReadConsistency value) {
        return with(draft -> draft.reads = value);
    }

    public WalOptions backend(Backend value) {
        return with(draft -> draft.backend = value);
    }

    public WalOptions fileBytes(long value) {
        return with(draft -> draft.fileBytes = value);
    }

    public WalOptions entryBytesMax(int value) {
        return with(draft -> draft.entryBytesMax = value);
    }

    public WalOptions topicNameLengthMax(int value) {
        return with(draft -> draft.topicNameLengthMax = value);
    }

    public WalOptions retention(Retention value) {
        return with(draft -> draft.retention = value);
    }

    /** Limits what waits of asynchronous appends, in number and in bytes. */
    public WalOptions inFlight(int appendsMax, long bytesMax) {
        return with(
                draft -> {
                    draft.inFlightMax = appendsMax;
                    draft.inFlightBytesMax = bytesMax;
                });
    }

    /** Limits how many stream files are kept open. */
    public WalOptions openFilesMax(int value) {
        return with(draft -> draft.openFilesMax = value);
    }

    /** Limits how long a waiting thread stays awake; zero: not at all. */
    public WalOptions spin(Duration value) {
        return with(draft -> draft.spin = value);
    }

    public WalOptions observer(WalObserver value) {
        return with(draft -> draft.observer = value);
    }

    public WalOptions clock(Clock value) {
        return with(draft -> draft.clock = value);
    }

    /** What is kept of one topic, whatever is kept of the others. */
    public WalOptions retention(String topic, Retention value) {
        Map<String, Retention> all = new HashMap<>(retentionByTopic);
        all.put(Objects.requireNonNull(topic, "topic"), Objects.requireNonNull(value, "retention"));
        return with(draft -> draft.retentionByTopic = all);
    }

    private WalOptions with(Consumer<Draft> change) {
        var draft = new Draft(this);
        change.accept(draft);
        return draft.done();
    }

    /** All options, one of which is about to change. */
    private static final class Draft {
        private Path dir;
        private String namespace;
        private FsyncPolicy fsync;
        private ReadConsistency reads;
        private Backend backend;
        private long fileBytes;
        private int entryBytesMax;
        private int topicNameLengthMax;
        private Retention retention;
        private Map<String, Retention> retentionByTopic;
        private int inFlightMax;
        private long inFlightBytesMax;
        private int openFilesMax;
        private Duration spin;
        private WalObserver observer;
        private Clock clock;

        Draft(WalOptions from) {
            dir = from.dir;
            namespace = from.namespace;
            fsync = from.fsync;
            reads = from.reads;
            backend = from.backend;
            fileBytes = from.fileBytes;
            entryBytesMax = from.entryBytesMax;
            topicNameLengthMax = from.topicNameLengthMax;
            retention = from.retention;
            retentionByTopic = from.retentionByTopic;
            inFlightMax = from.inFlightMax;
            inFlightBytesMax = from.inFlightBytesMax;
            openFilesMax = from.openFilesMax;
            spin = from.spin;
            observer = from.observer;
            clock = from.clock;
        }

        WalOptions done() {
            return new WalOptions(
                    dir,
                    namespace,
                    fsync,
                    reads,
                    backend,
                    fileBytes,
                    entryBytesMax,
                    topicNameLengthMax,
                    retention,
                    retentionByTopic,
                    inFlightMax,
                    inFlightBytesMax,
                    openFilesMax,
                    spin,
                    observer,
                    clock);
        }
    }
}
