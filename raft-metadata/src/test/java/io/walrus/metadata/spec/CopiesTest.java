package io.walrus.metadata.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Replication and failover of one segment, checked in every reachable state of a small world. */
class CopiesTest {
    private static final String MODULE = "Copies";
    private static final String SAFETY = "Copies.cfg";

    @TempDir Path scratch;

    static Stream<MissingRule> broken() {
        return Stream.of(
                new MissingRule("AckNeedsQuorum", "AckedIsNeverLost", 1),
                new MissingRule("FenceEnough", "AckedIsNeverLost", 1),
                new MissingRule("FencedRefusesAppends", "AckedIsNeverLost", 1),
                new MissingRule("AnswerAfterForce", "AckedIsNeverLost", 1),
                new MissingRule("PromiseIsDurable", "AckedIsNeverLost", 1),
                new MissingRule("CountIsLongest", "AckedIsNeverLost", 1),
                new MissingRule("CopyBeforeCommit", "SealedIsFrozen", 1),
                new MissingRule("LostStoreDoesNotAnswer", "AckedIsNeverLost", 1));
    }

    @Test
    void withAllRulesEveryPromiseHoldsInEveryState() throws Exception {
        new Tlc(scratch).check(Model.read(MODULE, SAFETY)).orElseThrow(5_000);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("broken")
    void aRuleTakenOutBreaksItsPromise(MissingRule row) throws Exception {
        row.mustBreak(Model.read(MODULE, SAFETY), scratch);
    }

    @Test
    void everyRuleHasItsCounterExampleAndEveryPromiseIsBrokenBySome() throws Exception {
        Model model = Model.read(MODULE, SAFETY);

        assertThat(broken().map(MissingRule::rule).collect(Collectors.toSet()))
                .isEqualTo(model.rules());
        assertThat(broken().map(MissingRule::promise).collect(Collectors.toSet()))
                .isEqualTo(model.promises());
    }

    @Test
    void readmeTellsEveryRuleAndPromise() {
        assertThat(broken()).allSatisfy(MissingRule::isInReadme);
    }
}
