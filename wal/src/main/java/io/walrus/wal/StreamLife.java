package io.walrus.wal;

import io.walrus.wal.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Seals, deletes and shortens streams. What forces runs on the flusher; the caller waits. The
 * catalogue is forced first: it says what is, files follow.
 */
final class StreamLife {

    private final Engine engine;

    StreamLife(Engine engine) {
        this.engine = engine;
    }

    /** Freezes a stream at its exact end; durable when this returns. Again: the same end. */
    long seal(Stream stream) {
        if (stream.isSealRecorded()) {
            return stream.visibleEnd();
        }
        var end = new long[1];
        engine.whileOpen(
                () -> {
                    end[0] = stream.stopForSeal();
                    try {
                        if (engine.isAckDelayed()) {
                            engine.awaitAcks();
                        }
                        engine.flusher().call(() -> record(stream, end[0]));
                    } catch (WalException refused) {
                        if (!engine.health().isFailed() && !stream.isSealRecorded()) {
                            stream.unseal();
                        }
                        throw refused;
                    }
                });
        return end[0];
    }

    private void record(Stream stream, long end) throws IOException {
        if (stream.isSealRecorded() || stream.isDeleted()) {
            return;
        }
        finalSync(() -> engine.syncer().syncStream(stream));
        engine.changeCatalog(() -> engine.catalog().sealed(stream.id(), end));
        stream.sealRecorded();
        giveBackTheRest(stream.chain());
        engine.options().observer().sealed(stream.name(), end);
    }

    /** The seal is durable: a disk that takes nothing back undoes nothing. */
    private void giveBackTheRest(FileChain chain) {
        try {
            engine.syncer().exclusively(chain::finish);
        } catch (IOException later) {
            engine.options().observer().leftBehind(chain.dir(), later);
        }
    }

    /** A sync that fails is the end of the log, whoever asked for it. */
    private void finalSync(Flusher.Work sync) throws IOException {
        engine.health().requireHealthyToSync();
        try {
            sync.run();
        } catch (IOException | RuntimeException | Error failed) {
            throw engine.health().fail(failed);
        }
    }

    /** Durable when this returns. */
    void delete(Stream stream) {
        engine.whileOpen(
                () -> {
                    stream.markDeleted(true);
                    try {
                        engine.flusher()
                                .call(() -> engine.syncer().exclusively(() -> remove(stream)));
                    } catch (WalException refused) {
                        boolean isThere = engine.find(stream.name()) == stream;
                        stream.markDeleted(!isThere || engine.health().isFailed());
                        throw refused;
                    }
                });
    }

    private void remove(Stream stream) throws IOException {
        if (engine.find(stream.name()) != stream) {
            return;
        }
        engine.changeCatalog(() -> engine.catalog().deleted(stream.id()));
        engine.forget(stream);
        stream.markGone();
        removeFiles(stream.chain());
    }

    /** The stream is gone already: what cannot be removed now, the next opening removes. */
    private void removeFiles(FileChain chain) {
        try {
            Closing.all(List.of(chain::discardAhead, chain::close));
            removeDirectory(engine.disk(), chain.dir());
        } catch (IOException later) {
            engine.options().observer().leftBehind(chain.dir(), later);
        }
    }

    /** What is left of a stream that no catalogue knows. */
    static void removeDirectory(Disk disk, Path dir) throws IOException {
        if (disk.exists(dir)) {
            for (String name : disk.list(dir)) {
                disk.delete(dir.resolve(name));
            }
            disk.delete(dir);
        }
    }

    /** Gives up entries before an offset; whole files go at once. Durable when this returns. */
    void truncateBefore(Stream stream, long offset) {
        if (offset > stream.visibleEnd()) {
            throw new WalException(
                    WalException.Kind.OUT_OF_RANGE,
                    "expected an offset of up to %d in %s, got %d"
                            .formatted(stream.visibleEnd(), stream.name(), offset));
        }
        if (offset <= stream.startOffset()) {
            return;
        }
        engine.whileOpen(
                () ->
                        engine.flusher()
                                .call(
                                        () ->
                                                engine.syncer()
                                                        .exclusively(
                                                                () -> shorten(stream, offset))));
    }

    void shorten(Stream stream, long offset) throws IOException {
        if (stream.isDeleted() || offset <= stream.startOffset()) {
            return;
        }
        // Nothing may start behind what is durable.
        finalSync(() -> engine.syncer().syncStream(stream));
        engine.changeCatalog(() -> engine.catalog().truncatedBefore(stream.id(), offset));
        stream.startAt(offset);
        var dropped = new StreamFile[1][];
        stream.locked(() -> dropped[0] = stream.chain().dropBefore(offset));
        for (StreamFile file : dropped[0]) {
            removeFile(file);
        }
    }

    private void removeFile(StreamFile file) {
        try {
            file.bytes().close();
            engine.disk().delete(file.path());
        } catch (IOException later) {
            engine.options().observer().leftBehind(file.path(), later);
        }
    }
}
