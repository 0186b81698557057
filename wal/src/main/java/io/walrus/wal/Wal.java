package io.walrus.wal;

import io.walrus.wal.disk.Disk;
import io.walrus.wal.disk.RealDisk;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.concurrent.CompletionStage;

/** The log engine's door. (The signatures are agreed; the bodies are being written.) */
public final class Wal implements Closeable {

    private Wal() {}

    public static Wal open(WalOptions options) {
        return open(options, new RealDisk());
    }

    static Wal open(WalOptions options, Disk disk) {
        throw new UnsupportedOperationException();
    }

    public long append(String topic, byte[] payload) {
        throw new UnsupportedOperationException();
    }

    public long append(String topic, ByteBuffer payload) {
        throw new UnsupportedOperationException();
    }

    public long appendBatch(String topic, List<ByteBuffer> payloads) {
        throw new UnsupportedOperationException();
    }

    public CompletionStage<Long> appendAsync(String topic, ByteBuffer payload) {
        throw new UnsupportedOperationException();
    }

    public CompletionStage<Long> appendBatchAsync(String topic, List<ByteBuffer> payloads) {
        throw new UnsupportedOperationException();
    }

    public Optional<Entry> readNext(String topic, boolean checkpoint) {
        throw new UnsupportedOperationException();
    }

    public List<Entry> readBatch(String topic, int maxBytes, boolean checkpoint) {
        throw new UnsupportedOperationException();
    }

    public List<Entry> readAt(String topic, long offset, int maxBytes) {
        throw new UnsupportedOperationException();
    }

    public void commit(String topic, String cursor, long nextOffset) {
        throw new UnsupportedOperationException();
    }

    public void seek(String topic, String cursor, long offset) {
        throw new UnsupportedOperationException();
    }

    public OptionalLong cursor(String topic, String cursor) {
        throw new UnsupportedOperationException();
    }

    public Map<String, Long> cursors(String topic) {
        throw new UnsupportedOperationException();
    }

    public OptionalLong offsetAtTime(String topic, Instant time) {
        throw new UnsupportedOperationException();
    }

    public void create(String topic) {
        throw new UnsupportedOperationException();
    }

    public boolean exists(String topic) {
        throw new UnsupportedOperationException();
    }

    public SortedSet<String> topics() {
        throw new UnsupportedOperationException();
    }

    public long entryCount(String topic) {
        throw new UnsupportedOperationException();
    }

    public long startOffset(String topic) {
        throw new UnsupportedOperationException();
    }

    public long endOffset(String topic) {
        throw new UnsupportedOperationException();
    }

    public long seal(String topic) {
        throw new UnsupportedOperationException();
    }

    public boolean isSealed(String topic) {
        throw new UnsupportedOperationException();
    }

    public void delete(String topic) {
        throw new UnsupportedOperationException();
    }

    public void truncateBefore(String topic, long offset) {
        throw new UnsupportedOperationException();
    }

    public void sync() {
        throw new UnsupportedOperationException();
    }

    public RecoveryReport recovery() {
        throw new UnsupportedOperationException();
    }

    public WalStats stats() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
