package io.walrus.metadata.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Iterator;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.core.StateMachineAdapter;
import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.error.RaftException;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotReader;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotWriter;
import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.MetadataCommand;
import io.walrus.metadata.Proposal;
import io.walrus.metadata.codec.MetadataCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Moves the state on by what is committed.
 *
 * <p>Called by the library's one applying thread; the volatile fields are for everybody. It never
 * throws into the library: a command that cannot be applied stops this room loudly, because going
 * on would make this node another one than its peers.
 */
final class MetadataStateMachine extends StateMachineAdapter {
    private static final System.Logger LOG = System.getLogger(MetadataStateMachine.class.getName());

    private final PublishedView published;
    private final StateHashes hashes;
    private final Executor snapshotWriter;
    private final Runnable onRoleChange;
    private final Runnable onApplied;
    private final Consumer<Throwable> onFailure;
    private final MetadataCodec codec = new MetadataCodec();
    private final StateFile stateFile = new StateFile();
    private volatile long leaderTerm = -1;
    private volatile long appliedIndex;
    private volatile long snapshotIndex;
    private volatile Configuration members = new Configuration();

    MetadataStateMachine(
            PublishedView published,
            StateHashes hashes,
            Executor snapshotWriter,
            Runnable onRoleChange,
            Runnable onApplied,
            Consumer<Throwable> onFailure) {
        this.published = published;
        this.hashes = hashes;
        this.snapshotWriter = snapshotWriter;
        this.onRoleChange = onRoleChange;
        this.onApplied = onApplied;
        this.onFailure = onFailure;
    }

    /** The term this node leads in, or -1. */
    long leaderTerm() {
        return leaderTerm;
    }

    long appliedIndex() {
        return appliedIndex;
    }

    long snapshotIndex() {
        return snapshotIndex;
    }

    /** The newest committed membership this node knows of; empty at first. */
    Configuration members() {
        return members;
    }

    @Override
    public void onApply(Iterator entries) {
        ClusterMetadata state = published.view();
        try {
            while (entries.hasNext()) {
                // The library may hand a batch out twice after an error: what is applied stays
                // applied once.
                if (entries.getIndex() > appliedIndex) {
                    state = applyOne(state, entries);
                    appliedIndex = entries.getIndex();
                }
                entries.next();
            }
        } catch (RuntimeException | Error e) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "entry " + entries.getIndex() + " cannot be applied; this member stops",
                    e);
            entries.setErrorAndRollback(1, new Status(RaftError.ESTATEMACHINE, String.valueOf(e)));
            onFailure.accept(e);
        }
        if (leaderTerm >= 0) {
            onApplied.run();
        }
    }

    private ClusterMetadata applyOne(ClusterMetadata state, Iterator entries) {
        AppliedClosure closure = entries.done() instanceof AppliedClosure waiting ? waiting : null;
        Proposal proposal =
                closure != null
                        ? closure.proposal()
                        : codec.decodeProposal(bytesOf(entries.getData()));
        ClusterMetadata.Transition step = state.apply(proposal);
        hashLater(step.next());
        publish(state, step.next(), proposal.command());
        if (closure != null) {
            closure.applied(step.outcome());
        }
        return step.next();
    }

    private void publish(ClusterMetadata before, ClusterMetadata next, MetadataCommand command) {
        boolean isAboutNodes =
                next.nodes() != before.nodes() || next.draining() != before.draining();
        if (isAboutNodes) {
            published.publish(next);
        } else {
            published.publish(
                    next, next.topics() == before.topics() ? Optional.empty() : command.about());
        }
    }

    /**
     * Of a big state that takes longer than a thousand commands, and it is a value: it can wait.
     */
    private void hashLater(ClusterMetadata state) {
        if (!StateHashes.isDue(state)) {
            return;
        }
        try {
            snapshotWriter.execute(() -> hashes.see(state));
        } catch (RejectedExecutionException e) {
            LOG.log(System.Logger.Level.DEBUG, "not hashed: this member is stopped");
        }
    }

    @Override
    public void onSnapshotSave(SnapshotWriter writer, Closure done) {
        ClusterMetadata captured = published.view();
        long index = appliedIndex;
        snapshotWriter.execute(
                () -> {
                    Status status = Status.OK();
                    try {
                        stateFile.write(Path.of(writer.getPath(), StateFile.NAME), captured);
                        if (!writer.addFile(StateFile.NAME)) {
                            status = new Status(RaftError.EIO, "the snapshot took no file");
                        }
                        snapshotIndex = index;
                    } catch (IOException | RuntimeException e) {
                        status = failedSnapshot(e);
                    }
                    done.run(status);
                });
    }

    /** The library stops at EIO; a full disk is told to whoever asked, and tried again later. */
    private static Status failedSnapshot(Exception e) {
        boolean isFull = e instanceof IOException refused && DiskRoom.isFull(refused);
        if (!isFull) {
            LOG.log(System.Logger.Level.ERROR, "saving a snapshot failed", e);
        }
        return new Status(
                isFull ? RaftError.EAGAIN : RaftError.EIO, "saving a snapshot failed: " + e);
    }

    @Override
    public boolean onSnapshotLoad(SnapshotReader reader) {
        try {
            ClusterMetadata loaded = stateFile.read(Path.of(reader.getPath(), StateFile.NAME));
            long index = reader.load().getLastIncludedIndex();
            published.publish(loaded);
            appliedIndex = index;
            snapshotIndex = index;
            return true;
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "a snapshot cannot be loaded; this member stops", e);
            onFailure.accept(e);
            return false;
        }
    }

    @Override
    public void onLeaderStart(long term) {
        leaderTerm = term;
        onRoleChange.run();
    }

    @Override
    public void onLeaderStop(Status status) {
        leaderTerm = -1;
        onRoleChange.run();
    }

    @Override
    public void onConfigurationCommitted(Configuration committed) {
        members = committed;
    }

    @Override
    public void onError(RaftException failure) {
        leaderTerm = -1;
        onFailure.accept(failure);
    }

    private static byte[] bytesOf(ByteBuffer data) {
        byte[] bytes = new byte[data.remaining()];
        data.duplicate().get(bytes);
        return bytes;
    }
}
