package io.walrus.metadata.spec;

import java.util.stream.Stream;

/** Replication and failover of one segment, checked in every reachable state of a small world. */
class CopiesTest extends RulesTest {
    private static final String MODULE = "Copies";

    @Override
    Model safety() throws Exception {
        return Model.read(MODULE, "Copies.cfg");
    }

    @Override
    int statesMin() {
        return 5_000;
    }

    @Override
    Stream<MissingRule> broken() {
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
}
