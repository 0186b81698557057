package io.walrus.wal.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.walrus.wal.Entry;
import io.walrus.wal.RecoveryReport;
import io.walrus.wal.Wal;
import io.walrus.wal.WalException;
import io.walrus.wal.WalException.Kind;
import io.walrus.wal.proof.TopicModel.Presence;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Compares a log that was just opened with its model, and the model learns what had been open. */
final class ReopenCheck {

    private final Wal wal;
    private final Crash crash;

    /** Under this policy what can be read is durable. */
    private final boolean readsAreDurable;

    ReopenCheck(Wal wal, Crash crash, boolean readsAreDurable) {
        this.wal = wal;
        this.crash = crash;
        this.readsAreDurable = readsAreDurable;
    }

    void run(List<TopicModel> topics) {
        Set<String> strangers = new TreeSet<>(wal.topics());
        for (TopicModel topic : topics) {
            check(topic, strangers.remove(topic.name));
        }
        assertThat(strangers).as("topics that nobody made").isEmpty();
    }

    private void check(TopicModel topic, boolean found) {
        if (!found) {
            checkMayBeGone(topic);
            topic.forgotten();
            return;
        }
        if (topic.presence == Presence.ABSENT) {
            fail(
                    "%s is there again after %s, and had been deleted or never made",
                    topic.name, crash);
        }
        topic.presence = Presence.PRESENT;
        topic.deleteWanted = false;
        checkStart(topic);
        long floor = crash == Crash.POWER ? topic.durableEnd : topic.end();
        long end = wal.endOffset(topic.name);
        boolean toldCut =
                wal.recovery().cuts().stream().anyMatch(cut -> cut.topic().equals(topic.name));
        topic.reopened(crash, end, toldCut && !readsAreDurable);
        assertThat(wal.entryCount(topic.name))
                .as("count of " + topic.name)
                .isEqualTo(end - topic.start);
        checkSeal(topic, end);
        checkReport(topic, floor);
        scan(topic, Math.min(floor, end));
        checkCursors(topic);
        if (crash != Crash.PROCESS || readsAreDurable) {
            topic.durable();
        }
        topic.durableEnd = Math.min(topic.durableEnd, topic.end());
    }

    private void checkMayBeGone(TopicModel topic) {
        boolean mayBeGone =
                topic.presence != Presence.PRESENT
                        || topic.deleteWanted
                        || crash == Crash.POWER && !topic.durablePresence;
        if (!mayBeGone) {
            fail(
                    "AckedIsNeverLost: %s is gone after %s, with %d entries, %d of them durable",
                    topic.name, crash, topic.end(), topic.durableEnd);
        }
    }

    private void checkStart(TopicModel topic) {
        long start = wal.startOffset(topic.name);
        if (!topic.startsWanted.contains(start)) {
            assertThat(start).as("start of " + topic.name).isEqualTo(topic.start);
        }
        topic.start = start;
        topic.startsWanted.clear();
    }

    private void checkSeal(TopicModel topic, long end) {
        boolean sealed = wal.isSealed(topic.name);
        if (topic.sealed) {
            assertThat(sealed).as("SealedIsFrozen: %s after %s", topic.name, crash).isTrue();
            assertThat(end).as("SealedIsFrozen: end of %s", topic.name).isEqualTo(topic.sealedEnd);
        } else if (sealed) {
            assertThat(topic.sealWanted).as("%s was never sealed", topic.name).isTrue();
            topic.sealed = true;
            topic.sealedEnd = end;
        }
        topic.sealWanted = false;
    }

    /**
     * Damage is told only where the medium rotted, or where the power cut tore writes that nobody
     * had been promised: a sector of which a part arrived looks like rot.
     */
    private void checkReport(TopicModel topic, long floor) {
        for (RecoveryReport.Damage damage : wal.recovery().damages()) {
            if (damage.topic().equals(topic.name)) {
                boolean torn = crash == Crash.POWER && floor <= damage.offset();
                assertThat(torn || topic.isRotten())
                        .as(
                                "no damage was done to %s below %d: %s",
                                topic.name, floor, wal.recovery().damages())
                        .isTrue();
                topic.stopped = true;
            }
        }
    }

    /** Reads everything: right payloads, and damage only where there may be some. */
    private void scan(TopicModel topic, long floor) {
        long offset = topic.start;
        while (offset < topic.end()) {
            try {
                List<Entry> entries = wal.readAt(topic.name, offset, 1 << 16);
                assertThat(entries).as("entries of %s at %d", topic.name, offset).isNotEmpty();
                for (Entry entry : entries) {
                    assertThat(entry.offset()).as("OffsetsAreDense").isEqualTo(offset);
                    topic.requireEntry(offset, entry.bytes(), "after " + crash);
                    topic.damaged.clear((int) offset);
                    offset++;
                }
            } catch (WalException refused) {
                if (refused.kind() != Kind.DAMAGED) {
                    throw refused;
                }
                boolean allowed = crash == Crash.POWER && floor <= offset;
                if (!allowed) {
                    topic.requireDamageAllowed(offset, refused);
                }
                topic.damaged.set((int) offset);
                offset++;
            }
        }
        topic.requireWholeUnitsDamaged();
    }

    private void checkCursors(TopicModel topic) {
        topic.cursors.forEach(
                (cursor, model) ->
                        model.reopened(
                                crash,
                                wal.cursor(topic.name, cursor).orElse(0),
                                topic.start,
                                topic.end(),
                                readsAreDurable,
                                topic.name + "/" + cursor));
    }
}
