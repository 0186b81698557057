package io.walrus.wal;

import io.walrus.wal.WalException.Kind;
import io.walrus.wal.format.CatalogFormat;
import io.walrus.wal.format.CatalogRecord;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads a catalogue's bytes and decides what they are: records, a torn tail, what a power cut left
 * of records that were never forced, or damage. A pure function of the bytes.
 *
 * @param end position after the last record
 * @param records how many there were
 * @param sequence of the last one
 * @param healed places where one of two copies was damaged
 * @param cutAt first byte of what was lost unforced, or -1 if nothing was
 * @param cutBytes how many bytes of that there were
 * @param gap whether records follow what was lost: the file must be written anew, because what is
 *     appended now would make the gap look like damage
 */
record CatalogScan(
        CatalogState state,
        int end,
        long records,
        long sequence,
        int healed,
        long cutAt,
        long cutBytes,
        boolean gap) {

    static CatalogScan of(ByteBuffer bytes, Path file) {
        CatalogFormat.Header header =
                CatalogFormat.headerIn(bytes)
                        .orElseThrow(
                                () ->
                                        damaged(
                                                "a header of format 1 in one of its copies",
                                                file,
                                                0));
        return new Reading(bytes, file, header).run();
    }

    private static WalException damaged(String expected, Path file, long position) {
        return new WalException(
                Kind.DAMAGED,
                "damaged catalogue: expected %s; restore the file from a copy, nothing was changed"
                        .formatted(expected),
                file,
                position,
                null);
    }

    /** One pass; a class because a pass has six numbers to carry along. */
    private static final class Reading {
        private final ByteBuffer bytes;
        private final Path file;
        private final CatalogState state;
        private int at = CatalogFormat.HEADER_BYTES;
        private long records;
        private long sequence;
        private int healed;
        private long cutAt = -1;
        private long cutBytes;
        private boolean gap;
        private long gapSequence;

        Reading(ByteBuffer bytes, Path file, CatalogFormat.Header header) {
            this.bytes = bytes;
            this.file = file;
            this.sequence = header.firstSequence() - 1;
            this.state = new CatalogState(header.nextStreamId());
        }

        CatalogScan run() {
            while (takeWhole() || takeSecondCopy() || skipGap()) {
                records++;
            }
            int end = at;
            int tail = usedUpTo() - at;
            if (tail > 0) {
                cut(at, tail);
            }
            return new CatalogScan(state, end, records, sequence, healed, cutAt, cutBytes, gap);
        }

        private boolean takeWhole() {
            Optional<CatalogRecord> first = next(at);
            if (first.isEmpty()) {
                return false;
            }
            int copyBytes = CatalogFormat.copyBytes(first.get());
            if (!next(at + copyBytes).equals(first)) {
                healed++;
            }
            take(first.get(), at + 2 * copyBytes);
            return true;
        }

        private boolean takeSecondCopy() {
            // The first copy is as long as the second; look where a second one can stand.
            int last = Math.min(at + CatalogFormat.NAME_BYTES_MAX + 64, bytes.limit() - 8);
            for (int second = at + 8; second <= last; second += 8) {
                Optional<CatalogRecord> found = next(second);
                if (found.isPresent() && second - at == CatalogFormat.copyBytes(found.get())) {
                    healed++;
                    take(found.get(), second + CatalogFormat.copyBytes(found.get()));
                    return true;
                }
            }
            return false;
        }

        private Optional<CatalogRecord> next(int position) {
            return CatalogFormat.recordAt(bytes, position)
                    .filter(found -> found.sequence() == sequence + 1);
        }

        /**
         * Records after a hole: damage if the hole was durable, else what a power cut may leave.
         */
        private boolean skipGap() {
            int used = usedUpTo();
            for (int place = at + 8; place < used; place += 8) {
                Optional<CatalogRecord> found =
                        CatalogFormat.recordAt(bytes, place)
                                .filter(record -> record.sequence() > sequence + 1);
                if (found.isPresent()) {
                    return resumeAt(place, found.get());
                }
            }
            return false;
        }

        private boolean resumeAt(int place, CatalogRecord record) {
            if (!gap) {
                gap = true;
                gapSequence = sequence + 1;
            }
            cut(at, place - at);
            int copyBytes = CatalogFormat.copyBytes(record);
            boolean isSecondCopy =
                    !CatalogFormat.recordAt(bytes, place + copyBytes).equals(Optional.of(record));
            take(record, place + (isSecondCopy ? copyBytes : 2 * copyBytes));
            return true;
        }

        private void take(CatalogRecord record, int end) {
            if (gap && record.durable() >= gapSequence) {
                throw damaged("record %d".formatted(gapSequence), file, cutAt);
            }
            state.apply(record);
            sequence = record.sequence();
            at = end;
        }

        private void cut(int position, int length) {
            cutAt = cutAt < 0 ? position : cutAt;
            cutBytes += length;
        }

        private int usedUpTo() {
            int used = bytes.limit();
            while (used - Long.BYTES >= at && bytes.getLong(used - Long.BYTES) == 0) {
                used -= Long.BYTES;
            }
            while (used > at && bytes.get(used - 1) == 0) {
                used--;
            }
            return used;
        }
    }
}
