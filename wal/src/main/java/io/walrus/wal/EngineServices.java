package io.walrus.wal;

import io.walrus.wal.disk.Disk;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Executor;

/**
 * What every stream of a log shares.
 *
 * @param disk the file system
 * @param streamsDir where the streams' directories are
 * @param files makes new files
 * @param preparer runs what may happen off an appender's path
 * @param maker makes big files that an appender waits for, which are not to queue behind those that
 *     are made ahead; small ones the appender makes itself
 * @param health whether anything may be promised
 * @param acks when appends are acknowledged
 * @param teller completes the futures of those that were not acknowledged at once
 * @param inFlight how many appends wait that nobody blocks for
 * @param dirty who must be forced
 * @param salts random numbers, one per file
 * @param clock wall clock of the timestamps
 * @param observer hears of appends
 */
record EngineServices(
        Disk disk,
        Path streamsDir,
        FileFactory files,
        Executor preparer,
        Executor maker,
        LogHealth health,
        Acks acks,
        AckTeller teller,
        InFlight inFlight,
        DirtyFiles dirty,
        java.util.function.IntSupplier salts,
        Clock clock,
        WalObserver observer) {}
