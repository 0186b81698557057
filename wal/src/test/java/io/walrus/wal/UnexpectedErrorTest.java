package io.walrus.wal;

import static io.walrus.wal.LogOnDisk.TOPIC;
import static io.walrus.wal.LogOnDisk.bytes;
import static io.walrus.wal.LogOnDisk.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.walrus.wal.WalException.Kind;
import io.walrus.wal.sim.DiskCall;
import io.walrus.wal.sim.SimulatedDisk;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What nobody expects to be thrown, on each thread of the engine: the log is failed for good with
 * that cause, whoever waits hears that nobody knows, and nobody waits for ever.
 */
@Timeout(60)
final class UnexpectedErrorTest {

    private static final FsyncPolicy WINDOW = FsyncPolicy.window(Duration.ofMillis(1));
    private static final Predicate<Path> ANY = path -> true;

    private final Error error = new OutOfMemoryError("as a test says");
    private LogOnDisk log;

    private void logUnder(FsyncPolicy policy) {
        log = new LogOnDisk(policy, Backend.MAPPED);
    }

    @AfterEach
    void closingAfterItLetsGoOfEverything() {
        log.closeCrashed();
        assertThat(log.disk.openPaths()).isEmpty();
    }

    private void requireFailedForGood(WalException told) {
        assertThat(told.kind()).isEqualTo(Kind.FAILED);
        assertThat(told).hasCause(error);
        WalException later = log.refusalOf("later");
        assertThat(later.kind()).isEqualTo(Kind.STOPPED);
        assertThat(later).hasCause(error);
        assertThat(log.wal.stats().failed()).isTrue();
        assertThat(refused(log.wal::sync).kind()).isEqualTo(Kind.STOPPED);
    }

    @Test
    void inTheCommitter() {
        logUnder(FsyncPolicy.each());
        log.append("first");
        log.disk.throwOnce(DiskCall.FORCE, path -> path.toString().contains("journal"), 0, error);
        requireFailedForGood(log.refusalOf("second"));
        assertThat(log.read(TOPIC)).containsExactly("first");
    }

    @Test
    void inTheFlusherForOneWhoWaits() {
        logUnder(FsyncPolicy.none());
        log.append("first");
        log.disk.throwOnce(DiskCall.FORCE, ANY, 0, error);
        requireFailedForGood(refused(log.wal::sync));
    }

    @Test
    void inTheFlusherForAnAppendOfAWindow() {
        logUnder(WINDOW);
        log.disk.throwOnce(DiskCall.FORCE, ANY, 0, error);
        await().until(() -> asyncAppend("more").isCompletedExceptionally());
        WalException told = log.refusalOf("later");
        assertThat(told.kind()).isEqualTo(Kind.STOPPED);
        assertThat(told.getCause()).isSameAs(error);
    }

    @Test
    void inTheFlusherWhenNobodyWaits() {
        logUnder(FsyncPolicy.every(Duration.ofMillis(1)));
        log.disk.throwOnce(DiskCall.FORCE, ANY, 0, error);
        try {
            log.append("first");
        } catch (WalException flushedBefore) {
            // The flush of what opening left may be the one that meets the error.
            assertThat(flushedBefore.kind()).isEqualTo(Kind.STOPPED);
        }
        await().until(() -> log.wal.stats().failed());
        assertThat(log.refusalOf("later")).hasCause(error);
    }

    @Test
    void inAChangeOfTheCatalogue() {
        logUnder(FsyncPolicy.none());
        log.append("first");
        log.disk.throwOnce(DiskCall.WRITE, path -> path.endsWith("catalog.log"), 0, error);
        requireFailedForGood(refused(() -> log.wal.create("another")));
    }

    @Test
    void inTheSealOfATopic() {
        logUnder(FsyncPolicy.none());
        log.append("first");
        log.disk.throwOnce(DiskCall.FORCE, ANY, 0, error);
        WalException told = refused(() -> log.wal.seal(TOPIC));
        assertThat(told.kind()).isEqualTo(Kind.FAILED);
        assertThat(told).hasCause(error);
        assertThat(log.wal.stats().failed()).isTrue();
    }

    @Test
    void inThePreparerForAnAppendThatWaits() {
        logUnder(FsyncPolicy.each());
        log.disk.throwOnce(DiskCall.CREATE, path -> path.toString().endsWith(".log"), 0, error);
        requireFailedForGood(log.refusalOf("first"));
    }

    @Test
    void inThePreparerWhenNobodyWaits() {
        logUnder(FsyncPolicy.none());
        log.disk.throwOnce(DiskCall.TRUNCATE, ANY, 0, error);
        log.append("x".repeat(10_000));
        log.append("x".repeat(10_000));
        await().until(() -> log.wal.stats().failed());
        assertThat(log.refusalOf("later")).hasCause(error);
    }

    @Test
    void inAMoveOfACursor() {
        logUnder(FsyncPolicy.each());
        log.appendTexts(0, 3);
        log.disk.throwOnce(DiskCall.FORCE, path -> path.toString().contains("journal"), 0, error);
        requireFailedForGood(refused(() -> log.wal.readNext(TOPIC, true)));
    }

    @Test
    void whileOpeningItIsThrownAsItIsAndNothingStaysOpen() {
        logUnder(FsyncPolicy.each());
        log.append("first");
        SimulatedDisk next = log.disk.processCrash();
        log.closeCrashed();
        log.disk = next;
        int thrown = 0;
        for (DiskCall call : DiskCall.values()) {
            for (int skip = 0; isThrownWhileOpening(next.copy(), call, skip); skip++) {
                thrown++;
            }
        }
        assertThat(thrown).isGreaterThan(40);
        log.disk = next;
        log.open();
        assertThat(log.read(TOPIC)).containsExactly("first");
    }

