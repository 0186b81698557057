package io.walrus.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartFailureTest {

    @Test
    void certificateThatIsNotThereIsNamedByItsFlagAndNotAsADataDirectory() {
        NodeOptions options =
                NodeOptions.fromJson("{\"tlsCert\": \"/none/c.pem\", \"tlsKey\": \"/none/k.pem\"}");

        assertThat(StartFailure.explain(new NoSuchFileException("/none/k.pem"), options))
                .isEqualTo("--tls-key: cannot read /none/k.pem: there is no such file");
    }

    @Test
    void raftPortInUseSaysWhichFlagChoosesAnother(@TempDir Path dir) throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(
                            () ->
                                    NodeFixture.start(
                                            dir, draft -> draft.raftPort = taken.getLocalPort()))
                    .satisfies(
                            failed ->
                                    assertThat(StartFailure.explain(failed, NodeOptions.DEFAULTS))
                                            .endsWith(
                                                    "; stop what listens there, or choose another --raft-port"));
        }
    }

    @Test
    void unknownKeyIsRefusedWithItsNameAndWhereToFindTheOthers() {
        assertThatThrownBy(() -> NodeOptions.fromJson("{\"dataDirr\": \"x\"}"))
                .hasMessage(
                        "node options: no option is named 'dataDirr'; 'walrus node --print-config' shows those there are");
    }
}
