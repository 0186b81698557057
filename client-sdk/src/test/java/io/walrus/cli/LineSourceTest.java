package io.walrus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class LineSourceTest {

    @Property(tries = 100)
    void linesComeBackAsTheyWereWhateverTheirLengthAndLastByte(
            @ForAll("lines") List<byte[]> lines, @ForAll boolean endsWithNewline)
            throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (int i = 0; i < lines.size(); i++) {
            text.writeBytes(lines.get(i));
            boolean isLast = i == lines.size() - 1;
            if (!isLast || endsWithNewline || lines.get(i).length == 0) {
                text.write('\n');
            }
        }
        LineSource source = new LineSource(new ByteArrayInputStream(text.toByteArray()));

        for (byte[] line : lines) {
            assertThat(source.next()).isEqualTo(line);
        }
        assertThat(source.next()).isNull();
        assertThat(source.lineNumber()).isEqualTo(lines.size());
    }

    @Provide
    Arbitrary<List<byte[]>> lines() {
        Arbitrary<byte[]> line =
                Arbitraries.of(0, 1, 7, 65_534, 65_535, 65_536, 65_537, 140_000)
                        .map(
                                length -> {
                                    byte[] bytes = new byte[length];
                                    java.util.Arrays.fill(bytes, (byte) '\r');
                                    return bytes;
                                });
        return line.list().ofMaxSize(6);
    }
}
