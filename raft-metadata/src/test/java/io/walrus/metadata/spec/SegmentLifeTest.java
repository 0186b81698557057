package io.walrus.metadata.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The promises of the design, checked in every reachable state of a small world. */
class SegmentLifeTest extends ProgressRulesTest {
    private static final String MODULE = "SegmentLife";

    @Override
    Model safety() throws Exception {
        return Model.read(MODULE, "SegmentLife.cfg");
    }

    @Override
    int statesMin() {
        return 100_000;
    }

    @Override
    Model progress() throws Exception {
        return Model.read(MODULE, "Progress.cfg");
    }

    @Override
    int progressStatesMin() {
        return 5_000;
    }

    @Override
    Stream<MissingRule> broken() {
        return Stream.of(
                new MissingRule("CheckLeaseAtWrite", "SingleWriter", 1),
                new MissingRule("CheckLeaseBeforeAck", "SingleWriter", 1),
                new MissingRule("AckAfterDurable", "AckedIsNeverLost", 1),
                new MissingRule("FailedForceIsFinal", "FailedSyncIsFinal", 1),
                new MissingRule("SealAfterDrain", "SealedIsFrozen", 1),
                new MissingRule("SealAfterDrain", "OffsetsAreDense", 2),
                new MissingRule("CursorStopsForSeal", "DeliveredOnce", 1),
                new MissingRule("CursorWaitsForAnswer", "DeliveredOnce", 1),
                new MissingRule("LookUpUnknown", "AckedIsNeverLost", 1),
                new MissingRule("NeverResumeOpenSegment", "SealedIsFrozen", 1),
                new MissingRule("CheckSegmentAtReceive", "OrderIsKept", 2),
                new MissingRule("CheckEpochInSeal", "EpochOnlyGrows", 1),
                new MissingRule("CursorTravelsInSeal", "DeliveredOnce", 1),
                new MissingRule("KeepLargestCursor", "CursorNeverGoesBack", 1),
                new MissingRule("GranterWaitsForHolder", "SingleWriter", 1),
                new MissingRule("NoRenewalAfterExpiry", "SingleWriter", 1),
                new MissingRule("LeaseNamesEpoch", "SingleWriter", 1),
                new MissingRule("GranterIsLeader", "SingleWriter", 1),
                new MissingRule("HoldInOrder", "OrderIsKept", 2),
                new MissingRule("RouteOnce", "RoutedOnce", 1),
                new MissingRule("ReadOnlyAcked", "ReadsAreAcked", 1),
                new MissingRule("CheckLeaseAtRead", "AckedIsNeverLost", 1),
                new MissingRule("CursorIsDurableFirst", "DeliveredOnce", 1),
                new MissingRule("CursorWaitsForSeal", "DeliveredOnce", 1),
                new MissingRule("WaitAtSealing", "AckedIsNeverLost", 1));
    }

    @Override
    Stream<MissingRule> stuck() {
        return Stream.of(
                new MissingRule("GranterGivesAway", "WritesResume", 1),
                new MissingRule("RestartedLeaderSeals", "SealingEnds", 1),
                new MissingRule("RestartedLeaderSeals", "AckedIsRead", 1));
    }

    @Test
    void aWorldInWhichNothingHappensIsNoProof() throws Exception {
        Model empty = safety().with("MaxEntries", 0).with("MaxSegments", 1).with("MaxFaults", 0);

        Verdict verdict = new Tlc(scratch).check(empty);

        assertThat(verdict).as(verdict.output()).isInstanceOf(Verdict.Holds.class);
        assertThatThrownBy(() -> verdict.orElseThrow(100_000))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("at least 100000 distinct states");
    }

    @Test
    void aModelThatTlcCannotRunIsNoProof() throws Exception {
        Verdict verdict = new Tlc(scratch).check(new Model(MODULE, "SPECIFICATION Spec\n"));

        assertThat(verdict).isInstanceOf(Verdict.Unclear.class);
        assertThatThrownBy(() -> verdict.orElseThrow(0)).isInstanceOf(AssertionError.class);
    }

    @Test
    void aRuleThatTheModelDoesNotKnowIsRefused() throws Exception {
        Model model = safety();

        assertThatThrownBy(() -> model.without("NoSuchRule"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> model.askedOnlyFor("NoSuchPromise"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
