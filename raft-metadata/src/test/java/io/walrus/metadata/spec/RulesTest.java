package io.walrus.metadata.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is asked of each module of the spec: with all its rules every promise holds, without any one
 * of them one breaks, and the README tells both.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RulesTest {

    @TempDir Path scratch;

    /** The module with the promises about every state. */
    abstract Model safety() throws Exception;

    /** A smaller world than that proves nothing. */
    abstract int statesMin();

    abstract Stream<MissingRule> broken();

    @Test
    void withAllRulesEveryPromiseHoldsInEveryState() throws Exception {
        new Tlc(scratch).check(safety()).orElseThrow(statesMin());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("broken")
    void aRuleTakenOutBreaksItsPromise(MissingRule row) throws Exception {
        row.mustBreak(safety(), scratch);
    }

    @Test
    void everyRuleHasItsCounterExampleAndEveryPromiseIsBrokenBySome() throws Exception {
        assertThat(rows().map(MissingRule::rule).collect(Collectors.toSet()))
                .isEqualTo(safety().rules());
        assertThat(rows().map(MissingRule::promise).collect(Collectors.toSet()))
                .isEqualTo(promises());
    }

    @Test
    void readmeTellsEveryRuleAndPromise() {
        assertThat(rows()).allSatisfy(MissingRule::isInReadme);
    }

    Stream<MissingRule> rows() {
        return broken();
    }

    Set<String> promises() throws Exception {
        return new TreeSet<>(safety().promises());
    }
}
