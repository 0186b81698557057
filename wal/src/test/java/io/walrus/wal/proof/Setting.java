package io.walrus.wal.proof;

import io.walrus.wal.Backend;
import io.walrus.wal.FsyncPolicy;
import io.walrus.wal.ReadConsistency;
import io.walrus.wal.WalOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;

/** What kind of log one seed runs. */
record Setting(
        WalOptions options, TurnedClock clock, int topics, int steps, boolean eachIsDurable) {

    /** From that size on files are made ahead. */
    private static final long BIG_FILE_BYTES = 256 << 10;

    static final Path DIR = Path.of("/log");

    static Setting of(Random random) {
        var clock = new TurnedClock();
        FsyncPolicy policy =
                switch (random.nextInt(8)) {
                    case 0 -> FsyncPolicy.none();
                    case 1 -> FsyncPolicy.every(Duration.ofHours(1));
                    case 2 -> FsyncPolicy.every(Duration.ofMillis(1));
                    case 3 -> FsyncPolicy.window(Duration.ofMillis(1));
                    default -> FsyncPolicy.each();
                };
        ReadConsistency reads =
                random.nextInt(3) == 0
                        ? ReadConsistency.atLeastOnce(1 + random.nextInt(4))
                        : ReadConsistency.strictlyAtOnce();
        WalOptions options =
                WalOptions.in(DIR)
                        .fsync(policy)
                        .reads(reads)
                        .backend(random.nextBoolean() ? Backend.MAPPED : Backend.FILE_CHANNEL)
                        .fileBytes(64 << 10)
                        .entryBytesMax(1 << 20)
                        .clock(clock);
        return new Setting(
                options,
                clock,
                1 + random.nextInt(3),
                5 + random.nextInt(40),
                policy instanceof FsyncPolicy.Each);
    }

    /** The same with files so big that they are made ahead. */
    Setting withBigFiles() {
        return new Setting(options.fileBytes(BIG_FILE_BYTES), clock, topics, steps, eachIsDurable);
    }

    boolean hasBigFiles() {
        return options.fileBytes() >= BIG_FILE_BYTES;
    }

    /** A log for a script: two topics, nothing by chance. */
    static Setting scripted(FsyncPolicy policy, Backend backend) {
        var clock = new TurnedClock();
        WalOptions options =
                WalOptions.in(DIR)
                        .fsync(policy)
                        .backend(backend)
                        .fileBytes(64 << 10)
                        .entryBytesMax(1 << 20)
                        .clock(clock);
        return new Setting(options, clock, 3, 0, policy instanceof FsyncPolicy.Each);
    }

    /** Entries that may be handed out again, or -1: none. */
    int againMax() {
        return options.reads() instanceof ReadConsistency.AtLeastOnce again
                ? again.persistEvery()
                : -1;
    }

    @Override
    public String toString() {
        return "%s, %s, %s, %d topics, %d steps"
                        .formatted(
                                options.fsync(), options.reads(), options.backend(), topics, steps)
                + (hasBigFiles() ? ", big files" : "");
    }
}
