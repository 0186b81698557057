package io.walrus.metadata.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class KeptPortTest {

    @Test
    void aMemberTakesAPortThatNoOutgoingConnectionIsGiven() throws IOException {
        int port = RaftMetadata.freePort("127.0.0.1");
        assertThat(port).isBetween(KeptPort.FIRST, KeptPort.LAST);
        try (var socket = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThat(socket.getLocalPort()).isEqualTo(port);
        }
    }

    @Test
    void anAddressOfAnotherMachineIsToldAsSuch() {
        assertThatThrownBy(() -> RaftMetadata.freePort("192.0.2.1"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("192.0.2.1");
    }
}
