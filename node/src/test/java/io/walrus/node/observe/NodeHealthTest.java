package io.walrus.node.observe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When a node is ready, and what it says if not. */
class NodeHealthTest {

    private final FakeVitals node = new FakeVitals();

    @Test
    void aNodeThatServesWithALeaseIsReady() {
        assertThat(NodeHealth.of(node).ready()).isTrue();
        assertThat(NodeHealth.of(node).problems()).isEmpty();
    }

    @Test
    void aNodeThatStartsIsNotReady() {
        node.serving = false;
        assertThat(NodeHealth.of(node).sentence()).contains("not ready").contains("starting");
    }

    @Test
    void aNodeWithoutALeaderIsNotReady() {
        node.leader = 0;
        assertThat(NodeHealth.of(node).sentence()).contains("no metadata leader");
    }

    @Test
    void aNodeWithoutALeaseIsNotReady() {
        node.leaseNanosLeft = 0;
        assertThat(NodeHealth.of(node).sentence()).contains("no lease");
    }

    @Test
    void aFailedLogIsToldFirst() {
        node.logFailed = true;
        node.leaseNanosLeft = 0;
        assertThat(NodeHealth.of(node).ready()).isFalse();
        assertThat(NodeHealth.of(node).sentence()).contains("a sync did not succeed");
    }
}
