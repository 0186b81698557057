package io.walrus.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.wal.tool.WalTool;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
