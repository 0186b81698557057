package io.walrus.cli;

import io.walrus.client.Entry;
import io.walrus.client.TopicReader;
import io.walrus.client.WalrusClientException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Hands the entries of a stream from its event loop to a thread that may block, such as one that
 * writes to a pager. Never holds more than {@value #ENTRIES_MAX}.
 */
final class EntryQueue implements AutoCloseable {

    private static final int ENTRIES_MAX = 1_000;
    private static final int REFILL = ENTRIES_MAX / 2;

    /** An entry, or the end, or the failure that is the end. */
    private record Arrival(Entry entry, Throwable failure) {}

    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
    private final TopicReader reader;
    private int taken;

    EntryQueue(TopicReader reader) {
        this.reader = reader;
        reader.pause();
        reader.exceptionHandler(failure -> arrivals.add(new Arrival(null, failure)));
        reader.endHandler(end -> arrivals.add(new Arrival(null, null)));
        reader.handler(entry -> arrivals.add(new Arrival(entry, null)));
        reader.fetch(ENTRIES_MAX);
    }

    /** Whether the next entry is here already. */
    boolean isEmpty() {
        return arrivals.isEmpty();
    }

    /**
     * The next entry; empty at the end of the stream, or when nothing came for so long. What ended
     * the stream early is a {@link CliFailure}.
     */
    Optional<Entry> take(Duration idle) {
        Arrival arrival = await(idle);
        if (arrival == null) {
            return Optional.empty();
        }
        if (arrival.failure() instanceof WalrusClientException failure) {
            throw CliFailure.of(failure);
        }
        if (arrival.failure() != null) {
            throw new IllegalStateException(arrival.failure());
        }
        if (arrival.entry() != null && ++taken == REFILL) {
            taken = 0;
            reader.fetch(REFILL);
        }
        return Optional.ofNullable(arrival.entry());
    }

    private Arrival await(Duration idle) {
        try {
            return arrivals.poll(idle.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CliFailure(ExitCode.UNREACHABLE, "interrupted");
        }
    }

    @Override
    public void close() {
        reader.handler(null);
    }
}
