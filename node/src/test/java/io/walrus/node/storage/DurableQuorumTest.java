package io.walrus.node.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurableQuorumTest {

    @Test
    void withOneCopyItsOwnPositionIsCommitted() {
        DurableQuorum quorum = DurableQuorum.of(3, List.of(3), 1);
        assertThat(quorum.committed()).isZero();
        quorum.ownDurable(7);
        assertThat(quorum.committed()).isEqualTo(7);
    }

    @Test
    void withTwoOfTwoTheSlowerOneDecides() {
        DurableQuorum quorum = DurableQuorum.of(1, List.of(1, 2), 2);
        quorum.ownDurable(9);
        assertThat(quorum.committed()).isZero();
        quorum.durable(2, 4);
        assertThat(quorum.committed()).isEqualTo(4);
        quorum.durable(2, 12);
        assertThat(quorum.committed()).isEqualTo(9);
    }

    @Test
    void withTwoOfThreeTheMiddleOneDecidesWhoeverItIs() {
        DurableQuorum quorum = DurableQuorum.of(1, List.of(1, 2, 3), 2);
        quorum.durable(2, 5);
        quorum.durable(3, 8);
        assertThat(quorum.committed()).isEqualTo(5);
        quorum.ownDurable(6);
        assertThat(quorum.committed()).isEqualTo(6);
    }

    @Test
    void anOlderPositionThatComesLateChangesNothing() {
        DurableQuorum quorum = DurableQuorum.of(1, List.of(1, 2, 3), 2);
        quorum.ownDurable(6);
        quorum.durable(2, 6);
        quorum.durable(2, 3);
        assertThat(quorum.committed()).isEqualTo(6);
    }

    /** Any order of reports: never back, and always what a sorted list says. */
    @ParameterizedTest
    @CsvSource({"1,1", "2,1", "2,2", "3,1", "3,2", "3,3", "5,1", "5,3", "5,5"})
    void theCommittedPositionIsTheOneThatEnoughCopiesHaveAndOnlyGrows(int copies, int needed) {
        var random = new Random(31L * copies + needed);
        List<Integer> nodes = IntStream.rangeClosed(1, copies).boxed().toList();
        DurableQuorum quorum = DurableQuorum.of(1, nodes, needed);
        long[] positions = new long[copies];
        long before = 0;
        for (int report = 0; report < 500; report++) {
            int node = 1 + random.nextInt(copies);
            long position = random.nextInt(1_000);
            positions[node - 1] = Math.max(positions[node - 1], position);
            quorum.durable(node, position);
            long committed = quorum.committed();
            assertThat(committed).isGreaterThanOrEqualTo(before);
            assertThat(Arrays.stream(positions).filter(held -> held >= committed).count())
                    .isGreaterThanOrEqualTo(needed);
            assertThat(Arrays.stream(positions).filter(held -> held > committed).count())
                    .isLessThan(needed);
            before = committed;
        }
    }

    @Test
    void whoWaitsIsToldWhenHisPositionIsCommittedAndNotBefore() {
        DurableQuorum quorum = DurableQuorum.of(1, List.of(1, 2, 3), 2);
        var told = new ArrayList<Long>();
        for (long position : List.of(3L, 5L, 9L)) {
            quorum.reached(position).thenRun(() -> told.add(position));
        }
        quorum.ownDurable(9);
        assertThat(told).isEmpty();
        quorum.durable(3, 5);
        assertThat(told).containsExactly(3L, 5L);
        quorum.durable(2, 9);
        assertThat(told).containsExactly(3L, 5L, 9L);
        CompletableFuture<Void> late = quorum.reached(9).toCompletableFuture();
        assertThat(late).isDone();
    }

    @Test
    void aQuorumThatCannotBeReachedAndAStrangersPositionAreRefused() {
        assertThatThrownBy(() -> DurableQuorum.of(1, List.of(1), 2))
                .hasMessageContaining("found copies on [1] and 2 for an ack");
        assertThatThrownBy(() -> DurableQuorum.of(1, List.of(2, 3), 1))
                .hasMessageContaining("a copy on node 1");
        assertThatThrownBy(() -> DurableQuorum.of(1, List.of(1), 0))
                .hasMessageContaining("1 to 1 copies");
        assertThatThrownBy(() -> DurableQuorum.of(1, List.of(1, 2), 1).durable(4, 1))
                .hasMessageContaining("node 4 holds no copy");
    }
}
