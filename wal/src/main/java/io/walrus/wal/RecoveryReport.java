package io.walrus.wal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What opening a log found.
 *
 * @param topics streams that were there
 * @param filesScanned files that were read frame by frame; sealed and checkpointed ones are not
 * @param bytesScanned bytes of them
 * @param cuts torn tails that were cut
 * @param damages places where complete frames are damaged; they are kept and each read of them is
 *     an error
 * @param took time of the whole opening
 */
public record RecoveryReport(
        int topics,
        int filesScanned,
        long bytesScanned,
        List<Cut> cuts,
        List<Damage> damages,
        Duration took) {

    public RecoveryReport {
        cuts = List.copyOf(cuts);
        damages = List.copyOf(damages);
    }

    /** A torn tail: nothing valid followed it. */
    public record Cut(String topic, Path file, long position, long bytes) {}

    /** A damaged place in the middle of a file; what follows it is readable. */
    public record Damage(String topic, Path file, long position, long offset, String what) {}

    /** One line for a person. */
    public String summary() {
        long cutBytes = cuts.stream().mapToLong(Cut::bytes).sum();
        String scanned =
                "%d streams, %.1f MB read in %d ms"
                        .formatted(topics, bytesScanned / 1e6, took.toMillis());
        String cut =
                cuts.isEmpty()
                        ? "nothing cut"
                        : "cut %d torn tails, %d bytes".formatted(cuts.size(), cutBytes);
        return damages.isEmpty()
                ? scanned + ", " + cut
                : scanned + ", " + cut + ", " + damages.size() + " DAMAGED places";
    }
}