    /** False if there were fewer such calls. */
    private boolean isThrownWhileOpening(SimulatedDisk disk, DiskCall call, int skip) {
        log.disk = disk;
        disk.throwOnce(call, ANY, skip, error);
        try {
            log.open();
            log.wal.close();
            return false;
        } catch (WalException told) {
            assertThat(told).as("%d calls of %s", skip, call).hasRootCause(error);
        } catch (OutOfMemoryError thrown) {
            assertThat(thrown).isSameAs(error);
        }
        assertThat(disk.openPaths()).as("after %d calls of %s", skip, call).isEmpty();
        return true;
    }

    @Test
    void aFailureThatNobodyHeardOfIsToldByClose() {
        logUnder(FsyncPolicy.none());
        log.disk.throwOnce(DiskCall.TRUNCATE, ANY, 0, error);
        log.append("x".repeat(10_000));
        log.append("x".repeat(10_000));
        await().until(() -> log.wal.stats().failed());
        WalException told = refused(log.wal::close);
        assertThat(told.kind()).isEqualTo(Kind.FAILED);
        assertThat(told).hasRootCause(error);
        assertThat(log.disk.openPaths()).isEmpty();
    }

    @Test
    void aFailureThatSomebodyHeardOfIsNotToldAgain() {
        logUnder(FsyncPolicy.none());
        log.disk.throwOnce(DiskCall.FORCE, ANY, 0, error);
        log.append("first");
        assertThat(refused(log.wal::sync).kind()).isEqualTo(Kind.FAILED);
        log.wal.close();
        assertThat(log.disk.openPaths()).isEmpty();
    }

    // ---- somebody else's code

    /** Throws in the hook that it is told to. */
    private static final class Thrower implements WalObserver {

        private final AtomicReference<Throwable> toThrow = new AtomicReference<>();
        private volatile boolean alsoWhenFailed;

        private void maybeThrow() {
            Throwable now = toThrow.getAndSet(null);
            if (now instanceof Error error) {
                throw error;
            }
            if (now instanceof RuntimeException exception) {
                throw exception;
            }
        }

        @Override
        public void appended(String topic, int entries, long bytes) {
            maybeThrow();
        }

        @Override
        public void failed(Throwable cause) {
            if (alsoWhenFailed) {
                throw new IllegalStateException("an observer that fails at failures");
            }
        }
    }

    private Thrower observed(FsyncPolicy policy) {
        var thrower = new Thrower();
        logUnder(policy);
        log.wal.close();
        log.wal = Wal.open(log.options.observer(thrower), log.disk);
        return thrower;
    }

    @Test
    void anObserverThatThrowsInTheMiddleOfAGroupLeavesNobodyWaiting() {
        for (FsyncPolicy policy : List.of(FsyncPolicy.each(), WINDOW)) {
            Thrower thrower = observed(policy);
            thrower.alsoWhenFailed = true;
            var thrown = new IllegalStateException("an observer's bug");
            List<CompletableFuture<Long>> answers = new ArrayList<>();
            for (int n = 0; n < 5_000; n++) {
                if (n == 2_000) {
                    thrower.toThrow.set(thrown);
                }
                answers.add(asyncAppend("entry " + n));
            }
            CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                    .handle((done, failed) -> done)
                    .join();
            requireFailedFromSomewhereOn(answers, thrown);
            assertThat(log.refusalOf("later")).hasCause(thrown);
            log.closeCrashed();
        }
    }

    private CompletableFuture<Long> asyncAppend(String text) {
        try {
            return log.wal.appendAsync(TOPIC, ByteBuffer.wrap(bytes(text))).toCompletableFuture();
        } catch (WalException refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    private static void requireFailedFromSomewhereOn(
            List<CompletableFuture<Long>> answers, Throwable cause) {
        int failed = 0;
        for (CompletableFuture<Long> answer : answers) {
            if (answer.isCompletedExceptionally()) {
                failed++;
                assertThatThrownBy(answer::join)
                        .isInstanceOf(CompletionException.class)
                        .cause()
                        .isInstanceOf(WalException.class)
                        .rootCause()
                        .isSameAs(cause);
            } else {
                assertThat(failed).as("acks behind a failure").isZero();
            }
        }
        assertThat(failed).isPositive();
    }

    @Test
    void anObserverThatThrowsUnderTheAppenderFailsTheLogToo() {
        Thrower thrower = observed(FsyncPolicy.none());
        thrower.toThrow.set(error);
        requireFailedForGood(log.refusalOf("first"));
    }

    @Test
    void whatAUserHangsOnAFutureMayThrowAndHurtsNobodyElse() {
        logUnder(FsyncPolicy.each());
        List<CompletableFuture<Long>> answers = new ArrayList<>();
        for (int n = 0; n < 20; n++) {
            CompletableFuture<Long> answer = asyncAppend("entry " + n);
            answer.thenRun(
                    () -> {
                        throw new IllegalStateException("a user's bug");
                    });
            answers.add(answer);
        }
        for (int n = 0; n < 20; n++) {
            assertThat(answers.get(n).join()).isEqualTo(n);
        }
        assertThat(log.append("goes on")).isEqualTo(20);
    }
}
