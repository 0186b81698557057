package io.walrus.it.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.it.history.HistoryRecorder.GetCall;
import io.walrus.it.history.HistoryRecorder.PutCall;
import io.walrus.it.history.Operation.PlacedValue;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an answer that never came excuses, and what it does not. */
class UnknownOutcomeTest {
    private static final String TOPIC = "orders";

    private final HistoryRecorder recorder = new HistoryRecorder();

    @Test
    void anUnknownAppendMayBeThere() {
        recorder.put(1, 1, TOPIC, "a").unknown("timeout");
        delivered("a");
        empty();
        scanned("a");

        assertThat(defects()).isEmpty();
    }

    @Test
    void anUnknownAppendMayBeMissing() {
        recorder.put(1, 1, TOPIC, "a").unknown("timeout");
        empty();
        scanned();

        assertThat(defects()).isEmpty();
    }

    @Test
    void anUnknownAppendIsThereOnceAtMost() {
        recorder.put(1, 1, TOPIC, "a").unknown("timeout");
        scanned("a", "a");

        assertThat(defects()).containsExactly(Defect.DUPLICATED);
    }

    @Test
    void anUnknownAppendMayLandBehindLaterOnes() {
        recorder.put(1, 1, TOPIC, "a").unknown("timeout");
        recorder.put(1, 1, TOPIC, "b").acked();
        scanned("b", "a");

        assertThat(defects()).isEmpty();
    }

    @Test
    void anUnknownAppendNeverLandsBeforeOneThatWasAckedBeforeItWasSent() {
        recorder.put(1, 1, TOPIC, "a").acked();
        recorder.put(2, 1, TOPIC, "b").unknown("timeout");
        scanned("b", "a");

        assertThat(defects()).containsExactly(Defect.REORDERED);
    }

    @Test
    void anUnknownAppendThatWasReadStays() {
        recorder.put(1, 1, TOPIC, "a").unknown("timeout");
        delivered("a");
        scanned();

        assertThat(defects()).containsExactly(Defect.LOST);
    }

    @Test
    void anAppendWithoutAnAnswerIsUnknown() {
        recorder.put(1, 1, TOPIC, "a");
        delivered("a");
        scanned("a");

        assertThat(defects()).isEmpty();
    }

    @Test
    void anUnknownGetExcusesOneEntry() {
        recorder.put(1, 1, TOPIC, "a").acked();
        recorder.get(1, 1, TOPIC).unknown("timeout");
        empty();

        assertThat(defects()).isEmpty();
    }

    @Test
    void anUnknownGetDoesNotExcuseTwoEntries() {
        recorder.put(1, 1, TOPIC, "a").acked();
        recorder.put(1, 1, TOPIC, "b").acked();
        recorder.get(1, 1, TOPIC).unknown("timeout");
        empty();

        assertThat(defects()).containsExactly(Defect.LOST);
    }

    @Test
    void anUnknownGetDoesNotExcuseAnotherCursor() {
        recorder.put(1, 1, TOPIC, "a").acked();
        recorder.get(1, 1, TOPIC, "audit").unknown("timeout");
        empty();

        assertThat(defects()).containsExactly(Defect.LOST);
    }

    @Test
    void aRefusedGetExcusesNothing() {
        recorder.put(1, 1, TOPIC, "a").acked();
        recorder.get(1, 1, TOPIC).refused("no leader");
        empty();

        assertThat(defects()).containsExactly(Defect.LOST);
    }

    @Test
    void emptyIsTrueWhileTheAckIsStillOnItsWay() {
        PutCall put = recorder.put(1, 1, TOPIC, "a");
        empty();
        put.acked();
        delivered("a");

        assertThat(defects()).isEmpty();
    }

    @Test
    void emptyAfterTheAckIsFalse() {
        recorder.put(1, 1, TOPIC, "a").acked();
        empty();
        delivered("a");

        assertThat(defects()).containsExactly(Defect.FALSE_EMPTY);
    }

    @Test
    void overlappingGetsMayBeAnsweredInAnyOrder() {
        recorder.put(1, 1, TOPIC, "a").acked();
        recorder.put(1, 1, TOPIC, "b").acked();
        GetCall one = recorder.get(1, 1, TOPIC);
        GetCall other = recorder.get(2, 2, TOPIC);
        one.delivered("b");
        other.delivered("a");

        assertThat(defects()).isEmpty();
    }

    @Test
    void getsOneAfterTheOtherFollowTheLog() {
        recorder.put(1, 1, TOPIC, "a").acked();
        recorder.put(1, 1, TOPIC, "b").acked();
        delivered("b");
        delivered("a");

        assertThat(defects()).containsExactly(Defect.REORDERED);
    }

    @Test
    void appendsOfTwoProducersThatOverlapMayLieInAnyOrder() {
        PutCall one = recorder.put(1, 1, TOPIC, "a");
        PutCall other = recorder.put(2, 1, TOPIC, "b");
        one.acked();
        other.acked();
        scanned("b", "a");

        assertThat(defects()).isEmpty();
    }

    @Test
    void appendsOfOneProducerLieInTheOrderOfSending() {
        PutCall one = recorder.put(1, 1, TOPIC, "a");
        PutCall other = recorder.put(1, 1, TOPIC, "b");
        one.acked();
        other.acked();
        scanned("b", "a");

        assertThat(defects()).containsExactly(Defect.REORDERED);
    }

    @Test
    void topicsDoNotMeet() {
        recorder.put(1, 1, "one", "a").acked();
        recorder.put(1, 1, "other", "a").acked();
        recorder.get(1, 1, "one").delivered("a");
        recorder.get(1, 1, "other").delivered("a");

        assertThat(defects()).isEmpty();
    }

    @Test
    void callsMayFailDuringAFaultOnly() {
        recorder.put(1, 1, TOPIC, "a").acked();
        recorder.faultBegins("kill");
        recorder.put(1, 1, TOPIC, "b").unknown("timeout");
        recorder.mustWork("kill");
        recorder.put(1, 1, TOPIC, "c").acked();

        assertThat(defects()).isEmpty();

        recorder.get(1, 1, TOPIC).refused("no leader");

        assertThat(defects()).containsExactly(Defect.NOT_RECOVERED);
    }

    private void delivered(String value) {
        recorder.get(1, 1, TOPIC).delivered(value);
    }

    private void empty() {
        recorder.get(1, 1, TOPIC).empty();
    }

    private void scanned(String... values) {
        List<PlacedValue> entries = new ArrayList<>();
        for (String value : values) {
            entries.add(new PlacedValue(new Place(1, entries.size()), value));
        }
        recorder.scan(1, 1, TOPIC).saw(entries);
    }

    private List<Defect> defects() {
        return HistoryChecker.check(recorder.history()).stream().map(Violation::defect).toList();
    }
}
