package io.walrus.wal;

import java.io.IOException;
import java.time.Duration;

/** Gives up what nobody asked to keep: whole files, from the front. Runs on the flusher. */
final class RetentionSweep {

    private final Engine engine;
    private final StreamLife life;

    RetentionSweep(Engine engine) {
        this.engine = engine;
        this.life = new StreamLife(engine);
    }

    /** Some topic has a limit. */
    static boolean isAsked(WalOptions options) {
        return !options.retention().equals(Retention.FOREVER)
                || !options.retentionByTopic().isEmpty();
    }

    void run() throws IOException {
        for (Stream stream : engine.streams().values()) {
            Retention limits = engine.options().retentionOf(stream.name());
            long keepFrom = keepFrom(stream, limits);
            if (keepFrom > stream.startOffset() && !engine.health().isFailed()) {
                engine.syncer().exclusively(() -> life.shorten(stream, keepFrom));
            }
        }
    }

    /** First offset of the first file that must stay; the one that is written to always does. */
    private long keepFrom(Stream stream, Retention limits) {
        StreamFile[] files = stream.chain().files();
        long end = stream.visibleEnd();
        long bytesBehind = 0;
        int keep = files.length - 1;
        while (keep > 0) {
            bytesBehind += files[keep].usedBytes();
            if (mayGo(files, keep, end, bytesBehind, limits)) {
                break;
            }
            keep--;
        }
        return keep <= 0 ? 0 : Math.min(files[keep].firstOffset(), end);
    }

    /** Everything before that file is beyond a limit. */
    private boolean mayGo(
            StreamFile[] files, int at, long end, long bytesBehind, Retention limits) {
        return end - files[at].firstOffset() >= limits.entries()
                || bytesBehind >= limits.bytes()
                || isOlder(files[at], limits);
    }

    private boolean isOlder(StreamFile file, Retention limits) {
        if (file.header() == null) {
            return false;
        }
        long millis = engine.options().clock().millis() - file.header().createdMillis();
        return Duration.ofMillis(millis).compareTo(limits.age()) > 0;
    }
}
