package io.walrus.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.wal.format.AheadMark;
import io.walrus.wal.format.CatalogFormat;
import io.walrus.wal.format.CatalogRecord;
import io.walrus.wal.format.FileHeader;
import io.walrus.wal.format.FrameFormat;
import io.walrus.wal.format.JournalHeader;
import io.walrus.wal.format.JournalRecord;
import io.walrus.wal.tool.WalTool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real directories of every format that was ever released open, with all that is in them. */
class ReleasedFormatsTest {

    private static final String DUMP =
            """
            audit 0 2026-01-02T03:04:05Z 6 "opened"
            audit 1 2026-01-02T03:04:05Z 6 "closed"
            orders 0 2026-01-02T03:04:05Z 5 "first"
            orders 1 2026-01-02T03:04:05Z 0 ""
            orders 2 2026-01-02T03:04:05Z 1 "a"
            orders 3 2026-01-02T03:04:05Z 2 "bb"
            orders 4 2026-01-02T03:04:05Z 17 "a hundred of them"
            """;

    @TempDir private Path dir;

    @ParameterizedTest
    @CsvSource({
        "v1/closed, MAPPED",
        "v1/closed, FILE_CHANNEL",
        "v1/killed, MAPPED",
        "v1/killed, FILE_CHANNEL"
    })
    void everythingWrittenThenIsReadNow(String name, Backend backend) {
        WalOptions options = WalOptions.in(FormatFiles.unpack(name, dir)).backend(backend);
        for (int opening = 0; opening < 2; opening++) {
            try (Wal wal = Wal.open(options)) {
                assertThat(wal.recovery().damages()).isEmpty();
                assertThat(wal.recovery().cuts()).isEmpty();
                assertThat(wal.topics()).containsExactly("audit", "orders");
                assertThat(payloads(wal, "orders"))
                        .containsExactly("first", "", "a", "bb", "a hundred of them");
                assertThat(payloads(wal, "audit")).containsExactly("opened", "closed");
                assertThat(wal.readAt("orders", 3, 1).get(0).timestampMillis())
                        .isEqualTo(FormatFiles.WRITTEN_AT.toEpochMilli());
                assertThat(wal.isSealed("audit")).isTrue();
                assertThat(wal.endOffset("audit")).isEqualTo(2);
                assertThat(wal.cursor("orders", "billing")).hasValue(2);
            }
        }
        try (Wal wal = Wal.open(options)) {
            assertThat(wal.readNext("orders", true).orElseThrow().offset()).isEqualTo(1);
            assertThat(wal.append("orders", new byte[] {7})).isEqualTo(5);
            assertThat(wal.append("gone", new byte[0])).isZero();
        }
    }

    /** With a file that was made ahead, entries given up, and word of a failed sync. */
    @ParameterizedTest
    @EnumSource(Backend.class)
    void aLogThatWasKilledWhileItGrewGoesOn(Backend backend) {
        FormatFiles.unpack("v1/growing", dir);
        Path ahead = dir.resolve("streams/0000000000000001/00000003.log");
        Path failed = dir.resolve("failed.walrus");
        assertThat(ahead).exists();
        assertThat(failed).exists();
        assertThat(run("verify"))
                .contains("1 topic, 2 files, 0 journal files, 6 whole entries")
                .endsWith("nothing is damaged\n");
        WalOptions options = WalOptions.in(dir).backend(backend);
        for (int opening = 0; opening < 2; opening++) {
            try (Wal wal = Wal.open(options)) {
                assertThat(wal.recovery().damages()).isEmpty();
                assertThat(wal.recovery().cuts()).isEmpty();
                assertThat(ahead).doesNotExist();
                assertThat(failed).doesNotExist();
                assertThat(wal.startOffset("long")).isEqualTo(2);
                assertThat(wal.cursor("long", "reader")).hasValue(3);
                for (int n = 2; n < 6; n++) {
                    assertThat(wal.readAt("long", n, 1).get(0).bytes())
                            .isEqualTo(FormatFiles.longText(n));
                }
                assertThat(wal.readAt("long", 6, 1 << 10))
                        .extracting(entry -> text(entry.payload()))
                        .startsWith("behind", "a sync");
                assertThat(wal.append("long", new byte[opening])).isEqualTo(8 + opening);
            }
        }
    }

