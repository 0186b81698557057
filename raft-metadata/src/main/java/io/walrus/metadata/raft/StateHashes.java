package io.walrus.metadata.raft;

import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.codec.MetadataCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Hashes of the state at every {@value #EVERY}th version, to be compared between nodes: a state
 * machine that is not the same everywhere is found before it does harm. Thread-safe.
 */
final class StateHashes {
    static final int EVERY = 1000;
    private static final int KEPT = 16;

    private final MetadataCodec codec = new MetadataCodec();
    private final TreeMap<Long, Long> hashes = new TreeMap<>();

    /** The hash of one version. */
    record Mark(long version, long hash) {}

    /** Whether the hash of that state is one of those to remember. */
    static boolean isDue(ClusterMetadata state) {
        return state.version() % EVERY == 0;
    }

    /** Remembers the hash of a state that is due; takes as long as a snapshot. */
    void see(ClusterMetadata state) {
        if (!isDue(state)) {
            return;
        }
        long hash = codec.hash(state);
        synchronized (hashes) {
            hashes.put(state.version(), hash);
            if (hashes.size() > KEPT) {
                hashes.pollFirstEntry();
            }
        }
    }

    List<Mark> marks() {
        List<Mark> marks = new ArrayList<>();
        synchronized (hashes) {
            for (Map.Entry<Long, Long> entry : hashes.entrySet()) {
                marks.add(new Mark(entry.getKey(), entry.getValue()));
            }
        }
        return marks;
    }

    /**
     * The first version at which somebody else's state was another one, if any; versions only one
     * of us knows say nothing.
     */
    Optional<Mark> divergence(List<Mark> others) {
        synchronized (hashes) {
            for (Mark other : others) {
                Long own = hashes.get(other.version());
                if (own != null && own != other.hash()) {
                    return Optional.of(new Mark(other.version(), own));
                }
            }
        }
        return Optional.empty();
    }
}
