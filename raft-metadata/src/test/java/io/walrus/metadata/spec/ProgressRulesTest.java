package io.walrus.metadata.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same for a module that promises progress too: without its rules something waits for ever. */
abstract class ProgressRulesTest extends RulesTest {

    /** The module with the promises about what happens at last. */
    abstract Model progress() throws Exception;

    abstract int progressStatesMin();

    abstract Stream<MissingRule> stuck();

    @Test
    void whatGoodNodesCanDoTheyDoAtLast() throws Exception {
        new Tlc(scratch).check(progress()).orElseThrow(progressStatesMin());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("stuck")
    void aRuleOfProgressTakenOutLeavesSomebodyWaiting(MissingRule row) throws Exception {
        row.mustBreak(progress(), scratch);
    }

    @Test
    void bothModelsHaveTheSameRules() throws Exception {
        assertThat(progress().rules()).isEqualTo(safety().rules());
    }

    @Override
    Stream<MissingRule> rows() {
        return Stream.concat(broken(), stuck());
    }

    @Override
    Set<String> promises() throws Exception {
        Set<String> promises = super.promises();
        promises.addAll(progress().promises());
        return promises;
    }
}
