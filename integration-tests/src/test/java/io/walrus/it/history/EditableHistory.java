package io.walrus.it.history;

import io.walrus.it.history.Operation.Get;
import io.walrus.it.history.Operation.GetAnswer;
import io.walrus.it.history.Operation.PlacedValue;
import io.walrus.it.history.Operation.Put;
import io.walrus.it.history.Operation.PutAnswer;
import io.walrus.it.history.Operation.Read;
import io.walrus.it.history.Operation.ReadAnswer;
import io.walrus.it.history.Operation.Scan;
import io.walrus.it.history.Operation.SealSeen;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A history with room between its stamps; each edit gives a new one and leaves this as it was. */
final class EditableHistory {
    /** So far apart are two stamps, that calls which were not there fit in between. */
    private static final int ROOM = 10;

    private final History good;

    EditableHistory(History original) {
        this.good = spread(original);
    }

    long lastMark() {
        return good.marks().get(good.marks().size() - 1).stamp();
    }

    /** Every read and every place of the one is now of the other. */
    History exchange(String one, String other) {
        UnaryOperator<String> swap =
                value -> value.equals(one) ? other : value.equals(other) ? one : value;
        return edited(
                operation -> {
                    if (operation instanceof Scan scan) {
                        return new Scan(
                                scan.call(),
                                scan.entries().stream()
                                        .map(
                                                entry ->
                                                        new PlacedValue(
                                                                entry.place(),
                                                                swap.apply(entry.value())))
                                        .toList());
                    }
                    if (operation instanceof Get get
                            && get.answer() instanceof GetAnswer.Delivered delivered) {
                        return new Get(
                                get.call(),
                                get.cursor(),
                                new GetAnswer.Delivered(
                                        swap.apply(delivered.value()), delivered.place()));
                    }
                    if (operation instanceof Read read
                            && read.answer() instanceof ReadAnswer.Found found) {
                        return new Read(
                                read.call(),
                                read.place(),
                                new ReadAnswer.Found(swap.apply(found.value())));
                    }
                    if (operation instanceof Put put && put.isAcked()) {
                        return new Put(
                                put.call(), put.value(), new PutAnswer.Acked(Optional.empty()));
                    }
                    return operation;
                });
    }

    History with(Operation added) {
        List<Operation> operations = new ArrayList<>(good.operations());
        operations.add(added);
        return new History(operations, good.marks());
    }

    History replaced(Operation old, Operation now) {
        return edited(operation -> operation == old ? now : operation);
    }

    /** Null removes. */
    History edited(UnaryOperator<Operation> edit) {
        List<Operation> operations = new ArrayList<>();
        for (Operation operation : good.operations()) {
            Operation now = edit.apply(operation);
            if (now != null) {
                operations.add(now);
            }
        }
        return new History(operations, good.marks());
    }

    <T extends Operation> List<T> all(Class<T> kind) {
        return good.operations().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private static History spread(History history) {
        return new History(
                history.operations().stream().map(EditableHistory::spread).toList(),
                history.marks().stream()
                        .map(
                                mark ->
                                        mark instanceof Mark.MustWork healed
                                                ? (Mark)
                                                        new Mark.MustWork(
                                                                healed.stamp() * ROOM,
                                                                healed.fault())
                                                : new Mark.FaultBegins(mark.stamp() * ROOM, "cut"))
                        .toList());
    }

    private static Operation spread(Operation operation) {
        Call old = operation.call();
        Call call =
                new Call(
                        old.client(),
                        old.node(),
                        old.topic(),
                        old.startStamp() * ROOM,
                        old.endStamp() == Call.NEVER ? Call.NEVER : old.endStamp() * ROOM);
        if (operation instanceof Put put) {
            return new Put(call, put.value(), put.answer());
        } else if (operation instanceof Get get) {
            return new Get(call, get.cursor(), get.answer());
        } else if (operation instanceof Read read) {
            return new Read(call, read.place(), read.answer());
        } else if (operation instanceof SealSeen seal) {
            return new SealSeen(call, seal.segment(), seal.count());
        }
        return new Scan(call, ((Scan) operation).entries());
    }
}
