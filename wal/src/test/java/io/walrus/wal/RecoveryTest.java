package io.walrus.wal;

import static io.walrus.wal.AppendAndReadTest.assertRefused;
import static io.walrus.wal.Setups.bytes;
import static io.walrus.wal.Setups.killed;
import static io.walrus.wal.Setups.lastStreamFile;
import static io.walrus.wal.Setups.textsFrom;
import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.wal.Setups.Setup;
import io.walrus.wal.format.FileHeader;
import io.walrus.wal.format.FrameFormat;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecoveryTest {

    private static final int FRAME_BYTES =
            FrameFormat.padded(FrameFormat.HEADER_BYTES + "entry 0".length());

    @TempDir Path dir;
    @TempDir Path copy;

    @ParameterizedTest
    @MethodSource("io.walrus.wal.Setups#all")
    void killLosesNothingThatWasAcknowledged(Setup setup) throws IOException {
        try (Wal wal = setup.open(dir)) {
            for (int i = 0; i < 2000; i++) {
                wal.append("topic-" + i % 3, bytes("entry " + i));
            }
            killed(dir, copy);
        }
        try (Wal wal = setup.open(copy)) {
            for (int t = 0; t < 3; t++) {
                assertThat(textsFrom(wal, "topic-" + t, 0)).isEqualTo(everyThird(t, 2000));
            }
            assertThat(wal.recovery().cuts()).isEmpty();
            assertThat(wal.recovery().damages()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("io.walrus.wal.Setups#all")
    void recoveringTwiceIsRecoveringOnce(Setup setup) throws IOException {
        try (Wal wal = setup.open(dir)) {
            for (int i = 0; i < 200; i++) {
                wal.append("events", bytes("entry " + i));
            }
            killed(dir, copy);
        }
        tear(lastStreamFile(copy), 199);
        try (Wal wal = Wal.open(setup.options(copy))) {
            wal.recovery();
        }
        List<String> once;
        try (Wal wal = Wal.open(setup.options(copy))) {
            once = textsFrom(wal, "events", 0);
            assertThat(wal.recovery().cuts()).isEmpty();
        }
        assertThat(once).isEqualTo(entries(setup.fsync() instanceof FsyncPolicy.Each ? 200 : 199));
    }

    @Test
    void journalBringsBackStreamFilesThatAPowerCutTook() throws IOException {
        WalOptions each = WalOptions.in(dir).fsync(FsyncPolicy.each());
        try (Wal wal = Wal.open(each)) {
            for (int i = 0; i < 500; i++) {
                wal.append("topic-" + i % 3, bytes("entry " + i));
            }
            wal.readNext("topic-0", true);
            wal.readNext("topic-0", true);
            killed(dir, copy);
        }
        try (Stream<Path> files = Files.walk(copy.resolve("streams"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
        try (Wal wal = Wal.open(WalOptions.in(copy).fsync(FsyncPolicy.each()))) {
            for (int t = 0; t < 3; t++) {
                assertThat(textsFrom(wal, "topic-" + t, 0)).isEqualTo(everyThird(t, 500));
            }
            assertThat(wal.readNext("topic-0", true).orElseThrow().offset()).isEqualTo(2);
            assertThat(wal.append("topic-0", bytes("more"))).isEqualTo(167);
        }
    }

    @ParameterizedTest
    @MethodSource("io.walrus.wal.Setups#all")
    void tornTailIsCutAndReportedAndWrittenOver(Setup setup) throws IOException {
        writeAndKill(WalOptions.in(dir).fsync(FsyncPolicy.none()), 10);
        Path file = lastStreamFile(copy);
        tear(file, 9);
        try (Wal wal = setup.open(copy)) {
            assertThat(wal.recovery().cuts())
                    .singleElement()
                    .satisfies(
                            cut -> {
                                assertThat(cut.file()).isEqualTo(file);
                                assertThat(cut.position()).isEqualTo(position(9));
                                assertThat(cut.bytes()).isPositive();
                            });
            assertThat(textsFrom(wal, "events", 0)).isEqualTo(entries(9));
            assertThat(wal.append("events", bytes("entry 9"))).isEqualTo(9);
        }
        try (Wal wal = setup.open(copy)) {
            assertThat(textsFrom(wal, "events", 0)).isEqualTo(entries(10));
        }
    }

    @ParameterizedTest
    @MethodSource("io.walrus.wal.Setups#all")
    void bitFlipCostsOneEntryAndStopsAppends(Setup setup) throws IOException {
        writeAndKill(WalOptions.in(dir).fsync(FsyncPolicy.none()), 10);
        Path file = lastStreamFile(copy);
        flip(file, position(5) + FrameFormat.HEADER_BYTES + 2);
        try (Wal wal = setup.open(copy)) {
            assertOnlyEntryFiveIsLost(wal, file);
            assertRefused(WalException.Kind.STOPPED, () -> wal.append("events", bytes("more")));
            assertThat(wal.append("other", bytes("entry"))).isZero();
        }
        try (Wal wal = setup.open(copy)) {
            assertOnlyEntryFiveIsLost(wal, file);
        }
    }

    @ParameterizedTest
    @MethodSource("io.walrus.wal.Setups#all")
    void damagedHeaderCostsOneEntryToo(Setup setup) throws IOException {
        writeAndKill(WalOptions.in(dir).fsync(FsyncPolicy.none()), 10);
        Path file = lastStreamFile(copy);
        flip(file, position(5) + 4);
        try (Wal wal = setup.open(copy)) {
            assertOnlyEntryFiveIsLost(wal, file);
        }
    }

    private static void assertOnlyEntryFiveIsLost(Wal wal, Path file) {
        assertThat(wal.recovery().damages())
                .singleElement()
                .satisfies(
                        damage -> {
                            assertThat(damage.topic()).isEqualTo("events");
                            assertThat(damage.offset()).isEqualTo(5);
                            assertThat(damage.position()).isEqualTo(position(5));
                        });
        assertThat(wal.readAt("events", 0, 1000)).hasSize(5);
        assertRefused(WalException.Kind.DAMAGED, () -> wal.readAt("events", 5, 1000));
        try {
            wal.readAt("events", 5, 1000);
        } catch (WalException damaged) {
            assertThat(damaged.file()).isEqualTo(file);
            assertThat(damaged.position()).isEqualTo(position(5));
        }
        assertThat(textsFrom(wal, "events", 6))
                .containsExactly("entry 6", "entry 7", "entry 8", "entry 9");
        assertThat(wal.endOffset("events")).isEqualTo(10);
    }

    @Test
    void damageUnderAnOpenLogIsFoundByTheReader() throws IOException {
        try (Wal wal = Wal.open(WalOptions.in(dir))) {
            for (int i = 0; i < 10; i++) {
                wal.append("events", bytes("entry " + i));
            }
            flip(lastStreamFile(dir), position(5) + FrameFormat.HEADER_BYTES);
            flip(lastStreamFile(dir), position(7));
            assertThat(wal.readAt("events", 0, 1000)).hasSize(5);
            assertRefused(WalException.Kind.DAMAGED, () -> wal.readAt("events", 5, 1000));
            assertThat(wal.readAt("events", 6, 1000)).hasSize(1);
            assertRefused(WalException.Kind.DAMAGED, () -> wal.readAt("events", 7, 1000));
            assertThat(textsFrom(wal, "events", 8)).containsExactly("entry 8", "entry 9");
        }
    }

    @Test
    void durableEntryThatIsDamagedAtTheVeryEndIsNotCutSilently() throws IOException {
        try (Wal wal = Wal.open(WalOptions.in(dir))) {
            for (int i = 0; i < 10; i++) {
                wal.append("events", bytes("entry " + i));
            }
        }
        flip(lastStreamFile(dir), position(9) + FrameFormat.HEADER_BYTES);
        try (Wal wal = Wal.open(WalOptions.in(dir))) {
            assertThat(wal.recovery().damages()).hasSize(1);
            assertThat(wal.endOffset("events")).isEqualTo(10);
            assertRefused(WalException.Kind.DAMAGED, () -> wal.readAt("events", 9, 10));
            assertThat(wal.readAt("events", 8, 10)).hasSize(1);
        }
    }

    @Test
    void writeThatNeverLandedIsNotDamage() throws IOException {
        writeAndKill(WalOptions.in(dir).fsync(FsyncPolicy.none()), 10);
        Path file = lastStreamFile(copy);
        try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(position(5));
            bytes.write(new byte[FRAME_BYTES]);
        }
        try (Wal wal = Wal.open(WalOptions.in(copy))) {
            assertThat(wal.recovery().damages()).isEmpty();
            assertThat(wal.recovery().cuts()).hasSize(1);
            assertThat(textsFrom(wal, "events", 0)).isEqualTo(entries(5));
            assertThat(wal.append("events", bytes("entry 5"))).isEqualTo(5);
            assertThat(textsFrom(wal, "events", 0)).isEqualTo(entries(6));
        }
    }

    @Test
    void payloadThatLooksLikeAFrameIsNeverParsedAsOne() throws IOException {
        writeAndKill(WalOptions.in(dir).fsync(FsyncPolicy.none()), 3);
        byte[] stolen = new byte[FRAME_BYTES * 3];
        try (var bytes = new RandomAccessFile(lastStreamFile(copy).toFile(), "r")) {
            bytes.seek(position(0));
            bytes.readFully(stolen);
        }
        Path other = copy.resolve("other");
        try (Wal wal = Wal.open(WalOptions.in(other).fsync(FsyncPolicy.none()))) {
            wal.append("events", bytes("entry 0"));
            wal.append("events", stolen);
            killed(other, copy.resolve("other-copy"));
        }
        Path file = lastStreamFile(copy.resolve("other-copy"));
        flip(file, position(1) + 3);
        try (Wal wal = Wal.open(WalOptions.in(copy.resolve("other-copy")))) {
            assertThat(textsFrom(wal, "events", 0)).isEqualTo(entries(1));
        }
    }

    @ParameterizedTest
    @MethodSource("io.walrus.wal.Setups#all")
    void wholeFrameWithoutItsPaddingIsKeptAndTheLogGoesOn(Setup setup) throws IOException {
        try (Wal wal = setup.open(dir)) {
            for (int i = 0; i < 10; i++) {
                wal.append("events", bytes("entry " + i));
            }
            killed(dir, copy);
        }
        int unpadded = FrameFormat.HEADER_BYTES + "entry 9".length();
        try (var file = new RandomAccessFile(lastStreamFile(copy).toFile(), "rw")) {
            file.setLength(FileHeader.BYTES + 9 * FRAME_BYTES + unpadded);
        }
        try (Wal wal = Wal.open(setup.options(copy))) {
            assertThat(wal.recovery().cuts()).isEmpty();
            assertThat(textsFrom(wal, "events", 0)).isEqualTo(entries(10));
            assertThat(wal.append("events", bytes("entry 10"))).isEqualTo(10);
            wal.sync();
        }
        try (Wal wal = Wal.open(setup.options(copy))) {
            assertThat(textsFrom(wal, "events", 0)).isEqualTo(entries(11));
        }
    }

    private void writeAndKill(WalOptions options, int count) throws IOException {
        try (Wal wal = Wal.open(options)) {
            for (int i = 0; i < count; i++) {
                wal.append("events", bytes("entry " + i));
            }
            killed(dir, copy);
        }
    }

    private static int position(int entry) {
        return FileHeader.BYTES + entry * FRAME_BYTES;
    }

    /** The last entry's write stopped in its middle. */
    private static void tear(Path file, int entry) throws IOException {
        int at = FileHeader.BYTES;
        for (int i = 0; i < entry; i++) {
            at += FrameFormat.padded(FrameFormat.HEADER_BYTES + ("entry " + i).length());
        }
        try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(at + 20);
            bytes.write(new byte[60]);
        }
    }

    static void flip(Path file, int position) throws IOException {
        try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(position);
            int was = bytes.read();
            bytes.seek(position);
            bytes.write(was ^ 0x10);
        }
    }

    private static List<String> entries(int count) {
        return IntStream.range(0, count).mapToObj(i -> "entry " + i).toList();
    }

    private static List<String> everyThird(int from, int count) {
        return IntStream.range(0, count)
                .filter(i -> i % 3 == from)
                .mapToObj(i -> "entry " + i)
                .toList();
    }
}
