package io.walrus.metadata.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walrus.metadata.MetadataCommand.Barrier;
import io.walrus.metadata.Outcome;
import io.walrus.metadata.RefusalCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may start on which directory, and what is left behind at the end. */
final class StartTest {
    @TempDir Path directory;
    private Members members;

    @BeforeEach
    void open() {
        members = new Members(directory);
    }

    @AfterEach
    void close() {
        members.close();
    }

    @Test
    void emptyDirectoryFoundsAClusterOnlyWhenAsked() {
        refused(options().bootstrap(false), "founding a new cluster was not asked for");
        members.start(options());
    }

    @Test
    void secondBootstrapOnTheSameDirectoryIsTheSameCluster() {
        String cluster = members.start(options()).view().clusterId();
        members.stop(1);
        assertThat(members.start(options()).view().clusterId()).isEqualTo(cluster);
    }

    @Test
    void directoryOfAnotherNodeIsRefused() {
        members.start(options());
        members.stop(1);
        refused(options().nodeId(2), "belongs to node 1");
    }

    @Test
    void directoryWithFilesButWithoutIdentityIsRefused() throws IOException {
        Files.createDirectories(directory.resolve("one/log"));
        refused(options(), "no identity");
    }

    @Test
    void memberWhoseLogIsGoneIsRefusedAndFoundsNothing() throws IOException {
        members.start(options());
        members.stop(1);
        try (Stream<Path> logs = Files.list(directory.resolve("one/log"))) {
            for (Path log : logs.toList()) {
                Files.delete(log);
            }
        }
        refused(options(), "is gone");
    }

    @Test
    void damagedLogIsRefusedWithItsPlace() throws IOException {
        RaftMetadata node = members.start(options());
        for (int i = 0; i < 5; i++) {
            Members.await(node.propose(new Barrier()));
        }
        members.stop(1);
        Path log = LogFile.pathOf(directory.resolve("one/log"), 1);
        byte[] bytes = Files.readAllBytes(log);
        bytes[bytes.length / 2] ^= 1;
        Files.write(log, bytes);
        refused(options(), "at position");
        bytes[bytes.length / 2] ^= 1;
        Files.write(log, bytes);
        members.start(options());
    }

    @Test
    void secondMemberOnTheSameDirectoryIsRefused() {
        members.start(options());
        refused(options(), "in use");
    }

    @Test
    void anotherAddressForTheSameStoreIsRefused() throws IOException {
        members.start(options());
        members.stop(1);
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        refused(options().raftPort(free), "is a member as");
    }

    @Test
    void takenPortIsRefused() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            refused(options().raftPort(socket.getLocalPort()), "cannot listen");
        }
    }

    @Test
    void openPortWithoutSecretIsRefusedUnlessAllowed() {
        refused(options().raftHost("0.0.0.0").advertiseHost("127.0.0.1"), "shared secret");
        refused(options().raftHost("0.0.0.0").sharedSecret("x"), "advertised host");
        members.start(options().raftHost("0.0.0.0").advertiseHost("127.0.0.1").allowInsecure(true));
    }

    @Test
    void closedMemberRefusesAndLeavesNoThreadNoPortNoLock() throws IOException {
        Set<String> before = ownThreads();
        RaftMetadata node = members.start(options());
        assertThat(ownThreads()).isNotEqualTo(before);
        int port = node.actualPort();
        members.stop(1);
        // A thread that has ended its work is listed for a moment longer.
        Members.eventually(() -> ownThreads().equals(before));
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThat(socket.isBound()).isTrue();
        }
        StoreDirectory.open(directory.resolve("one")).close();
        Outcome outcome = Members.await(node.propose(new Barrier()));
        assertThat(((Outcome.Refused) outcome).code()).isEqualTo(RefusalCode.CLOSED);
        Members.await(node.close());
    }

    @Test
    void memberThatJoinsNobodyCanBeClosed() {
        RaftMetadata node = members.launch(options().join(List.of("127.0.0.1:1")));
        Outcome outcome = Members.await(node.propose(new Barrier()));
        assertThat(((Outcome.Refused) outcome).code()).isEqualTo(RefusalCode.NOT_A_MEMBER);
        assertThat(node.status().leader()).isZero();
        members.stop(1);
        assertThat(node.ready().toCompletableFuture()).isCompletedExceptionally();
    }

    private RaftMetadataOptions options() {
        return new RaftMetadataOptions()
                .dataDir(directory.resolve("one"))
                .raftPort(0)
                .bootstrap(true);
    }

    private void refused(RaftMetadataOptions options, String says) {
        assertThatThrownBy(
                        () ->
                                RaftMetadata.start(members.vertx, options)
                                        .toCompletableFuture()
                                        .join())
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(MetadataStartException.class)
                .hasMessageContaining(says);
    }

    /**
     * Threads of this room and of the library, without the library's pools that are the process's,
     * not a member's.
     */
    private static Set<String> ownThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("metadata-") || name.toLowerCase().contains("raft"))
                .filter(name -> !name.startsWith("JRaft-Group-Default-Executor"))
                .filter(name -> !name.startsWith("JRaft-Internal-Closure-Executor"))
                .filter(name -> !name.startsWith("JRaft-Rpc-Closure-Executor"))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
