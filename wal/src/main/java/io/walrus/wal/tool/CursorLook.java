package io.walrus.wal.tool;

import io.walrus.wal.disk.Disk;
import io.walrus.wal.disk.DiskFile;
import io.walrus.wal.format.CursorSlotFormat;
import io.walrus.wal.format.LittleEndian;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;

/** Looks at the slot of each cursor that the catalogue names. */
final class CursorLook {

    private static final String NAME = "cursors.dat";

    private CursorLook() {}

    static void check(
            Disk disk, Path dir, Collection<Topic> topics, JournalLook journal, Findings findings)
            throws IOException {
        Path path = dir.resolve(NAME);
        if (!disk.exists(path)) {
            if (topics.stream().anyMatch(topic -> !topic.slots().isEmpty())) {
                findings.damaged(path, 0, "expected cursors, found no file");
            }
            return;
        }
        try (DiskFile file = disk.openReadOnly(path)) {
            ByteBuffer bytes = LittleEndian.allocate(Math.toIntExact(file.size()));
            file.read(0, bytes);
            bytes.flip();
            long forcedBytes = CursorSlotFormat.forcedBytesIn(bytes).orElse(-1);
            if (forcedBytes < 0) {
                findings.damaged(path, 0, "expected a header in one of its copies");
            }
            for (Topic topic : topics) {
                for (Map.Entry<String, Integer> cursor : topic.slots().entrySet()) {
                    String what = check(bytes, forcedBytes, cursor.getValue());
                    if (what != null && !journal.hasCursor(cursor.getValue())) {
                        findings.damaged(
                                path,
                                CursorSlotFormat.positionOf(cursor.getValue()),
                                "topic %s, cursor \"%s\": %s"
                                        .formatted(topic.name(), cursor.getKey(), what));
                    }
                }
            }
        }
    }

    /** What is wrong with a slot, or null. One torn copy is what a kill leaves. */
    private static String check(ByteBuffer bytes, long forcedBytes, int slot) {
        long at = CursorSlotFormat.positionOf(slot);
        if (at + CursorSlotFormat.SLOT_BYTES > bytes.limit()) {
            return at < forcedBytes ? "the file ends before it" : null;
        }
        int first = (int) at;
        int second = first + CursorSlotFormat.COPY_BYTES;
        boolean lost =
                CursorSlotFormat.copyAt(bytes, first, slot) == null
                        && CursorSlotFormat.copyAt(bytes, second, slot) == null
                        && !CursorSlotFormat.isBlank(bytes, first)
                        && !CursorSlotFormat.isBlank(bytes, second);
        return lost ? "both copies of its value" : null;
    }
}
