package io.walrus.node.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.walrus.client.WalrusClient;
import io.walrus.client.WalrusClientOptions;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The extension as an application's tests would use it. */
class WalrusExtensionTest {

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    @Nested
    class ThreeNodesForAClass {

        @RegisterExtension
        static final WalrusExtension WALRUS =
                WalrusExtension.nodes(3).with(draft -> draft.segmentEntriesMax = 4);

        @Test
        void anEntryGoesInAtOneNodeAndComesOutAtAnother(WalrusClient client) {
            await(client.register("orders"));
            for (int i = 0; i < 10; i++) {
                await(client.put("orders", Buffer.buffer("order " + i)));
            }
            for (int i = 0; i < 10; i++) {
                WalrusClient any = WALRUS.node(1 + i % 3).client();
                assertThat(await(any.get("orders"))).contains(Buffer.buffer("order " + i));
            }
        }

        @Test
        void clientsConnectToTheAddresses() {
            WalrusClient client =
                    WalrusClient.create(
                            WALRUS.vertx(),
                            new WalrusClientOptions().setAddresses(WALRUS.addresses()));
            assertThat(await(client.metrics()).getInteger("id")).isBetween(1, 3);
            await(client.close());
        }
    }

    @Nested
    class OneNodeForEachTest {

        @RegisterExtension final WalrusExtension walrus = WalrusExtension.nodes(1);

        @Test
        void nothingIsThereInTheFirstTest(WalrusClient client) {
            assertThat(await(client.topics())).isEmpty();
            await(client.register("orders"));
        }

        @Test
        void norInTheSecond(WalrusClient client) {
            assertThat(await(client.topics())).isEmpty();
            await(client.register("orders"));
        }

        @Test
        void aNodeThatIsNotThereIsToldApart() {
            assertThatThrownBy(() -> walrus.node(2))
                    .hasMessage("expected a node from 1 to 1, got 2");
        }
    }

    @Test
    void outsideOfATestThereIsNoCluster() {
        assertThatThrownBy(() -> WalrusExtension.nodes(1).client())
                .hasMessageContaining("expected to be asked during a test");
    }
}
