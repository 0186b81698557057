package io.walrus.node.storage;

import static io.walrus.node.storage.ProducerTable.Look.FORGOTTEN;
import static io.walrus.node.storage.ProducerTable.Look.GAP;
import static io.walrus.node.storage.ProducerTable.Look.KNOWN;
import static io.walrus.node.storage.ProducerTable.Look.NEXT;
import static io.walrus.node.storage.ProducerTable.Look.OVERTAKEN;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProducerTableTest {

    private final ProducerTable table = new ProducerTable();

    @Test
    void aProducersFirstEntryMayHaveAnyNumberAndTheNextOneFollowsIt() {
        assertThat(table.look(mark(7))).isEqualTo(NEXT);
        table.begin(mark(7), 3);
        assertThat(table.look(mark(10))).isEqualTo(NEXT);
        assertThat(table.look(mark(11))).isEqualTo(GAP);
        assertThat(table.look(new ProducerMark(2, 500))).isEqualTo(NEXT);
    }

    @Test
    void whatIsUnderWayIsKnownAndHasNoPlaceYet() {
        ProducerTable.Run run = table.begin(mark(0), 2);
        assertThat(table.look(mark(1))).isEqualTo(KNOWN);
        assertThat(table.offsetOf(mark(1))).isNegative();
        table.stored(run, 40);
        assertThat(table.offsetOf(mark(1))).isEqualTo(41);
        assertThat(table.inARow(mark(0), 9)).isEqualTo(2);
    }

    @Test
    void placesStayRightWhenRowsAreJoined() {
        for (int i = 0; i < 100; i++) {
            table.stored(table.begin(mark(i), 1), i < 50 ? i : 1_000 + i);
        }
        assertThat(table.offsetOf(mark(0))).isZero();
        assertThat(table.offsetOf(mark(49))).isEqualTo(49);
        assertThat(table.offsetOf(mark(50))).isEqualTo(1_050);
        assertThat(table.offsetOf(mark(99))).isEqualTo(1_099);
        assertThat(table.inARow(mark(48), 9)).isEqualTo(2);
    }

    @Test
    void behindARefusedEntryNothingIsTakenBeforeItComesAgain() {
        table.refused(mark(3));
        assertThat(table.look(mark(4))).isEqualTo(GAP);
        assertThat(table.look(mark(3))).isEqualTo(NEXT);
    }

    @Test
    void whatTheLogDidNotTakeMayComeAgainInOrder() {
        ProducerTable.Run first = table.begin(mark(0), 5);
        ProducerTable.Run second = table.begin(mark(5), 5);
        table.undo(mark(0), first);
        assertThat(table.look(mark(0))).isEqualTo(OVERTAKEN);
        table.undo(mark(5), second);
        assertThat(table.look(mark(5))).isEqualTo(GAP);
        assertThat(table.look(mark(0))).isEqualTo(NEXT);
    }

    @Test
    void anEntryThatALaterOneHasOvertakenIsNeverTaken() {
        ProducerTable.Run first = table.begin(mark(0), 1);
        table.stored(table.begin(mark(1), 1), 0);
        table.undo(mark(0), first);
        assertThat(table.look(mark(0))).isEqualTo(OVERTAKEN);
        assertThat(table.look(mark(2))).isEqualTo(NEXT);
    }

    @Test
    void theOldestAreForgottenAndSaidToBe() {
        int entries = ProducerTable.SEQUENCES_MAX + 1_000;
        for (int i = 0; i < entries; i++) {
            table.stored(table.begin(mark(i), 1), 2L * i);
        }
        assertThat(table.look(mark(10))).isEqualTo(FORGOTTEN);
        assertThat(table.offsetOf(mark(entries - ProducerTable.SEQUENCES_MAX)))
                .isEqualTo(2L * (entries - ProducerTable.SEQUENCES_MAX));
    }

    private static ProducerMark mark(long sequence) {
        return new ProducerMark(1, sequence);
    }
}
