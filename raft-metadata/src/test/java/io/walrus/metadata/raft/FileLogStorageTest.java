package io.walrus.metadata.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.alipay.sofa.jraft.conf.ConfigurationManager;
import com.alipay.sofa.jraft.entity.EnumOutter.EntryType;
import com.alipay.sofa.jraft.entity.LogEntry;
import com.alipay.sofa.jraft.entity.LogId;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.entity.codec.v2.LogEntryV2CodecFactory;
import com.alipay.sofa.jraft.option.LogStorageOptions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FileLogStorageTest {
    private static final Duration WAIT = Duration.ofSeconds(30);

    @TempDir Path directory;
    private final List<Throwable> failures = new ArrayList<>();
    private final ConfigurationManager configurations = new ConfigurationManager();
    private final AtomicBoolean isFull = new AtomicBoolean();
    private long fileBytesMax = 1000;
    private FileLogStorage log;

    @AfterEach
    void close() {
        if (log != null) {
            log.shutdown();
        }
    }

    @Test
    void emptyLogStartsAtOne() {
        open();
        assertThat(log.getFirstLogIndex()).isEqualTo(1);
        assertThat(log.getLastLogIndex()).isZero();
        assertThat(log.getEntry(1)).isNull();
    }

    @Test
    void entriesAndTermsComeBackAfterReopening() {
        open();
        append(1, 3);
        reopen();
        append(4, 5);
        assertHas(1, 5);
        reopen();
        assertHas(1, 5);
        assertThat(log.getEntry(3).getId().getTerm()).isEqualTo(7);
    }

    @Test
    void gapIsRefused() {
        open();
        append(1, 2);
        assertThat(log.appendEntries(List.of(entry(4)))).isZero();
        assertThat(log.appendEntries(List.of(entry(2)))).isZero();
        assertHas(1, 2);
    }

    @Test
    void membershipsInTheLogAreTold() {
        open();
        LogEntry change = new LogEntry(EntryType.ENTRY_TYPE_CONFIGURATION);
        change.setId(new LogId(1, 7));
        change.setPeers(List.of(PeerId.parsePeer("127.0.0.1:6000")));
        assertThat(log.appendEntry(change)).isTrue();
        reopen();
        assertThat(configurations.getLastConfiguration().getConf().getPeers()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 20, 60})
    void tornLastWriteIsCutAndAllBeforeItIsKept(int bytesMissing) throws IOException {
        open();
        append(1, 3);
        append(4, 6);
        log.shutdown();
        Path file = files().get(0);
        shorten(file, Files.size(file) - bytesMissing);
        open();
        assertHas(1, 3);
        append(4, 4);
        reopen();
        assertHas(1, 4);
    }

    @Test
    void zerosBehindTheLastFrameAreRoom() throws IOException {
        open();
        append(1, 3);
        log.shutdown();
        Files.write(files().get(0), new byte[5000], java.nio.file.StandardOpenOption.APPEND);
        open();
        assertHas(1, 3);
        append(4, 4);
        reopen();
        assertHas(1, 4);
    }

    @Test
    void recoveryTwiceInARowIsTheSame() throws IOException {
        open();
        append(1, 3);
        append(4, 6);
        log.shutdown();
        shorten(files().get(0), Files.size(files().get(0)) - 5);
        open();
        reopen();
        assertHas(1, 3);
    }

    @Test
    void entryThatLooksLikeAFrameIsNotTakenForOne() throws IOException {
        open();
        append(1, 3);
        log.shutdown();
        byte[] frames = Files.readAllBytes(files().get(0));
        open();
        LogEntry tricky = entry(4);
        tricky.setData(ByteBuffer.wrap(frames));
        assertThat(log.appendEntries(List.of(tricky))).isEqualTo(1);
        log.shutdown();
        shorten(files().get(0), Files.size(files().get(0)) - 1);
        open();
        assertHas(1, 3);
    }

    @Test
    void bitFlipWithWholeFramesBehindItIsRefusedAndNothingIsChanged() throws IOException {
        open();
        append(1, 3);
        append(4, 6);
        append(7, 9);
        log.shutdown();
        Path file = files().get(0);
        flip(file, Files.size(file) / 2);
        byte[] before = Files.readAllBytes(file);
        assertThat(tryOpen()).isFalse();
        assertThat(failures).hasSize(1);
        assertThat(failures.get(0))
                .isInstanceOf(LogDamagedException.class)
                .hasMessageContaining("position");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void everyBitOfTheFirstBatchIsGuarded() throws IOException {
        open();
        append(1, 2);
        append(3, 4);
        log.shutdown();
        Path file = files().get(0);
        byte[] good = Files.readAllBytes(file);
        for (int at = 0; at < good.length / 2; at += 3) {
            flip(file, at);
            assertThat(tryOpen()).as("flipped at %s", at).isFalse();
            Files.write(file, good);
        }
        open();
        assertHas(1, 4);
    }

    @Test
    void damageUnderARunningLogIsAnErrorOfThatEntry() throws IOException {
        open();
        append(1, 1);
        flip(files().get(0), lastFrameEnd(files().get(0)) - 1);
        assertThat(log.getEntry(1)).isNull();
        assertThat(failures).hasSize(1);
        assertThat(log.appendEntries(List.of(entry(2)))).as("failed is final").isZero();
    }

    @Test
    void suffixIsTakenBackForGood() {
        open();
        append(1, 6);
        assertThat(log.truncateSuffix(4)).isTrue();
        assertHas(1, 4);
        append(5, 5);
        reopen();
        assertHas(1, 5);
        assertThat(log.truncateSuffix(0)).isTrue();
        reopen();
        assertThat(log.getLastLogIndex()).isZero();
        append(1, 1);
        assertHas(1, 1);
    }

    @Test
    void prefixIsForgottenFileByFile() {
        open();
        for (int i = 1; i <= 60; i++) {
            append(i, i);
        }
        assertThat(files().size()).isGreaterThan(3);
        int before = files().size();
        assertThat(log.truncatePrefix(50)).isTrue();
        assertHas(50, 60);
        assertThat(files().size()).isLessThan(before);
        assertThat(log.getEntry(49)).isNull();
        reopen();
        assertThat(log.getFirstLogIndex()).isLessThanOrEqualTo(50);
        assertThat(log.getLastLogIndex()).isEqualTo(60);
        append(61, 61);
    }

    @Test
    void prefixBeyondTheEndStartsTheLogAnew() {
        open();
        append(1, 6);
        assertThat(log.truncatePrefix(100)).isTrue();
        assertThat(log.getFirstLogIndex()).isEqualTo(100);
        assertThat(log.getLastLogIndex()).isEqualTo(99);
        append(100, 102);
        reopen();
        assertHas(100, 102);
    }

    @Test
    void resetForgetsEverything() {
        open();
        append(1, 6);
        assertThat(log.reset(4)).isTrue();
        reopen();
        assertThat(log.getFirstLogIndex()).isEqualTo(4);
        append(4, 4);
        assertHas(4, 4);
    }

    @Test
    void crashBeforeANewFileHasItsHeaderIsHarmless() throws IOException {
        open();
        append(1, 3);
        log.shutdown();
        Files.write(LogFile.pathOf(directory, 2), new byte[10]);
        open();
        assertHas(1, 3);
        append(4, 4);
        reopen();
        assertHas(1, 4);
    }

    @Test
    void missingFileInTheMiddleIsRefused() throws IOException {
        open();
        for (int i = 1; i <= 60; i++) {
            append(i, i);
        }
        log.shutdown();
        Files.delete(files().get(1));
        assertThat(tryOpen()).isFalse();
        assertThat(failures.get(0)).hasMessageContaining("missing");
    }

    @Test
    void newerFormatIsRefusedUntouched() throws IOException {
        open();
        append(1, 1);
        log.shutdown();
        Path file = files().get(0);
        byte[] newer = Files.readAllBytes(file);
        ByteBuffer.wrap(newer).putInt(8, LogFormat.VERSION + 1);
        ByteBuffer.wrap(newer).putInt(28, LogFormat.crc(newer, 0, 28));
        Files.write(file, newer);
        assertThat(tryOpen()).isFalse();
        assertThat(failures.get(0)).hasMessageContaining("newer release");
        assertThat(Files.readAllBytes(file)).isEqualTo(newer);
    }

    @Test
    void roomThatWasMadeBeforeLastsOnAFullDisk() {
        fileBytesMax = 1 << 20;
        open();
        append(1, 1);
        isFull.set(true);
        append(2, 300);
        assertThat(log.waitsForRoom()).isFalse();
        reopen();
        assertHas(1, 300);
    }

    @Test
    void onAFullDiskAWriteWaitsAndGoesOnWhenThereIsRoom() {
        open();
        append(1, 3);
        isFull.set(true);
        CompletableFuture<Void> written = CompletableFuture.runAsync(() -> appendOneByOne(4, 200));
        await().atMost(WAIT).until(log::waitsForRoom);
        assertThat(log.getEntry(3)).as("reads go on").isNotNull();
        isFull.set(false);
        await().atMost(WAIT).until(written::isDone);
        written.join();
        assertThat(log.waitsForRoom()).isFalse();
        assertThat(failures).isEmpty();
        reopen();
        assertHas(1, 200);
    }

    @Test
    void aMemberThatStopsDoesNotWaitForRoom() {
        open();
        isFull.set(true);
        CompletableFuture<Integer> taken =
                CompletableFuture.supplyAsync(() -> log.appendEntries(List.of(entry(1))));
        await().atMost(WAIT).until(log::waitsForRoom);
        log.giveUp();
        await().atMost(WAIT).until(taken::isDone);
        assertThat(taken.join()).isZero();
        assertThat(log.getLastLogIndex()).isZero();
    }

    @Test
    void roomOfAKilledProcessIsUsedAgain() throws IOException {
        fileBytesMax = 1 << 20;
        open();
        append(1, 3);
        Path file = files().get(0);
        byte[] asKilled = Files.readAllBytes(file);
        assertThat(asKilled.length).isGreaterThan(LogFile.ROOM_AHEAD_BYTES);
        log.shutdown();
        assertThat(Files.size(file)).as("a stop gives it back").isLessThan(1000);
        Files.write(file, asKilled);
        open();
        isFull.set(true);
        append(4, 6);
        reopen();
        assertHas(1, 6);
    }

    @Test
    void closedLogTakesNothing() {
        open();
        log.shutdown();
        assertThat(log.appendEntries(List.of(entry(1)))).isZero();
    }

    private void open() {
        assertThat(tryOpen()).as("failures: %s", failures).isTrue();
    }

    private void reopen() {
        log.shutdown();
        open();
    }

    private boolean tryOpen() {
        failures.clear();
        log = new FileLogStorage(directory, fileBytesMax, this::makeRoom, failures::add);
        LogStorageOptions options = new LogStorageOptions();
        options.setLogEntryCodecFactory(LogEntryV2CodecFactory.getInstance());
        options.setConfigurationManager(configurations);
        return log.init(options);
    }

    private void makeRoom(RandomAccessFile file, long from, long to) throws IOException {
        if (isFull.get()) {
            throw new IOException("No space left on device");
        }
        DiskRoom.ZEROS.make(file, from, to);
    }

    private void appendOneByOne(long first, long last) {
        for (long index = first; index <= last; index++) {
            append(index, index);
        }
    }

    private static long lastFrameEnd(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int end = bytes.length;
        while (bytes[end - 1] == 0) {
            end--;
        }
        return end;
    }

    private void append(long first, long last) {
        List<LogEntry> entries = new ArrayList<>();
        for (long index = first; index <= last; index++) {
            entries.add(entry(index));
        }
        assertThat(log.appendEntries(entries)).isEqualTo(entries.size());
    }

    private void assertHas(long first, long last) {
        assertThat(log.getFirstLogIndex()).isEqualTo(first);
        assertThat(log.getLastLogIndex()).isEqualTo(last);
        for (long index = first; index <= last; index++) {
            LogEntry entry = log.getEntry(index);
            assertThat(entry.getId()).isEqualTo(new LogId(index, 7));
            assertThat(StandardCharsets.UTF_8.decode(entry.getData()).toString())
                    .isEqualTo("entry " + index);
        }
    }

    private static LogEntry entry(long index) {
        LogEntry entry = new LogEntry(EntryType.ENTRY_TYPE_DATA);
        entry.setId(new LogId(index, 7));
        entry.setData(ByteBuffer.wrap(("entry " + index).getBytes(StandardCharsets.UTF_8)));
        return entry;
    }

    private List<Path> files() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void shorten(Path file, long size) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.setLength(size);
        }
    }

    private static void flip(Path file, long position) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(position);
            int old = bytes.read();
            bytes.seek(position);
            bytes.write(old ^ 0x10);
        }
    }
}
