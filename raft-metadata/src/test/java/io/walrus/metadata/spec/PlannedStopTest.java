package io.walrus.metadata.spec;

import java.util.stream.Stream;

/** A node that goes while others give topics away, checked in every reachable state. */
class PlannedStopTest extends ProgressRulesTest {
    private static final String MODULE = "Draining";

    @Override
    Model safety() throws Exception {
        return Model.read(MODULE, "Draining.cfg");
    }

    @Override
    int statesMin() {
        return 50_000;
    }

    @Override
    Model progress() throws Exception {
        return Model.read(MODULE, "DrainingProgress.cfg");
    }

    @Override
    int progressStatesMin() {
        return 3_000;
    }

    @Override
    Stream<MissingRule> broken() {
        return Stream.of(
                oneTopic("ApplyRefuses", "GoneLeadsNothing"),
                oneTopic("LookWhenAgreed", "GoneLeadsNothing"),
                oneTopic("WishIsAskedAnew", "GoneLeadsNothing"));
    }

    @Override
    Stream<MissingRule> stuck() {
        return Stream.of(
                oneTopic("WishIsAskedAgain", "WhoGoesIsGone"),
                oneTopic("WishIsAskedAgain", "WhoStaysIsGiven"));
    }

    private static MissingRule oneTopic(String rule, String promise) {
        return new MissingRule(rule, promise, "MaxTopics", 1);
    }
}
