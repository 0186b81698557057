package io.walrus.it.history;

import io.walrus.it.history.HistoryChecker.Report;
import io.walrus.it.history.Operation.Get;
import io.walrus.it.history.Operation.GetAnswer;
import io.walrus.it.history.Operation.Put;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One cursor for all who use it: each entry once, forward only, nothing left out, no false EMPTY.
 */
final class CursorCheck {
    private final TopicHistory topic;
    private final String cursor;
    private final List<Get> byStart;
    private final List<Get> byEnd;
    private final Report report;

    CursorCheck(TopicHistory topic, String cursor, List<Get> gets, Report report) {
        this.topic = topic;
        this.cursor = cursor;
        this.byStart = gets;
        this.byEnd = new ArrayList<>(gets);
        byEnd.sort(Comparator.comparingLong(get -> get.call().endStamp()));
        this.report = report;
    }

    void run() {
        handsOutOnce();
        goesForward();
        leavesNothingOut();
    }

    /** An append that lies in the log twice may be handed out twice: that is the other check's. */
    private void handsOutOnce() {
        Map<String, List<Get>> getsByValue = new HashMap<>();
        for (Get get : byStart) {
            TopicHistory.valueRead(get)
                    .ifPresent(
                            value ->
                                    getsByValue
                                            .computeIfAbsent(value, none -> new ArrayList<>())
                                            .add(get));
        }
        getsByValue.forEach(
                (value, gets) -> {
                    int places =
                            Math.max(
                                    1,
                                    topic.placesByValue()
                                            .getOrDefault(value, new TreeSet<>())
                                            .size());
                    if (gets.size() > places) {
                        report.add(
                                Defect.DELIVERED_TWICE,
                                title() + " handed out " + value + " " + gets.size() + " times",
                                gets);
                    }
                });
    }

    /** Compares each GET with those that were over before it began. */
    private void goesForward() {
        OrderRule order = new OrderRule(report);
        Set<String> seen = new HashSet<>();
        Placed furthest = null;
        Get lastEmpty = null;
        int over = 0;
        for (Get get : byStart) {
            for (; over < byEnd.size() && byEnd.get(over).call().endedBefore(get.call()); over++) {
                Get earlier = byEnd.get(over);
                furthest = furthest(furthest, earlier);
                putOf(earlier).ifPresent(order::passed);
                lastEmpty = lastEmpty(lastEmpty, earlier);
            }
            Optional<Put> put = putOf(get);
            if (put.isPresent() && seen.add(put.get().value())) {
                noEmptyBefore(lastEmpty, put.get(), get);
                if (!wentBack(furthest, get)) {
                    order.mayFollow(put.get(), List.of(get));
                }
            }
        }
    }

    private record Placed(Place place, Get get) {}

    private Placed furthest(Placed furthest, Get get) {
        Optional<Place> place = TopicHistory.valueRead(get).flatMap(topic::placeOf);
        if (place.isEmpty() || (furthest != null && place.get().compareTo(furthest.place()) <= 0)) {
            return furthest;
        }
        return new Placed(place.get(), get);
    }

    private boolean wentBack(Placed furthest, Get get) {
        Optional<Place> place = TopicHistory.valueRead(get).flatMap(topic::placeOf);
        if (furthest == null || place.isEmpty() || furthest.place().compareTo(place.get()) <= 0) {
            return false;
        }
        report.add(
                Defect.CURSOR_WENT_BACK,
                title() + " stood behind " + furthest.place() + " and handed out " + place.get(),
                furthest.get(),
                get);
        return true;
    }

    private static Get lastEmpty(Get last, Get get) {
        boolean later = last == null || last.call().startStamp() < get.call().startStamp();
        return get.answer() instanceof GetAnswer.Empty && later ? get : last;
    }

    private void noEmptyBefore(Get empty, Put put, Get get) {
        if (empty != null && put.isAcked() && put.call().endedBefore(empty.call())) {
            report.add(
                    Defect.FALSE_EMPTY,
                    title()
                            + " said EMPTY while "
                            + put.value()
                            + " waited; it was handed out later",
                    put,
                    empty,
                    get);
        }
    }

    /**
     * The furthest that the cursor is known to have come: everything acknowledged before an EMPTY
     * was asked for, or before a delivered entry was sent, has been handed out, or was taken by a
     * GET whose answer got lost, each of which can have taken one.
     */
    private void leavesNothingOut() {
        Get witness = null;
        long horizon = 0;
        Set<String> delivered = new HashSet<>();
        int unknown = 0;
        for (Get get : byStart) {
            TopicHistory.valueRead(get).ifPresent(delivered::add);
            unknown += get.answer() instanceof GetAnswer.Unknown ? 1 : 0;
            long reached = horizonOf(get);
            if (reached > horizon) {
                horizon = reached;
                witness = get;
            }
        }
        List<Put> missing = new ArrayList<>();
        for (Put put : topic.puts()) {
            if (put.isAcked()
                    && put.call().endStamp() < horizon
                    && !delivered.contains(put.value())) {
                missing.add(put);
            }
        }
        if (missing.size() > unknown) {
            report.add(
                    Defect.LOST,
                    title()
                            + " passed over "
                            + missing.size()
                            + " acknowledged entries; "
                            + unknown
                            + " GETs without an answer can have taken one each",
                    withWitness(missing, witness));
        }
    }

    private long horizonOf(Get get) {
        return get.answer() instanceof GetAnswer.Empty
                ? get.call().startStamp()
                : putOf(get).map(put -> put.call().startStamp()).orElse(0L);
    }

    private static List<Operation> withWitness(List<Put> missing, Get witness) {
        List<Operation> evidence =
                new ArrayList<>(missing.subList(0, Math.min(10, missing.size())));
        evidence.add(witness);
        return evidence;
    }

    private Optional<Put> putOf(Get get) {
        return TopicHistory.valueRead(get).map(topic::putOf);
    }

    private String title() {
        return cursor.equals(HistoryRecorder.SHARED) ? "the shared cursor" : "cursor " + cursor;
    }
}
