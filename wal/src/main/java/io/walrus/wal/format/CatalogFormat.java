package io.walrus.wal.format;

import io.walrus.wal.format.CatalogRecord.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Bytes of {@code catalog.log}: a header, records, then zeros. Header and records are written
 * twice, side by side, so that one damaged place never hides a stream.
 *
 * <pre>
 * header, 64 bytes, two copies     record, 48 bytes + name, padded with zeros to 8, two copies
 *  0 u64 magic                      0 u32 magic            24 u64 stream id
 *  8 u32 version, 12 u32 zero       4 u32 bytes, unpadded  32 u64 number
 * 16 u64 first sequence             8 u64 sequence         40 u32 kind
 * 24 u64 next stream id            16 u64 durable          44 u32 CRC32C over [0,44) and name
 * 32 u64 created, ms                                       48 name, UTF-8
 * 60 u32 CRC32C over [0,60)
 * </pre>
 *
 * All numbers are little-endian.
 */
public final class CatalogFormat {

    public static final int HEADER_BYTES = 128;
    public static final int NAME_BYTES_MAX = 1024;

    private static final long HEADER_MAGIC = 0x474f_4c54_4143_4c57L; // "WLCATLOG"
    private static final int RECORD_MAGIC = 0x5443_4c57; // "WLCT"
    private static final int VERSION = 1;
    private static final int HEADER_COPY_BYTES = 64;
    private static final int HEADER_CRC = 60;
    private static final int RECORD_CRC = 44;
    private static final int NAME = 48;

    private CatalogFormat() {}

    /**
     * The catalogue's own start.
     *
     * @param firstSequence sequence of the first record
     * @param nextStreamId ids below it were given away, even if no record names them any more
     */
    public record Header(long firstSequence, long nextStreamId, long createdMillis) {}

    /** Both copies of a header. */
    public static ByteBuffer bytesOf(Header header) {
        ByteBuffer bytes = littleEndian(HEADER_BYTES);
        for (int at = 0; at < HEADER_BYTES; at += HEADER_COPY_BYTES) {
            bytes.putLong(at, HEADER_MAGIC);
            bytes.putInt(at + 8, VERSION);
            bytes.putLong(at + 16, header.firstSequence);
            bytes.putLong(at + 24, header.nextStreamId);
            bytes.putLong(at + 32, header.createdMillis);
            bytes.putInt(at + HEADER_CRC, crc(bytes, at, HEADER_CRC, 0));
        }
        return bytes;
    }

    /** The header, if one of its copies is whole. */
    public static Optional<Header> headerIn(ByteBuffer file) {
        return headerAt(file, 0).or(() -> headerAt(file, HEADER_COPY_BYTES));
    }

    /** Where the header's damaged copy is, or -1 if both are whole. */
    public static int damagedHeaderCopy(ByteBuffer file) {
        for (int at = 0; at < HEADER_BYTES; at += HEADER_COPY_BYTES) {
            if (headerAt(file, at).isEmpty()) {
                return at;
            }
        }
        return -1;
    }

    private static Optional<Header> headerAt(ByteBuffer file, int at) {
        if (file.limit() < at + HEADER_COPY_BYTES
                || file.getLong(at) != HEADER_MAGIC
                || file.getInt(at + 8) != VERSION
                || file.getInt(at + HEADER_CRC) != crc(file, at, HEADER_CRC, 0)) {
            return Optional.empty();
        }
        return Optional.of(
                new Header(file.getLong(at + 16), file.getLong(at + 24), file.getLong(at + 32)));
    }

    /** Both copies of a record. */
    public static ByteBuffer bytesOf(CatalogRecord record) {
        byte[] name = record.name().getBytes(StandardCharsets.UTF_8);
        if (name.length > NAME_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "expected a name of up to %d bytes, got %d"
                            .formatted(NAME_BYTES_MAX, name.length));
        }
        int copyBytes = padded(NAME + name.length);
        ByteBuffer bytes = littleEndian(2 * copyBytes);
        for (int at = 0; at < bytes.limit(); at += copyBytes) {
            bytes.putInt(at, RECORD_MAGIC);
            bytes.putInt(at + 4, NAME + name.length);
            bytes.putLong(at + 8, record.sequence());
            bytes.putLong(at + 16, record.durable());
            bytes.putLong(at + 24, record.streamId());
            bytes.putLong(at + 32, record.number());
            bytes.putInt(at + 40, record.kind().code());
            bytes.put(at + NAME, name);
            bytes.putInt(at + RECORD_CRC, crc(bytes, at, RECORD_CRC, name.length));
        }
        return bytes;
    }

    /** One copy of a record, if a whole one stands at a position. */
    public static Optional<CatalogRecord> recordAt(ByteBuffer file, int at) {
        if (file.limit() - at < NAME || file.getInt(at) != RECORD_MAGIC) {
            return Optional.empty();
        }
        int nameBytes = file.getInt(at + 4) - NAME;
        if (nameBytes < 0 || nameBytes > Math.min(NAME_BYTES_MAX, file.limit() - at - NAME)) {
            return Optional.empty();
        }
        Kind kind = Kind.of(file.getInt(at + 40));
        if (kind == null || file.getInt(at + RECORD_CRC) != crc(file, at, RECORD_CRC, nameBytes)) {
            return Optional.empty();
        }
        var name = new byte[nameBytes];
        file.get(at + NAME, name);
        return Optional.of(
                new CatalogRecord(
                        kind,
                        file.getLong(at + 8),
                        file.getLong(at + 16),
                        file.getLong(at + 24),
                        file.getLong(at + 32),
                        new String(name, StandardCharsets.UTF_8)));
    }

    /** Bytes that one copy of a record takes. */
    public static int copyBytes(CatalogRecord record) {
        return padded(NAME + record.name().getBytes(StandardCharsets.UTF_8).length);
    }

    private static int padded(int bytes) {
        return bytes + 7 & ~7;
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Over {@code [at, at + head)} and the {@code tail} bytes that follow the checksum itself. */
    private static int crc(ByteBuffer bytes, int at, int head, int tail) {
        var crc = new CRC32C();
        crc.update(bytes.slice(at, head));
        crc.update(bytes.slice(at + head + 4, tail));
        return (int) crc.getValue();
    }
}
