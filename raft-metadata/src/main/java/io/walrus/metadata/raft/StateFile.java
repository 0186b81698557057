package io.walrus.metadata.raft;

import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.codec.MetadataCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The state in a snapshot: one line of text with format, length and CRC32C, then the JSON. Anything
 * else is refused, never "empty".
 */
final class StateFile {
    static final String NAME = "state";
    private static final String FORMAT = "walrus-metadata-state-1";

    private final MetadataCodec codec = new MetadataCodec();

    /** Writes and forces it. Blocking. */
    void write(Path file, ClusterMetadata state) throws IOException {
        byte[] json = codec.encodeState(state);
        String head =
                FORMAT
                        + " "
                        + json.length
                        + " "
                        + Integer.toHexString(LogFormat.crc(json, 0, json.length))
                        + "\n";
        byte[] headBytes = head.getBytes(StandardCharsets.US_ASCII);
        byte[] content = Arrays.copyOf(headBytes, headBytes.length + json.length);
        System.arraycopy(json, 0, content, headBytes.length, json.length);
        DurableFile.write(file, content);
    }

    /** Reads what was written, or says what is wrong with it. Blocking. */
    ClusterMetadata read(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        int lineEnd = 0;
        while (lineEnd < content.length && content[lineEnd] != '\n') {
            lineEnd++;
        }
        String[] words = new String(content, 0, lineEnd, StandardCharsets.US_ASCII).split(" ");
        int jsonAt = lineEnd + 1;
        boolean isWhole =
                words.length == 3
                        && words[0].equals(FORMAT)
                        && jsonAt <= content.length
                        && words[1].equals(Integer.toString(content.length - jsonAt));
        if (!isWhole) {
            throw new LogDamagedException(
                    file, 0, "expected a whole " + FORMAT + ", found " + content.length + " bytes");
        }
        String crc = Integer.toHexString(LogFormat.crc(content, jsonAt, content.length - jsonAt));
        if (!crc.equals(words[2])) {
            throw new LogDamagedException(file, jsonAt, "its checksum is wrong");
        }
        return codec.decodeState(Arrays.copyOfRange(content, jsonAt, content.length));
    }
}
