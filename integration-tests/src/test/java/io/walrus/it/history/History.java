package io.walrus.it.history;

import io.walrus.it.history.Operation.Put;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * All that clients asked and heard in one run, by start, and what the test did meanwhile.
 * Immutable.
 */
public record History(List<Operation> operations, List<Mark> marks) {
    /**
     * @throws IllegalArgumentException if two appends to a topic carry the same value, for then no
     *     check could tell them apart
     */
    public History {
        operations =
                operations.stream()
                        .sorted(
                                Comparator.comparingLong(
                                        operation -> operation.call().startStamp()))
                        .toList();
        marks = marks.stream().sorted(Comparator.comparingLong(Mark::stamp)).toList();
        Set<List<String>> seen = new HashSet<>();
        for (Operation operation : operations) {
            if (operation instanceof Put put
                    && !seen.add(List.of(put.call().topic(), put.value()))) {
                throw new IllegalArgumentException(
                        "expected each append to carry a value of its own, came twice: " + put);
            }
        }
    }
}
