package io.walrus.metadata.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walrus.metadata.AnyCommands;
import io.walrus.metadata.ClusterMetadata;
import io.walrus.metadata.MetadataCommand;
import io.walrus.metadata.Outcome;
import io.walrus.metadata.Proposal;
import io.walrus.metadata.ProposalId;
import io.walrus.metadata.RefusalCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class MetadataCodecTest {
    private final MetadataCodec codec = new MetadataCodec();

    @Provide
    Arbitrary<List<MetadataCommand>> commands() {
        return AnyCommands.lists();
    }

    @Property(tries = 200)
    void proposalsAndStatesComeBackEqual(@ForAll("commands") List<MetadataCommand> commands) {
        ClusterMetadata state = ClusterMetadata.EMPTY;
        for (MetadataCommand command : AnyCommands.prologue()) {
            state = state.apply(command).next();
        }
        long sequence = 1;
        for (MetadataCommand command : commands) {
            Proposal proposal = new Proposal(new ProposalId(1, "s1", sequence++), command);
            assertThat(codec.decodeProposal(codec.encodeProposal(proposal))).isEqualTo(proposal);
            ClusterMetadata.Transition step = state.apply(proposal);
            assertThat(codec.decodeOutcome(codec.encodeOutcome(step.outcome())))
                    .isEqualTo(step.outcome());
            state = step.next();
        }
        ClusterMetadata back = codec.decodeState(codec.encodeState(state));
        assertThat(back).isEqualTo(state);
        assertThat(codec.hash(back)).isEqualTo(codec.hash(state));
    }

    @Test
    void differentStatesHaveDifferentHashes() {
        ClusterMetadata founded =
                ClusterMetadata.EMPTY.apply(new MetadataCommand.FoundCluster("a", 1, 1)).next();
        assertThat(codec.hash(founded)).isNotEqualTo(codec.hash(ClusterMetadata.EMPTY));
    }

    @Test
    void unknownOutcomeComesBackEqual() {
        Outcome unknown = new Outcome.Unknown(new ProposalId(1, "s", 9), "time-out");
        assertThat(codec.decodeOutcome(codec.encodeOutcome(unknown))).isEqualTo(unknown);
        Outcome refused = new Outcome.Refused(RefusalCode.STALE_EPOCH, "1", "2");
        assertThat(codec.decodeOutcome(codec.encodeOutcome(refused))).isEqualTo(refused);
    }

    @Test
    void releasedFormatStaysReadable() throws IOException {
        try (InputStream released = getClass().getResourceAsStream("/format-1/state.json")) {
            ClusterMetadata state = codec.decodeState(released.readAllBytes());
            assertThat(state.clusterId()).isEqualTo("c");
            assertThat(state.topic("a").orElseThrow().segments()).hasSize(3);
            assertThat(state.topic("a").orElseThrow().sealedCounts()).containsEntry(1, 3L);
            assertThat(codec.decodeState(codec.encodeState(state))).isEqualTo(state);
        }
    }

    /** The hash is taken of these bytes, and compared with a state that came by an old snapshot. */
    @Test
    void stateInWhichNobodyDrainsIsWrittenAsBeforeThereWasDraining() {
        ClusterMetadata state = ClusterMetadata.EMPTY;
        for (MetadataCommand command : AnyCommands.prologue()) {
            state = state.apply(command).next();
        }
        assertThat(new String(codec.encodeState(state), StandardCharsets.UTF_8))
                .doesNotContain("draining");
        ClusterMetadata drained = state.apply(new MetadataCommand.DrainNode(2, "s2", 1)).next();
        assertThat(new String(codec.encodeState(drained), StandardCharsets.UTF_8))
                .contains("\"draining\":[2]");
        assertThat(codec.decodeState(codec.encodeState(drained))).isEqualTo(drained);
    }

    @Test
    void anotherVersionIsRefusedLoudly() {
        assertRefused(
                "{\"v\":2,\"outcome\":{\"type\":\"applied\",\"version\":1,\"changed\":true}}",
                "version");
        assertRefused(
                "{\"outcome\":{\"type\":\"applied\",\"version\":1,\"changed\":true}}",
                "found none");
    }

    @Test
    void unknownTypesFieldsAndDamageAreRefused() {
        assertRefused("{\"v\":1,\"outcome\":{\"type\":\"maybe\"}}", "maybe");
        assertRefused(
                "{\"v\":1,\"outcome\":{\"type\":\"applied\",\"version\":1,\"changed\":true,\"x\":1}}",
                "x");
        assertRefused("{\"v\":1,\"outcome\":{\"type\":\"applied\",\"version\":1}}", "changed");
        assertRefused("{\"v\":1,\"outcome\":{\"type\":\"appl", "cannot read");
        assertRefused("", "version");
        assertRefused("{\"v\":1,\"state\":{}}", "expected a outcome");
    }

    private void assertRefused(String json, String says) {
        assertThatThrownBy(() -> codec.decodeOutcome(json.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(MetadataFormatException.class)
                .hasMessageContaining(says);
    }
}
