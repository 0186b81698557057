package io.walrus.bench.engine;

import java.util.SplittableRandom;

/**
 * The entries of every run: 500 to 1,024 pseudo-random bytes, the same for all engines.
 *
 * <p>A pool that stays in the cache, so that making entries costs nobody anything; which one is the n-th of a topic is a
 * function of topic and n, so that a reader can check every byte without keeping a copy. Safe for all threads; nobody
 * writes to the arrays.
 */
public final class Payloads {
    public static final int BYTES_MIN = 500;
    public static final int BYTES_MAX = 1024;
    public static final int BYTES_MEAN = (BYTES_MIN + BYTES_MAX) / 2;
    private static final int POOL = 1024;

    private final byte[][] pool = new byte[POOL][];

    public Payloads(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < POOL; i++) {
            pool[i] = new byte[random.nextInt(BYTES_MIN, BYTES_MAX + 1)];
            random.nextBytes(pool[i]);
        }
    }

    /** The entry that is number {@code index} of its topic. */
    public byte[] at(int topic, long index) {
        return pool[(int) ((topic * 31L + index) & (POOL - 1))];
    }
}
