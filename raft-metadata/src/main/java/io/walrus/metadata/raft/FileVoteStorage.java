package io.walrus.metadata.raft;

import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.option.RaftMetaStorageOptions;
import com.alipay.sofa.jraft.storage.RaftMetaStorage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Term and vote on disk: durable before the library may answer with them. One line of text with its
 * checksum.
 *
 * <p>Called under the library's own lock. Blocking. A failed write is final: this member must not
 * vote again before it is reopened. On a full disk the file that was kept in reserve for that makes
 * room; when that is used up too, a vote waits for room.
 */
final class FileVoteStorage implements RaftMetaStorage {
    private static final System.Logger LOG = System.getLogger(FileVoteStorage.class.getName());
    private static final String FORMAT = "walrus-vote-1";
    private static final int RESERVE_BYTES = 16 << 10;
    private static final long ROOM_LOOK_MILLIS = 100;

    /** Puts a whole new content in a file's place, durably. */
    interface Replacement {
        void replace(Path file, byte[] content) throws IOException;
    }

    private final Path file;
    private final Path reserve;
    private final Replacement replacement;
    private final Consumer<Throwable> onFailure;
    private volatile long term;
    private PeerId votedFor = PeerId.emptyPeer();
    private boolean failed;
    private volatile boolean hasGivenUp;

    FileVoteStorage(Path file, Consumer<Throwable> onFailure) {
        this(file, DurableFile::replace, onFailure);
    }

    FileVoteStorage(Path file, Replacement replacement, Consumer<Throwable> onFailure) {
        this.file = file;
        this.reserve = file.resolveSibling(file.getFileName() + ".reserve");
        this.replacement = replacement;
        this.onFailure = onFailure;
    }

    @Override
    public boolean init(RaftMetaStorageOptions options) {
        try {
            Files.createDirectories(file.getParent());
            if (Files.exists(file)) {
                load();
            }
            keepReserve();
            return true;
        } catch (IOException | RuntimeException e) {
            failed = true;
            onFailure.accept(e);
            return false;
        }
    }

    @Override
    public void shutdown() {}

    /** A vote that waits for room is refused: the member stops. Any thread. */
    void giveUp() {
        hasGivenUp = true;
    }

    @Override
    public boolean setTerm(long newTerm) {
        return setTermAndVotedFor(newTerm, votedFor);
    }

    /** Readable from any thread. */
    @Override
    public long getTerm() {
        return term;
    }

    @Override
    public boolean setVotedFor(PeerId peer) {
        return setTermAndVotedFor(term, peer);
    }

    @Override
    public PeerId getVotedFor() {
        return votedFor;
    }

    @Override
    public boolean setTermAndVotedFor(long newTerm, PeerId peer) {
        if (failed) {
            return false;
        }
        try {
            String line = FORMAT + " " + newTerm + " " + (peer.isEmpty() ? "-" : peer.toString());
            byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
            String checked = line + " " + checksum(bytes) + "\n";
            replaceWhenThereIsRoom(checked.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            failed = true;
            onFailure.accept(e);
            return false;
        }
        term = newTerm;
        votedFor = peer;
        return true;
    }

    private void replaceWhenThereIsRoom(byte[] content) throws IOException {
        boolean isDone = false;
        while (!isDone) {
            try {
                replacement.replace(file, content);
                isDone = true;
            } catch (IOException e) {
                if (!DiskRoom.isFull(e) || hasGivenUp) {
                    throw e;
                }
                if (!Files.deleteIfExists(reserve)) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(ROOM_LOOK_MILLIS));
                }
            }
        }
        keepReserve();
    }

    /** As soon as there is room for it. */
    private void keepReserve() {
        if (!Files.exists(reserve)) {
            try {
                DurableFile.write(reserve, new byte[RESERVE_BYTES]);
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "no reserve for the vote: {0}", e.toString());
            }
        }
    }

    private void load() throws IOException {
        String content = Files.readString(file);
        List<String> words = List.of(content.strip().split(" "));
        if (words.size() != 4 || !words.get(0).equals(FORMAT)) {
            throw new LogDamagedException(file, 0, "it is no vote of this format");
        }
        String line = String.join(" ", words.subList(0, 3));
        if (!checksum(line.getBytes(StandardCharsets.UTF_8)).equals(words.get(3))) {
            throw new LogDamagedException(file, 0, "its checksum is wrong");
        }
        term = Long.parseLong(words.get(1));
        votedFor = new PeerId();
        if (!words.get(2).equals("-") && !votedFor.parse(words.get(2))) {
            throw new LogDamagedException(file, 0, "it names no peer: " + words.get(2));
        }
    }

    private static String checksum(byte[] bytes) {
        return Integer.toHexString(LogFormat.crc(bytes, 0, bytes.length));
    }
}
