package io.walrus.it.history;

import io.walrus.it.history.HistoryChecker.Report;
import io.walrus.it.history.Operation.Read;
import io.walrus.it.history.Operation.ReadAnswer;
import io.walrus.it.history.Operation.SealSeen;
import io.walrus.it.history.TopicHistory.Sighting;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One place, one entry, from the first time that somebody saw it; one append, one place; counts
 * stay.
 */
final class PlaceCheck {
    private final TopicHistory topic;
    private final Report report;
    private final Map<Place, List<Sighting>> byPlace = new HashMap<>();
    private final Map<Long, SealSeen> sealBySegment = new HashMap<>();

    PlaceCheck(TopicHistory topic, Report report) {
        this.topic = topic;
        this.report = report;
        for (Sighting sighting : topic.sightings()) {
            byPlace.computeIfAbsent(sighting.place(), place -> new ArrayList<>()).add(sighting);
        }
    }

    void run() {
        byPlace.values().forEach(this::placeKeepsItsEntry);
        topic.placesByValue()
                .forEach(
                        (value, places) -> {
                            if (places.size() > 1) {
                                report.add(
                                        Defect.DUPLICATED,
                                        "one append of " + value + " lies at " + places,
                                        proofsOf(value));
                            }
                        });
        topic.reads().forEach(this::nothingOnlyWhereNothingWasSeen);
        topic.seals().forEach(this::countStays);
        byPlace.values().forEach(this::nothingBeyondTheSeal);
    }

    private void placeKeepsItsEntry(List<Sighting> sightings) {
        Sighting first = sightings.get(0);
        sightings.stream()
                .filter(other -> !other.value().equals(first.value()))
                .findFirst()
                .ifPresent(
                        other ->
                                report.add(
                                        Defect.OFFSET_CHANGED_MEANING,
                                        "place "
                                                + first.place()
                                                + " held "
                                                + first.value()
                                                + " and "
                                                + other.value(),
                                        first.proof(),
                                        other.proof()));
    }

    private void nothingOnlyWhereNothingWasSeen(Read read) {
        if (!(read.answer() instanceof ReadAnswer.Nothing)) {
            return;
        }
        List<Sighting> sightings = byPlace.getOrDefault(read.place(), List.of());
        sightings.stream()
                .filter(sighting -> sighting.proof().call().endedBefore(read.call()))
                .min(Comparator.comparingLong(sighting -> sighting.proof().call().endStamp()))
                .ifPresent(
                        sighting -> {
                            boolean thereAgain =
                                    sightings.stream()
                                            .anyMatch(
                                                    later ->
                                                            read.call()
                                                                    .endedBefore(
                                                                            later.proof().call()));
                            report.add(
                                    thereAgain ? Defect.FALSE_EMPTY : Defect.LOST,
                                    "nothing at "
                                            + read.place()
                                            + ", where "
                                            + sighting.value()
                                            + " had been seen",
                                    sighting.proof(),
                                    read);
                        });
    }

    private void countStays(SealSeen seal) {
        SealSeen first = sealBySegment.putIfAbsent(seal.segment(), seal);
        if (first != null && first.count() != seal.count()) {
            report.add(
                    Defect.SEAL_CHANGED,
                    "segment "
                            + seal.segment()
                            + " was sealed at "
                            + first.count()
                            + " and at "
                            + seal.count(),
                    first,
                    seal);
        }
    }

    private void nothingBeyondTheSeal(List<Sighting> sightings) {
        Place place = sightings.get(0).place();
        SealSeen seal = sealBySegment.get(place.segment());
        if (seal != null && seal.count() <= place.offset()) {
            report.add(
                    Defect.SEAL_CHANGED,
                    "an entry at " + place + " in a segment sealed at " + seal.count(),
                    seal,
                    sightings.get(0).proof());
        }
    }

    private List<Operation> proofsOf(String value) {
        return topic.sightings().stream()
                .filter(sighting -> sighting.value().equals(value))
                .map(Sighting::proof)
                .distinct()
                .toList();
    }
}
