package io.walrus.wal.tool;

import io.walrus.wal.disk.Disk;
import io.walrus.wal.disk.DiskFile;
import io.walrus.wal.format.CatalogFormat;
import io.walrus.wal.format.CatalogRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads {@code catalog.log} record by record, both copies of each, and says which are not what they
 * were. Takes whatever is whole: unlike the engine it has nothing to lose by going on.
 */
final class CatalogLook {

    private static final String NAME = "catalog.log";

    private final Map<Long, Topic> topics = new TreeMap<>();
    private final Findings findings;
    private final Path file;
    private final ByteBuffer bytes;
    private long lastSequence;
    private long holeAt = -1;
    private long holeSequence;

    /** The second copy of the last record is not whole: torn, unless another record follows. */
    private long tornSecondAt = -1;

    private CatalogLook(Findings findings, Path file, ByteBuffer bytes) {
        this.findings = findings;
        this.file = file;
        this.bytes = bytes;
    }

    /** The topics of a directory, by stream id. */
    static Collection<Topic> topics(Disk disk, Path dir, Findings findings) throws IOException {
        Path file = dir.resolve(NAME);
        if (!disk.exists(file)) {
            findings.damaged(file, 0, "expected a catalogue, found none");
            return List.of();
        }
        try (DiskFile handle = disk.openReadOnly(file)) {
            ByteBuffer bytes =
                    ByteBuffer.allocate(Math.toIntExact(handle.size()))
                            .order(ByteOrder.LITTLE_ENDIAN);
            handle.read(0, bytes);
            return new CatalogLook(findings, file, bytes.flip()).read();
        }
    }

    private Collection<Topic> read() {
        Optional<CatalogFormat.Header> header = CatalogFormat.headerIn(bytes);
        if (header.isEmpty()) {
            findings.damaged(file, 0, "expected a header in one of its copies");
        } else if (CatalogFormat.damagedHeaderCopy(bytes) >= 0) {
            findings.damaged(
                    file,
                    CatalogFormat.damagedHeaderCopy(bytes),
                    "one of two copies of the header; nothing is lost");
        }
        lastSequence = header.map(CatalogFormat.Header::firstSequence).orElse(1L) - 1;
        int at = CatalogFormat.HEADER_BYTES;
        while (at < bytes.limit()) {
            Optional<CatalogRecord> found = CatalogFormat.recordAt(bytes, at);
            int next = found.isPresent() ? took(found.get(), at) : missed(at);
            if (next == bytes.limit()) {
                end(tornSecondAt < 0 ? at : (int) tornSecondAt);
            }
            at = next;
        }
        return topics.values();
    }

    /** A first copy, and a second one behind it unless that is damaged. */
    private int took(CatalogRecord record, int at) {
        int copyBytes = CatalogFormat.copyBytes(record);
        if (record.sequence() <= lastSequence) {
            return at + copyBytes;
        }
        if (holeAt < 0 && record.sequence() > lastSequence + 1) {
            hole(at);
        }
        judgeHole(record);
        if (tornSecondAt >= 0) {
            findings.damaged(file, tornSecondAt, "one of two copies of a record; nothing is lost");
            tornSecondAt = -1;
        }
        boolean both = CatalogFormat.recordAt(bytes, at + copyBytes).equals(Optional.of(record));
        if (!both && holeAt < 0) {
            tornSecondAt = at + copyBytes;
        }
        lastSequence = record.sequence();
        apply(record);
        return at + (both ? 2 * copyBytes : copyBytes);
    }

    /** Nothing whole here: a damaged first copy, a hole, or the end. */
    private int missed(int at) {
        for (int next = at + 8; next < bytes.limit(); next += 8) {
            Optional<CatalogRecord> found = CatalogFormat.recordAt(bytes, next);
            if (found.isPresent() && found.get().sequence() > lastSequence) {
                CatalogRecord record = found.get();
                boolean secondCopy =
                        record.sequence() == lastSequence + 1
                                && next - at == CatalogFormat.copyBytes(record);
                if (secondCopy) {
                    findings.damaged(file, at, "one of two copies of a record; nothing is lost");
                    lastSequence = record.sequence();
                    apply(record);
                    return next + CatalogFormat.copyBytes(record);
                }
                if (holeAt < 0 && record.sequence() > lastSequence + 1) {
                    hole(at);
                }
                return next;
            }
        }
        return bytes.limit();
    }

    private void end(int at) {
        if (holeAt >= 0) {
            findings.note(file, holeAt, "records that a power cut took; they were never durable");
        } else if (usedUpTo() > at) {
            findings.note(file, at, "a record that is torn or still being written");
        }
    }

    private void hole(long at) {
        holeAt = at;
        holeSequence = lastSequence + 1;
    }

    private void judgeHole(CatalogRecord record) {
        if (holeAt >= 0 && record.durable() >= holeSequence) {
            findings.damaged(
                    file,
                    holeAt,
                    "records from %d on; what they said of topics is unknown"
                            .formatted(holeSequence));
            holeAt = -1;
        }
    }

    private int usedUpTo() {
        int used = bytes.limit();
        while (used > 0 && bytes.get(used - 1) == 0) {
            used--;
        }
        return used;
    }

    private void apply(CatalogRecord record) {
        long id = record.streamId();
        Topic topic = topics.get(id);
        if (record.kind() == CatalogRecord.Kind.CREATED) {
            topics.put(id, new Topic(id, record.name(), false, -1, 0, new TreeMap<>()));
            return;
        }
        if (topic == null) {
            return;
        }
        switch (record.kind()) {
            case SEALED -> topics.put(id, topic.sealedAt(record.number()));
            case TRUNCATED_BEFORE -> topics.put(id, topic.startingAt(record.number()));
            case CURSOR_NAMED -> topic.slots().put(record.name(), (int) record.number());
            case DELETED -> topics.remove(id);
            default -> throw new IllegalStateException("a kind without a meaning: " + record);
        }
    }
}
