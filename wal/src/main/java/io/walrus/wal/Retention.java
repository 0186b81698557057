package io.walrus.wal;

import java.time.Duration;
import java.util.Objects;

/**
 * How much of a topic is kept. Whole files are dropped from the front once everything in them is
 * beyond a limit; the file that is being written is never dropped.
 *
 * @param age entries older than this may go
 * @param bytes bytes of the files beyond this, counted from the end, headers of entries included,
 *     may go
 * @param entries entries beyond this, counted from the end, may go
 */
public record Retention(Duration age, long bytes, long entries) {

    /** Keeps everything. */
    public static final Retention FOREVER =
            new Retention(Duration.ofSeconds(Long.MAX_VALUE), Long.MAX_VALUE, Long.MAX_VALUE);

    public Retention {
        Objects.requireNonNull(age, "age");
        if (age.isNegative() || age.isZero() || bytes < 1 || entries < 1) {
            throw new IllegalArgumentException(
                    "expected limits above 0, got %s, %d bytes, %d entries"
                            .formatted(age, bytes, entries));
        }
    }

    /** Keeps entries for so long. */
    public static Retention ofAge(Duration age) {
        return new Retention(age, Long.MAX_VALUE, Long.MAX_VALUE);
    }

    /** Keeps so many bytes of files. */
    public static Retention ofBytes(long bytes) {
        return new Retention(FOREVER.age(), bytes, Long.MAX_VALUE);
    }

    /** Keeps so many entries. */
    public static Retention ofEntries(long entries) {
        return new Retention(FOREVER.age(), Long.MAX_VALUE, entries);
    }
}
