package io.walrus.it.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The checker against histories made from seeds: silent on good ones, right about bad ones. */
class SeededHistoryTest {
    private static final int GOOD_HISTORIES = 2_000;
    private static final int SPOILED_TRIES = 500;
    private static final int SPOILED_MIN = 100;

    record Spoiling(String name, Function<Spoiler, Optional<History>> way, Defect defect) {
        @Override
        public String toString() {
            return name + " is found as " + defect;
        }
    }

    static Stream<Spoiling> spoilings() {
        return Stream.of(
                new Spoiling("lostFromTheLog", Spoiler::lostFromTheLog, Defect.LOST),
                new Spoiling("lostAfterItWasRead", Spoiler::lostAfterItWasRead, Defect.LOST),
                new Spoiling("passedOver", Spoiler::passedOver, Defect.LOST),
                new Spoiling("deliveredTwice", Spoiler::deliveredTwice, Defect.DELIVERED_TWICE),
                new Spoiling("wentBack", Spoiler::wentBack, Defect.CURSOR_WENT_BACK),
                new Spoiling("falseEmpty", Spoiler::falseEmpty, Defect.FALSE_EMPTY),
                new Spoiling(
                        "nothingWhereSomethingIs",
                        Spoiler::nothingWhereSomethingIs,
                        Defect.FALSE_EMPTY),
                new Spoiling("phantom", Spoiler::phantom, Defect.PHANTOM),
                new Spoiling("readBeforeItWasSent", Spoiler::readBeforeItWasSent, Defect.PHANTOM),
                new Spoiling("refusedYetThere", Spoiler::refusedYetThere, Defect.REFUSED_YET_THERE),
                new Spoiling("writtenTwice", Spoiler::writtenTwice, Defect.DUPLICATED),
                new Spoiling("swappedInTime", Spoiler::swappedInTime, Defect.REORDERED),
                new Spoiling("swappedInThePipe", Spoiler::swappedInThePipe, Defect.REORDERED),
                new Spoiling(
                        "otherEntryAtThePlace",
                        Spoiler::otherEntryAtThePlace,
                        Defect.OFFSET_CHANGED_MEANING),
                new Spoiling("offsetLeftOut", Spoiler::offsetLeftOut, Defect.OFFSET_LEFT_OUT),
                new Spoiling("sealedTwice", Spoiler::sealedTwice, Defect.SEAL_CHANGED),
                new Spoiling(
                        "writtenBehindTheSeal", Spoiler::writtenBehindTheSeal, Defect.SEAL_CHANGED),
                new Spoiling(
                        "unansweredAfterHealing",
                        Spoiler::unansweredAfterHealing,
                        Defect.NOT_RECOVERED),
                new Spoiling(
                        "silentAfterHealing", Spoiler::silentAfterHealing, Defect.NOT_RECOVERED));
    }

    @Test
    void goodHistoriesGiveNoViolation() {
        for (long seed = 1; seed <= GOOD_HISTORIES; seed++) {
            assertThat(HistoryChecker.check(SimulatedLog.run(seed))).as("seed %d", seed).isEmpty();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("spoilings")
    void anInjectedDefectIsFoundAndNamed(Spoiling spoiling) {
        int spoiled = 0;
        for (long seed = 1; seed <= SPOILED_TRIES; seed++) {
            Optional<History> bad = spoiling.way().apply(new Spoiler(SimulatedLog.run(seed), seed));
            if (bad.isPresent()) {
                spoiled++;
                List<Violation> violations = HistoryChecker.check(bad.get());
                assertThat(violations)
                        .as("seed %d", seed)
                        .extracting(Violation::defect)
                        .contains(spoiling.defect());
            }
        }
        assertThat(spoiled).as("histories that could be spoiled").isGreaterThan(SPOILED_MIN);
    }

    @Test
    void everyDefectIsInjectedBySomeSpoiling() {
        Set<Defect> injected =
                spoilings()
                        .map(Spoiling::defect)
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Defect.class)));

        assertThat(injected).isEqualTo(EnumSet.allOf(Defect.class));
    }

    /** Silence proves nothing about histories in which nothing goes wrong. */
    @Test
    void goodHistoriesHoldUnknownsThatCameTrueAndUnknownsThatDidNot() {
        int there = 0;
        int notThere = 0;
        int unansweredGets = 0;
        for (long seed = 1; seed <= SPOILED_TRIES; seed++) {
            TopicHistory topic = TopicHistory.split(SimulatedLog.run(seed)).iterator().next();
            for (Operation.Put put : topic.puts()) {
                if (put.answer() instanceof Operation.PutAnswer.Unknown) {
                    boolean seen = topic.placeOf(put.value()).isPresent();
                    there += seen ? 1 : 0;
                    notThere += seen ? 0 : 1;
                }
            }
            unansweredGets +=
                    (int)
                            topic.cursors().values().stream()
                                    .flatMap(List::stream)
                                    .filter(
                                            get ->
                                                    get.answer()
                                                            instanceof Operation.GetAnswer.Unknown)
                                    .count();
        }
        assertThat(there).isGreaterThan(SPOILED_TRIES);
        assertThat(notThere).isGreaterThan(SPOILED_TRIES);
        assertThat(unansweredGets).isGreaterThan(SPOILED_TRIES);
    }
}
