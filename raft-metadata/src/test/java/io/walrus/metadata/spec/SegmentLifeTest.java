package io.walrus.metadata.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
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
    private static final String SAFETY = "SegmentLife.cfg";
    private static final String PROGRESS = "Progress.cfg";

    @TempDir Path scratch;

    /**
     * A rule, the promise that breaks without it, and how many entries that takes: the fewer, the
     * sooner TLC finds the history.
     */
    record Broken(String rule, String promise, int entries) {
        @Override
        public String toString() {
            return "without " + rule + " TLC breaks " + promise;
        }
    }

    static Stream<Broken> broken() {
        return Stream.of(
                new Broken("CheckLeaseAtWrite", "SingleWriter", 1),
                new Broken("CheckLeaseBeforeAck", "SingleWriter", 1),
                new Broken("AckAfterDurable", "AckedIsNeverLost", 1),
                new Broken("FailedForceIsFinal", "FailedSyncIsFinal", 1),
                new Broken("SealAfterDrain", "SealedIsFrozen", 1),
                new Broken("SealAfterDrain", "OffsetsAreDense", 2),
                new Broken("CursorStopsForSeal", "DeliveredOnce", 1),
                new Broken("LookUpUnknown", "AckedIsNeverLost", 1),
                new Broken("NeverResumeOpenSegment", "SealedIsFrozen", 1),
                new Broken("CheckSegmentAtReceive", "OrderIsKept", 2),
                new Broken("CheckEpochInSeal", "EpochOnlyGrows", 1),
                new Broken("CursorTravelsInSeal", "DeliveredOnce", 1),
                new Broken("KeepLargestCursor", "CursorNeverGoesBack", 1),
                new Broken("GranterWaitsForHolder", "SingleWriter", 1),
                new Broken("NoRenewalAfterExpiry", "SingleWriter", 1),
                new Broken("LeaseNamesEpoch", "SingleWriter", 1),
                new Broken("GranterIsLeader", "SingleWriter", 1),
                new Broken("HoldInOrder", "OrderIsKept", 2),
                new Broken("RouteOnce", "RoutedOnce", 1),
                new Broken("ReadOnlyAcked", "ReadsAreAcked", 1),
                new Broken("CheckLeaseAtRead", "AckedIsNeverLost", 1),
                new Broken("CursorIsDurableFirst", "DeliveredOnce", 1),
                new Broken("CursorWaitsForSeal", "DeliveredOnce", 1),
                new Broken("WaitAtSealing", "AckedIsNeverLost", 1));
    }

    static Stream<Broken> stuck() {
        return Stream.of(
                new Broken("GranterGivesAway", "WritesResume", 1),
                new Broken("RestartedLeaderSeals", "SealingEnds", 1),
                new Broken("RestartedLeaderSeals", "AckedIsRead", 1));
    }

    @Test
    void withAllRulesEveryPromiseHoldsInEveryState() throws Exception {
        new Tlc(scratch).check(Model.read(SAFETY)).orElseThrow(200_000);
    }

    @Test
    void whatGoodNodesCanDoTheyDoAtLast() throws Exception {
        new Tlc(scratch).check(Model.read(PROGRESS)).orElseThrow(5_000);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("broken")
    void aRuleTakenOutBreaksItsPromise(Broken row) throws Exception {
        Model model =
                Model.read(SAFETY)
                        .without(row.rule())
                        .with("MaxEntries", row.entries())
                        .askedOnlyFor(row.promise());

        Verdict verdict = new Tlc(scratch).check(model);

        assertThat(verdict).as(verdict.output()).isInstanceOf(Verdict.Broken.class);
        assertThat(((Verdict.Broken) verdict).promise()).hasValue(row.promise());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("stuck")
    void aRuleOfProgressTakenOutLeavesTheTopicStuck(Broken row) throws Exception {
        Model model = Model.read(PROGRESS).without(row.rule()).askedOnlyFor(row.promise());

        Verdict verdict = new Tlc(scratch).check(model);

        assertThat(verdict).as(verdict.output()).isInstanceOf(Verdict.Broken.class);
    }

    @Test
    void everyRuleHasItsCounterExampleAndEveryPromiseIsBrokenBySome() throws Exception {
        Set<String> rules = Model.read(SAFETY).rules();
        Set<String> promises = new TreeSet<>(Model.read(SAFETY).promises());
        promises.addAll(Model.read(PROGRESS).promises());

        assertThat(Model.read(PROGRESS).rules()).isEqualTo(rules);
        assertThat(rows().map(Broken::rule).collect(Collectors.toSet())).isEqualTo(rules);
        assertThat(rows().map(Broken::promise).collect(Collectors.toSet())).isEqualTo(promises);
    }

    @Test
    void readmeTellsEveryRuleAndPromise() throws IOException {
        String readme = Files.readString(Model.directory().resolve("README.md"));

        assertThat(rows())
                .allSatisfy(
                        row ->
                                assertThat(readme.lines())
                                        .as("a table row with both names")
                                        .anyMatch(
                                                line ->
                                                        line.contains("`" + row.rule() + "`")
                                                                && line.contains(row.promise())));
    }

    @Test
    void aWorldInWhichNothingHappensIsNoProof() throws Exception {
        Model empty =
                Model.read(SAFETY)
                        .with("MaxEntries", 0)
                        .with("MaxSegments", 1)
                        .with("MaxFaults", 0);

        Verdict verdict = new Tlc(scratch).check(empty);

        assertThat(verdict).as(verdict.output()).isInstanceOf(Verdict.Holds.class);
        assertThatThrownBy(() -> verdict.orElseThrow(200_000))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("at least 200000 distinct states");
    }

    @Test
    void aModelThatTlcCannotRunIsNoProof() throws Exception {
        Verdict verdict = new Tlc(scratch).check(new Model("SPECIFICATION Spec\n"));

        assertThat(verdict).isInstanceOf(Verdict.Unclear.class);
        assertThatThrownBy(() -> verdict.orElseThrow(0)).isInstanceOf(AssertionError.class);
    }

    @Test
    void aRuleThatTheModelDoesNotKnowIsRefused() throws Exception {
        Model model = Model.read(SAFETY);

        assertThatThrownBy(() -> model.without("NoSuchRule"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> model.askedOnlyFor("NoSuchPromise"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Stream<Broken> rows() {
        return Stream.concat(broken(), stuck());
    }
}
