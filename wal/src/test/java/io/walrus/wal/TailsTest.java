package io.walrus.wal;

import static io.walrus.wal.LogOnDisk.TOPIC;
import static io.walrus.wal.LogOnDisk.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.wal.WalException.Kind;
import io.walrus.wal.sim.DiskCall;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Under each(), a stream's last frames are in the journal and in memory before in its file. */
@Timeout(120)
final class TailsTest {

    private static final int ENTRIES = 600;

    private static boolean isStreamFile(java.nio.file.Path path) {
        return path.toString().contains("/streams/");
    }

    @Test
    void whatIsInMemoryOnlyIsThereAfterAKillAndAfterAPowerCut() {
        for (int seed = 0; seed < 12; seed++) {
            var log = new LogOnDisk(FsyncPolicy.each(), Backend.MAPPED);
            log.appendTexts(0, 5);
            assertThat(new String(log.disk.files().get(log.lastFile()), StandardCharsets.UTF_8))
                    .doesNotContain(LogOnDisk.text(4));
            log.killAndOpen();
            assertThat(log.read(TOPIC)).hasSize(5).endsWith(LogOnDisk.text(4));
            log.appendTexts(5, 10);
            log.cutPowerAndOpen(seed);
            assertThat(log.read(TOPIC)).hasSize(10).endsWith(LogOnDisk.text(9));
            log.wal.close();
        }
    }

    /** The write comes when an append finds no room in memory, long after the frames were acked. */
    @Test
    void aTailThatCannotBeWrittenFailsTheLogAndLosesNothing() {
        var log = new LogOnDisk(FsyncPolicy.each(), Backend.MAPPED);
        log.append(LogOnDisk.text(0));
        log.disk.failOnce(DiskCall.WRITE, TailsTest::isStreamFile, 0);
        int acked = 1;
        WalException failed = null;
        while (failed == null) {
            try {
                log.append(LogOnDisk.text(acked));
                acked++;
            } catch (WalException refused) {
                failed = refused;
            }
        }
        assertThat(acked).isGreaterThan(10);
        assertThat(failed.kind()).isEqualTo(Kind.FAILED);
        assertThat(failed.mayHaveHappened()).isTrue();
        assertThat(log.refusalOf("later").kind()).isEqualTo(Kind.STOPPED);
        log.disk.heal();
        log.killAndOpen();
        assertThat(log.read(TOPIC).subList(0, acked)).endsWith(LogOnDisk.text(acked - 1));
        assertThat(log.append("again")).isGreaterThanOrEqualTo(acked);
        log.wal.close();
    }

    @Test
    void aSyncOrASealThatCannotWriteATailFailsTheLog() {
        for (boolean seals : new boolean[] {false, true}) {
            var log = new LogOnDisk(FsyncPolicy.each(), Backend.MAPPED);
            log.append("acked");
            log.disk.failOnce(DiskCall.WRITE, TailsTest::isStreamFile, 0);
            assertThat(refused(seals ? () -> log.wal.seal(TOPIC) : log.wal::sync).kind())
                    .isEqualTo(Kind.FAILED);
            log.disk.heal();
            log.killAndOpen();
            assertThat(log.read(TOPIC)).containsExactly("acked");
            log.wal.close();
        }
    }

    /**
     * Files of 64 KiB, tails of 4: memory is used again, and files roll over, under the readers.
     */
    @Test
    void readersSeeEachEntryInOrderWhileTheMemoryIsUsedAgain() throws Exception {
        var log = new LogOnDisk(FsyncPolicy.each(), Backend.MAPPED);
        var written = new AtomicBoolean();
        List<CompletableFuture<Void>> readers = new ArrayList<>();
        for (int n = 0; n < 2; n++) {
            readers.add(CompletableFuture.runAsync(() -> readAll(log.wal, written)));
        }
        for (int n = 0; n < ENTRIES; n++) {
            if (n % 3 == 0) {
                log.append(LogOnDisk.text(n));
            } else {
                log.wal.appendAsync(TOPIC, ByteBuffer.wrap(LogOnDisk.bytes(LogOnDisk.text(n))));
            }
        }
        log.wal.sync();
        written.set(true);
        for (CompletableFuture<Void> reader : readers) {
            reader.get();
        }
        log.wal.close();
    }

    private static void readAll(Wal wal, AtomicBoolean written) {
        long next = 0;
        boolean last = false;
        while (!last || next < ENTRIES) {
            last = written.get();
            for (Entry entry : wal.exists(TOPIC) ? wal.readAt(TOPIC, next, 1) : List.<Entry>of()) {
                assertThat(entry.offset()).isEqualTo(next);
                assertThat(new String(entry.bytes(), StandardCharsets.UTF_8))
                        .isEqualTo(LogOnDisk.text((int) next));
                next++;
            }
        }
    }
}
