package io.walrus.metadata.raft;

import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.option.SnapshotCopierOptions;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotCopier;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotReader;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotWriter;
import com.alipay.sofa.jraft.storage.snapshot.local.LocalSnapshotStorage;
import com.alipay.sofa.jraft.storage.snapshot.local.LocalSnapshotWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The library's snapshots, on a disk that may be full. The library ends a member whose snapshot
 * fails: so there is a file in reserve for the small writes that it does by itself, none is begun
 * without it, and a copy of another member's that fails is an answer to that member, which tries
 * again.
 *
 * <p>Called by threads of the library and by workers. Blocking.
 */
final class FileSnapshotStorage extends LocalSnapshotStorage {
    private static final System.Logger LOG = System.getLogger(FileSnapshotStorage.class.getName());

    /** For a directory and for two small files, the second one beside the first. */
    private static final int RESERVE_BYTES = 64 << 10;

    private static final long ROOM_LOOK_MILLIS = 100;

    private final Path reserve;
    private final RaftOptions raftOptions;
    private volatile boolean hasGivenUp;

    FileSnapshotStorage(Path snapshots, RaftOptions raftOptions) {
        super(snapshots.toString(), null, raftOptions);
        this.reserve = snapshots.resolveSibling(snapshots.getFileName() + ".reserve");
        this.raftOptions = raftOptions;
    }

    /** Makes sure of the reserve; false if there is no room for it, and nothing is left then. */
    synchronized boolean keepReserve() {
        try {
            if (!Files.exists(reserve) || Files.size(reserve) < RESERVE_BYTES) {
                DurableFile.write(reserve, new byte[RESERVE_BYTES]);
            }
            return true;
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "no reserve for a snapshot: {0}", e.toString());
            giveReserve();
            return false;
        }
    }

    private synchronized boolean giveReserve() {
        try {
            return Files.deleteIfExists(reserve);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot remove {0}: {1}", reserve, e.toString());
            return false;
        }
    }

    /** A snapshot that waits for room is given up: the member stops. Any thread. */
    void giveUp() {
        hasGivenUp = true;
    }

    /** For a snapshot of this member's own state. */
    @Override
    public SnapshotWriter create() {
        SnapshotWriter made = create(true);
        if (made == null) {
            return null;
        }
        SnapshotWriter patient = new PatientWriter(made.getPath());
        return patient.init(null) ? patient : null;
    }

    @Override
    public SnapshotWriter create(boolean fromEmpty) {
        SnapshotWriter made = super.create(fromEmpty);
        return made == null && giveReserve() ? super.create(fromEmpty) : made;
    }

    @Override
    public SnapshotCopier startToCopyFrom(String uri, SnapshotCopierOptions options) {
        SnapshotCopier copier = super.startToCopyFrom(uri, options);
        return copier == null ? null : new AskedAgain(copier);
    }

    /**
     * Behind it the library cuts the log, or ends the member: it waits for the few bytes that it
     * needs, rather than fail. The state was written before it, by {@link MetadataStateMachine}.
     */
    private final class PatientWriter extends LocalSnapshotWriter {
        PatientWriter(String path) {
            super(path, FileSnapshotStorage.this, raftOptions);
        }

        @Override
        public boolean sync() throws IOException {
            while (true) {
                try {
                    return super.sync();
                } catch (IOException e) {
                    if (!DiskRoom.isFull(e) || hasGivenUp) {
                        throw e;
                    }
                    if (!giveReserve()) {
                        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(ROOM_LOOK_MILLIS));
                    }
                }
            }
        }
    }

    /**
     * A copy that failed has changed nothing here, whatever its cause: the sender hears of it and
     * sends it again.
     */
    private static final class AskedAgain extends SnapshotCopier {
        private final SnapshotCopier copier;

        AskedAgain(SnapshotCopier copier) {
            this.copier = copier;
        }

        @Override
        public void start() {
            copier.start();
        }

        @Override
        public void join() throws InterruptedException {
            copier.join();
            if (copier.isOk()) {
                return;
            }
            LOG.log(
                    System.Logger.Level.WARNING,
                    "a snapshot of another member was not taken over, it is sent again: {0}",
                    copier.getErrorMsg());
            boolean isOfTheDisk = copier.getCode() == RaftError.EIO.getNumber();
            setError(
                    isOfTheDisk ? RaftError.EAGAIN.getNumber() : copier.getCode(),
                    "%s",
                    copier.getErrorMsg());
        }

        @Override
        public void cancel() {
            copier.cancel();
        }

        @Override
        public SnapshotReader getReader() {
            return copier.getReader();
        }

        @Override
        public void close() throws IOException {
            copier.close();
        }
    }
}
