package io.walrus.it.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.wal.Entry;
import io.walrus.wal.Wal;

/** Opens the log that a child left behind and compares it with what the child told. */
final class LogCheck {

    private LogCheck() {}

    /** Every ack is there, nothing else than what was appended is, nothing is damaged. */
    static void requireEverythingAcked(Wal wal, Told told) {
        assertThat(told.broken()).isEmpty();
        assertThat(wal.recovery().damages()).isEmpty();
        for (int topic = 0; topic < told.topics(); topic++) {
            if (!wal.exists("topic-" + topic)) {
                assertThat(told.ackedEnd(topic)).as("AckedIsNeverLost").isZero();
                continue;
            }
            long end = requireRightEntries(wal, topic);
            assertThat(end)
                    .as("AckedIsNeverLost: end of topic %d", topic)
                    .isGreaterThanOrEqualTo(told.ackedEnd(topic));
        }
    }

    /** Every entry is the one that was appended there; returns the end. */
    static long requireRightEntries(Wal wal, int topic) {
        String name = "topic-" + topic;
        long end = wal.endOffset(name);
        for (long offset = 0; offset < end; ) {
            for (Entry entry : wal.readAt(name, offset, 1 << 20)) {
                assertThat(entry.offset()).as("OffsetsAreDense").isEqualTo(offset);
                assertThat(entry.bytes())
                        .as("entry %d of %s", offset, name)
                        .isEqualTo(Payload.of(topic, offset));
                offset++;
            }
        }
        return end;
    }
}
