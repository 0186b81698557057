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
import java.util.Random;
import java.util.function.Predicate;

/**
 * Puts one defect into a good history: what clients would have seen if the cluster had broken that
 * promise. Each way answers empty where the history gives it nothing to spoil.
 */
final class Spoiler {
    private final EditableHistory good;
    private final Random random;
    private final List<Put> puts;
    private final Scan lastScan;

    Spoiler(History original, long seed) {
        this.good = new EditableHistory(original);
        this.random = new Random(seed);
        this.puts = good.all(Put.class);
        List<Scan> scans = good.all(Scan.class);
        this.lastScan = scans.get(scans.size() - 1);
    }

    /** An acknowledged entry is gone, and all behind it have moved up. */
    Optional<History> lostFromTheLog() {
        return anyOf(puts, Put::isAcked)
                .filter(put -> put.call().endedBefore(lastScan.call()))
                .map(
                        put ->
                                good.replaced(
                                        lastScan, new Scan(lastScan.call(), without(put.value()))));
    }

    /** An entry whose writer heard "unknown" was read by somebody, and is gone later. */
    Optional<History> lostAfterItWasRead() {
        return anyOf(gets(), get -> putOf(get).filter(put -> !put.isAcked()).isPresent())
                .map(
                        get ->
                                good.replaced(
                                        lastScan,
                                        new Scan(lastScan.call(), without(valueOf(get)))));
    }

    /**
     * The cursor steps over an acknowledged entry; no GET is without an answer that could excuse
     * it.
     */
    Optional<History> passedOver() {
        return anyOf(gets(), get -> putOf(get).filter(Put::isAcked).isPresent())
                .filter(
                        get ->
                                good.all(Get.class).stream()
                                        .filter(other -> other.cursor().equals(get.cursor()))
                                        .noneMatch(
                                                other ->
                                                        other.answer()
                                                                instanceof GetAnswer.Unknown))
                .map(
                        get ->
                                good.edited(
                                        operation ->
                                                operation instanceof Get other
                                                                && other.cursor()
                                                                        .equals(get.cursor())
                                                                && valueOf(other)
                                                                        .equals(valueOf(get))
                                                        ? null
                                                        : operation));
    }

    Optional<History> deliveredTwice() {
        return anyOf(gets(), get -> true)
                .map(get -> good.with(new Get(after(lastScan.call()), get.cursor(), get.answer())));
    }

    Optional<History> wentBack() {
        List<Get> gets = gets();
        for (Get early : gets) {
            for (Get late : gets) {
                if (early.cursor().equals(late.cursor()) && early.call().endedBefore(late.call())) {
                    Get first = new Get(early.call(), early.cursor(), late.answer());
                    Get second = new Get(late.call(), late.cursor(), early.answer());
                    return Optional.of(
                            good.edited(
                                    operation ->
                                            operation == early
                                                    ? first
                                                    : operation == late ? second : operation));
                }
            }
        }
        return Optional.empty();
    }

    Optional<History> falseEmpty() {
        return anyOf(
                        gets(),
                        get ->
                                putOf(get)
                                        .filter(
                                                put ->
                                                        put.isAcked()
                                                                && put.call()
                                                                        .endedBefore(get.call()))
                                        .isPresent())
                .map(
                        get ->
                                good.with(
                                        new Get(
                                                before(get.call()),
                                                get.cursor(),
                                                new GetAnswer.Empty())));
    }

    Optional<History> nothingWhereSomethingIs() {
        return anyOf(good.all(Read.class), read -> read.answer() instanceof ReadAnswer.Found)
                .filter(read -> read.call().endedBefore(lastScan.call()))
                .map(
                        read ->
                                good.with(
                                        new Read(
                                                after(read.call()),
                                                read.place(),
                                                new ReadAnswer.Nothing())));
    }

    Optional<History> phantom() {
        return anyOf(gets(), get -> true)
                .map(
                        get ->
                                good.replaced(
                                        get,
                                        new Get(
                                                get.call(),
                                                get.cursor(),
                                                new GetAnswer.Delivered(
                                                        "never written", Optional.empty()))));
    }

    Optional<History> readBeforeItWasSent() {
        return anyOf(puts, put -> inLastScan(put.value()))
                .map(
                        put ->
                                good.with(
                                        new Read(
                                                before(put.call()),
                                                placeInLastScan(put.value()),
                                                new ReadAnswer.Found(put.value()))));
    }

    Optional<History> refusedYetThere() {
        return anyOf(puts, put -> inLastScan(put.value()))
                .map(
                        put ->
                                good.replaced(
                                        put,
                                        new Put(
                                                put.call(),
                                                put.value(),
                                                new PutAnswer.Refused("no"))));
    }

    Optional<History> writtenTwice() {
        return anyOf(puts, put -> inLastScan(put.value()))
                .map(
                        put ->
                                good.replaced(
                                        lastScan,
                                        new Scan(lastScan.call(), withAtEnd(put.value()))));
    }

    /** Of two appends, one acknowledged before the other was sent, the log has the second first. */
    Optional<History> swappedInTime() {
        return swapped((first, second) -> first.call().endedBefore(second.call()));
    }