    /** Whatever this version writes has been in a directory that every later one must open. */
    @Test
    void everythingThatTheFormatHasIsInOneOfThem() throws IOException {
        Set<Object> found = new HashSet<>();
        for (String name : List.of("closed", "killed", "growing")) {
            Path unpacked = FormatFiles.unpack("v1/" + name, dir.resolve(name));
            try (Stream<Path> files = Files.walk(unpacked)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    ByteBuffer bytes =
                            ByteBuffer.wrap(Files.readAllBytes(file))
                                    .order(ByteOrder.LITTLE_ENDIAN);
                    collect(unpacked.relativize(file).toString(), bytes, found);
                }
            }
        }
        assertThat(found)
                .contains((Object[]) CatalogRecord.Kind.values())
                .contains("LOCK", "format.walrus", "catalog.log", "cursors.dat", "failed.walrus")
                .contains("journal frame", "journal cursor")
                .contains("one entry", "batch", "durable before", "mark", "ahead");
    }

    private static void collect(String name, ByteBuffer bytes, Set<Object> found) {
        found.add(name);
        var crc = new CRC32C();
        FileHeader header = name.startsWith("streams") ? FileHeader.read(bytes, 0) : null;
        if (header != null && FileHeader.Mark.read(bytes, 0).bytes() > 0) {
            found.add("mark");
        }
        if (name.startsWith("streams") && AheadMark.isIn(bytes, 1, 3)) {
            found.add("ahead");
        }
        JournalHeader journal = name.startsWith("journal") ? JournalHeader.read(bytes) : null;
        for (int at = 0; at <= bytes.limit() - FrameFormat.HEADER_BYTES; at += 8) {
            if (name.equals("catalog.log")) {
                CatalogFormat.recordAt(bytes, at).ifPresent(record -> found.add(record.kind()));
            } else if (header != null && isFrame(bytes, at, header, crc)) {
                found.add(FrameFormat.isBatch(bytes, at) ? "batch" : "one entry");
                found.add(FrameFormat.durable(bytes, at) > 64 ? "durable before" : "");
            } else if (journal != null && at <= bytes.limit() - JournalRecord.HEADER_BYTES) {
                JournalRecord record = JournalRecord.read(bytes, at, journal.salt(), crc);
                if (record != null) {
                    boolean frame = record.kind() == JournalRecord.FRAME;
                    found.add(frame ? "journal frame" : "journal cursor");
                }
            }
        }
    }

    private static boolean isFrame(ByteBuffer bytes, int at, FileHeader header, CRC32C crc) {
        int stream = (int) header.streamId();
        return FrameFormat.looksLikeFrame(bytes, at, bytes.limit() - at, stream, header.salt())
                && FrameFormat.isWhole(bytes, bytes.duplicate(), crc, at);
    }

    private static List<String> payloads(Wal wal, String topic) {
        return wal.readAt(topic, 0, 1 << 20).stream().map(entry -> text(entry.payload())).toList();
    }

    private static String text(ByteBuffer payload) {
        return StandardCharsets.UTF_8.decode(payload.duplicate()).toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1/closed", "v1/killed"})
    void theToolsReadThemToo(String name) {
        FormatFiles.unpack(name, dir);
        assertThat(run("dump")).isEqualTo(DUMP);
        assertThat(run("verify"))
                .contains("2 topics")
                .contains("7 whole entries, 37 bytes")
                .endsWith("nothing is damaged\n");
        assertThat(run("stats")).contains("total: 7 entries, 37 bytes");
    }

    private String run(String verb) {
        var out = new ByteArrayOutputStream();
        var print = new PrintStream(out, true, StandardCharsets.UTF_8);
        int code = WalTool.run(new String[] {verb, dir.toString()}, print, print);
        String text = out.toString(StandardCharsets.UTF_8);
        assertThat(code).as(text).isEqualTo(WalTool.FINE);
        return text;
    }
}
