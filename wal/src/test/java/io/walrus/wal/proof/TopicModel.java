package io.walrus.wal.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.walrus.wal.WalException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What one topic has been promised, and what that allows it to hold. */
final class TopicModel {

    final String name;
    final int index;

    /** Counts creations of the name; entries of an earlier life must never show. */
    int life = 1;

    /** Told by the log to be there, may be there, or must not be. */
    Presence presence = Presence.ABSENT;

    /** What is in the topic, by offset: the payloads of its confirmed entries. */
    final List<byte[]> entries = new ArrayList<>();

    /** Ends of confirmed appends: a batch is there as a whole or not at all. */
    final TreeSet<Long> boundaries = new TreeSet<>();

    /** Appends whose outcome nobody knows, in order, at the end. */
    final List<List<byte[]>> unknown = new ArrayList<>();

    /** Entries before this survive a power cut. */
    long durableEnd;

    long start;
    final Set<Long> startsWanted = new HashSet<>();
    boolean sealed;
    long sealedEnd;
    boolean sealWanted;
    boolean deleteWanted;

    /** Offsets whose bytes are lost, as the log told. */
    final BitSet damaged = new BitSet();

    /** Frames that may be damaged although they were promised, because the medium rotted. */
    int flips;

    private boolean rotten;

    /** The log refuses appends to it, because of damage. */
    boolean stopped;

    /** The consuming cursor, named "", and another. */
    final Map<String, CursorModel> cursors =
            Map.of("", new CursorModel(), "other", new CursorModel());

    /** That the topic exists survives a power cut. */
    boolean durablePresence;

    private long sequence;

    enum Presence {
        ABSENT,
        MAYBE,
        PRESENT
    }

    TopicModel(String name, int index) {
        this.name = name;
        this.index = index;
        boundaries.add(0L);
    }

    byte[] nextPayload(int size) {
        return Payloads.of(index, life, sequence++, size);
    }

    long end() {
        return entries.size();
    }

    void acked(long firstOffset, List<byte[]> payloads) {
        assertThat(firstOffset)
                .as("OffsetsAreDense: offset of an append to %s", name)
                .isEqualTo(end());
        assertThat(unknown).as("FailedSyncIsFinal: an ack after a failure in %s", name).isEmpty();
        presence = Presence.PRESENT;
        confirm(payloads);
    }

    private void confirm(List<byte[]> payloads) {
        entries.addAll(payloads);
        boundaries.add(end());
    }

    void forgotten() {
        life++;
        presence = Presence.ABSENT;
        entries.clear();
        boundaries.clear();
        boundaries.add(0L);
        unknown.clear();
        durableEnd = 0;
        start = 0;
        startsWanted.clear();
        sealed = false;
        sealWanted = false;
        deleteWanted = false;
        damaged.clear();
        flips = 0;
        rotten = false;
        stopped = false;
        durablePresence = false;
        cursors.values().forEach(CursorModel::forgotten);
    }

    /** A sync, or whatever implies one, has come back: what is there stays. */
    void durable() {
        if (presence == Presence.PRESENT) {
            durablePresence = true;
            durableEnd = end();
        }
    }

    /**
     * After a restart: the end that was found tells which unknown appends happened.
     *
     * @param toldCut a rotten place may pass for one that a power cut took, where nothing says that
     *     it was ever durable, as long as the log says that it cut there
     */
    void reopened(Crash crash, long foundEnd, boolean toldCut) {
        long floor = crash == Crash.POWER ? durableEnd : end();
        for (List<byte[]> maybe : unknown) {
            confirm(maybe);
        }
        unknown.clear();
        Long tail = !rotten ? null : boundaries.lower(floor);
        long promised = tail == null ? floor : Math.min(floor, tail);
        if (rotten && toldCut) {
            promised = start;
        }
        if (foundEnd < promised) {
            fail(
                    "AckedIsNeverLost: %s ends at %d after %s, promised %d",
                    name, foundEnd, crash, promised);
        }
        assertThat(foundEnd)
                .as("phantom entries: end of %s after %s", name, crash)
                .isLessThanOrEqualTo(end());
        if (foundEnd != start) {
            assertThat(boundaries)
                    .as("batches are all or nothing: end of %s after %s", name, crash)
                    .contains(foundEnd);
        }
        cutTo(foundEnd);
    }

    /** The offsets that share the fate of this one: its batch, or itself. */
    long[] unitOf(long offset) {
        Long end = boundaries.higher(offset);
        return new long[] {boundaries.floor(offset), end == null ? offset + 1 : end};
    }

    private void cutTo(long end) {
        while (entries.size() > end) {
            entries.remove(entries.size() - 1);
        }
        boundaries.tailSet(end, false).clear();
        boundaries.add(end);
        damaged.clear((int) end, Math.max((int) end, damaged.length()));
    }

    /** Damage of a promised entry: only what is known, or what a flipped bit explains. */
    void requireDamageAllowed(long offset, WalException refused) {
        if (damaged.get((int) offset)) {
            return;
        }
        long[] unit = unitOf(offset);
        int known = damaged.nextSetBit((int) unit[0]);
        boolean sameUnit = 0 <= known && known < unit[1];
        if (!sameUnit && --flips < 0) {
            throw new AssertionError(
                    "offset %d of %s [%d, %d) is damaged, durable up to %d"
                            .formatted(offset, name, start, end(), durableEnd),
                    refused);
        }
        stopped = true;
    }

    /** Bits of it flipped, or it is known to be damaged. */
    boolean isRotten() {
        return rotten || !damaged.isEmpty() || stopped;
    }

    void flipped() {
        flips++;
        rotten = true;
    }

    void requireWholeUnitsDamaged() {
        for (int at = damaged.nextSetBit(0); at >= 0; at = damaged.nextSetBit(at + 1)) {
            long[] unit = unitOf(at);
            for (long each = Math.max(unit[0], start); each < unit[1]; each++) {
                assertThat(damaged.get((int) each))
                        .as(
                                "a batch is damaged as a whole: offset %d of %s, beside %d",
                                each, name, at)
                        .isTrue();
            }
        }
    }

    void requireEntry(long offset, byte[] found, String where) {
        assertThat(offset).as("%s: offset in %s", where, name).isLessThan(end());
        byte[] expected = entries.get((int) offset);
        if (!Arrays.equals(expected, found)) {
            fail(
                    "wrong payload: %s, offset %d of %s: expected %s, found %s",
                    where, offset, name, Payloads.describe(expected), Payloads.describe(found));
        }
    }
}