    /** Of two appends that one producer had in flight together, the log has the second first. */
    Optional<History> swappedInThePipe() {
        return swapped(
                (first, second) ->
                        first.call().client() == second.call().client()
                                && !first.call().endedBefore(second.call()));
    }

    Optional<History> otherEntryAtThePlace() {
        return anyOf(puts, put -> inLastScan(put.value()))
                .filter(put -> lastScan.entries().size() > 1)
                .map(
                        put -> {
                            PlacedValue other =
                                    lastScan.entries().stream()
                                            .filter(entry -> !entry.value().equals(put.value()))
                                            .findFirst()
                                            .orElseThrow();
                            return good.with(
                                    new Read(
                                            after(lastScan.call()),
                                            other.place(),
                                            new ReadAnswer.Found(put.value())));
                        });
    }

    Optional<History> offsetLeftOut() {
        List<PlacedValue> entries = lastScan.entries();
        if (entries.isEmpty()) {
            return Optional.empty();
        }
        int from = random.nextInt(entries.size());
        List<PlacedValue> moved = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            Place place = entries.get(i).place();
            boolean moves = from <= i && place.segment() == entries.get(from).place().segment();
            moved.add(
                    new PlacedValue(
                            new Place(place.segment(), place.offset() + (moves ? 1 : 0)),
                            entries.get(i).value()));
        }
        return Optional.of(good.replaced(lastScan, new Scan(lastScan.call(), moved)));
    }

    Optional<History> sealedTwice() {
        return anyOf(good.all(SealSeen.class), seal -> true)
                .map(
                        seal ->
                                good.with(
                                        new SealSeen(
                                                after(lastScan.call()),
                                                seal.segment(),
                                                seal.count() + 1)));
    }

    Optional<History> writtenBehindTheSeal() {
        return anyOf(good.all(SealSeen.class), seal -> true)
                .map(
                        seal ->
                                good.with(
                                        new Put(
                                                after(lastScan.call()),
                                                "late",
                                                new PutAnswer.Acked(
                                                        Optional.of(
                                                                new Place(
                                                                        seal.segment(),
                                                                        seal.count()))))));
    }

    Optional<History> unansweredAfterHealing() {
        long healed = good.lastMark();
        return anyOf(puts, put -> healed < put.call().startStamp())
                .map(
                        put ->
                                good.replaced(
                                        put,
                                        new Put(
                                                put.call(),
                                                put.value(),
                                                new PutAnswer.Unknown("timeout"))));
    }

    Optional<History> silentAfterHealing() {
        long healed = good.lastMark();
        return puts.stream().noneMatch(put -> put.isAcked() && put.call().endStamp() < healed)
                ? Optional.empty()
                : Optional.of(
                        good.edited(
                                operation ->
                                        operation instanceof Put put
                                                        && healed < put.call().startStamp()
                                                ? null
                                                : operation));
    }

    private interface Both {
        boolean test(Put first, Put second);
    }

    private Optional<History> swapped(Both chosen) {
        for (Put first : puts) {
            for (Put second : puts) {
                boolean bothThere = inLastScan(first.value()) && inLastScan(second.value());
                if (first.call().startStamp() < second.call().startStamp()
                        && first.isAcked()
                        && bothThere
                        && chosen.test(first, second)) {
                    return Optional.of(good.exchange(first.value(), second.value()));
                }
            }
        }
        return Optional.empty();
    }

    private static Call before(Call call) {
        return new Call(99, 1, call.topic(), call.startStamp() - 2, call.startStamp() - 1);
    }

    private static Call after(Call call) {
        return new Call(99, 1, call.topic(), call.endStamp() + 1, call.endStamp() + 2);
    }

    private List<PlacedValue> without(String value) {
        List<PlacedValue> left = new ArrayList<>();
        for (PlacedValue entry : lastScan.entries()) {
            if (!entry.value().equals(value)) {
                left.add(entry);
            }
        }
        return left;
    }

    private List<PlacedValue> withAtEnd(String value) {
        List<PlacedValue> entries = new ArrayList<>(lastScan.entries());
        Place last = entries.get(entries.size() - 1).place();
        entries.add(new PlacedValue(new Place(last.segment(), last.offset() + 1), value));
        return entries;
    }

    private boolean inLastScan(String value) {
        return lastScan.entries().stream().anyMatch(entry -> entry.value().equals(value));
    }

    private Place placeInLastScan(String value) {
        return lastScan.entries().stream()
                .filter(entry -> entry.value().equals(value))
                .findFirst()
                .orElseThrow()
                .place();
    }

    private List<Get> gets() {
        return good.all(Get.class).stream()
                .filter(get -> get.answer() instanceof GetAnswer.Delivered)
                .toList();
    }

    private static String valueOf(Get get) {
        return TopicHistory.valueRead(get).orElse("");
    }

    private Optional<Put> putOf(Get get) {
        return puts.stream().filter(put -> put.value().equals(valueOf(get))).findFirst();
    }

    private <T> Optional<T> anyOf(List<T> from, Predicate<T> chosen) {
        List<T> left = from.stream().filter(chosen).toList();
        return left.isEmpty()
                ? Optional.empty()
                : Optional.of(left.get(random.nextInt(left.size())));
    }
}
