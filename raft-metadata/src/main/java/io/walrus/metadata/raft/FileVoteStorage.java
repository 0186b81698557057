package io.walrus.metadata.raft;

import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.option.RaftMetaStorageOptions;
import com.alipay.sofa.jraft.storage.RaftMetaStorage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Term and vote on disk: durable before the library may answer with them. One line of text with its
 * checksum.
 *
 * <p>Called under the library's own lock. Blocking. A failed write is final: this member must not
 * vote again before it is reopened.
 */
final class FileVoteStorage implements RaftMetaStorage {
    private static final String FORMAT = "walrus-vote-1";

    private final Path file;
    private final Consumer<Throwable> onFailure;
    private volatile long term;
    private PeerId votedFor = PeerId.emptyPeer();
    private boolean failed;

    FileVoteStorage(Path file, Consumer<Throwable> onFailure) {
        this.file = file;
        this.onFailure = onFailure;
    }

    @Override
    public boolean init(RaftMetaStorageOptions options) {
        try {
            Files.createDirectories(file.getParent());
            if (Files.exists(file)) {
                load();
            }
            return true;
        } catch (IOException | RuntimeException e) {
            failed = true;
            onFailure.accept(e);
            return false;
        }
    }

    @Override
    public void shutdown() {}

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
            DurableFile.replace(file, checked.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            failed = true;
            onFailure.accept(e);
            return false;
        }
        term = newTerm;
        votedFor = peer;
        return true;
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
