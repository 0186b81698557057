package io.walrus.metadata.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The promises of the design, checked in every reachable state of a small world. */
class SegmentLifeTest {
    private static final String MODULE = "SegmentLife";
    private static final String SAFETY = "SegmentLife.cfg";
    private static final String PROGRESS = "Progress.cfg";

    @TempDir Path scratch;

    static Stream<MissingRule> broken() {
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

    static Stream<MissingRule> stuck() {
        return Stream.of(
                new MissingRule("GranterGivesAway", "WritesResume", 1),
                new MissingRule("RestartedLeaderSeals", "SealingEnds", 1),
                new MissingRule("RestartedLeaderSeals", "AckedIsRead", 1));
    }

    @Test
    void withAllRulesEveryPromiseHoldsInEveryState() throws Exception {
        new Tlc(scratch).check(Model.read(MODULE, SAFETY)).orElseThrow(100_000);
    }

    @Test
    void whatGoodNodesCanDoTheyDoAtLast() throws Exception {
        new Tlc(scratch).check(Model.read(MODULE, PROGRESS)).orElseThrow(5_000);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("broken")
    void aRuleTakenOutBreaksItsPromise(MissingRule row) throws Exception {
        row.mustBreak(Model.read(MODULE, SAFETY), scratch);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("stuck")
    void aRuleOfProgressTakenOutLeavesTheTopicStuck(MissingRule row) throws Exception {
        row.mustBreak(Model.read(MODULE, PROGRESS), scratch);
    }

    @Test
    void everyRuleHasItsCounterExampleAndEveryPromiseIsBrokenBySome() throws Exception {
        Set<String> rules = Model.read(MODULE, SAFETY).rules();
        Set<String> promises = new TreeSet<>(Model.read(MODULE, SAFETY).promises());
        promises.addAll(Model.read(MODULE, PROGRESS).promises());

        assertThat(Model.read(MODULE, PROGRESS).rules()).isEqualTo(rules);
        assertThat(rows().map(MissingRule::rule).collect(Collectors.toSet())).isEqualTo(rules);
        assertThat(rows().map(MissingRule::promise).collect(Collectors.toSet()))
                .isEqualTo(promises);
    }

    @Test
    void readmeTellsEveryRuleAndPromise() {
        assertThat(rows()).allSatisfy(MissingRule::isInReadme);
    }

    @Test
    void aWorldInWhichNothingHappensIsNoProof() throws Exception {
        Model empty =
                Model.read(MODULE, SAFETY)
                        .with("MaxEntries", 0)
                        .with("MaxSegments", 1)
                        .with("MaxFaults", 0);

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
        Model model = Model.read(MODULE, SAFETY);

        assertThatThrownBy(() -> model.without("NoSuchRule"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> model.askedOnlyFor("NoSuchPromise"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Stream<MissingRule> rows() {
        return Stream.concat(broken(), stuck());
    }
}
