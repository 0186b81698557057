package io.walrus.metadata.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A node that goes while others give topics away, checked in every reachable state. */
class PlannedStopTest {
    private static final String MODULE = "Draining";
    private static final String SAFETY = "Draining.cfg";
    private static final String PROGRESS = "DrainingProgress.cfg";

    @TempDir Path scratch;

    static Stream<MissingRule> broken() {
        return Stream.of(
                oneTopic("ApplyRefuses", "GoneLeadsNothing"),
                oneTopic("LookWhenAgreed", "GoneLeadsNothing"),
                oneTopic("WishIsAskedAnew", "GoneLeadsNothing"));
    }

    private static MissingRule oneTopic(String rule, String promise) {
        return new MissingRule(rule, promise, "MaxTopics", 1);
    }

    static Stream<MissingRule> stuck() {
        return Stream.of(
                oneTopic("WishIsAskedAgain", "WhoGoesIsGone"),
                oneTopic("WishIsAskedAgain", "WhoStaysIsGiven"));
    }

    @Test
    void withAllRulesNobodyWaitsForANodeThatHasGone() throws Exception {
        new Tlc(scratch).check(Model.read(MODULE, SAFETY)).orElseThrow(50_000);
    }

    @Test
    void whatANodeWishesComesAtLast() throws Exception {
        new Tlc(scratch).check(Model.read(MODULE, PROGRESS)).orElseThrow(3_000);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("broken")
    void aRuleTakenOutBreaksItsPromise(MissingRule row) throws Exception {
        row.mustBreak(Model.read(MODULE, SAFETY), scratch);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("stuck")
    void aRuleOfProgressTakenOutLeavesAWishUnheard(MissingRule row) throws Exception {
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

    private static Stream<MissingRule> rows() {
        return Stream.concat(broken(), stuck());
    }
}
