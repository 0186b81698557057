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
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the history says about one topic, sorted by question. Filled once, then only read. */
final class TopicHistory {
    /** A proof that a value lies at a place: the call that told so. */
    record Sighting(Place place, String value, Operation proof) {}

    private final String name;
    private final Map<String, Put> putByValue = new LinkedHashMap<>();
    private final Map<String, List<Get>> getsByCursor = new TreeMap<>();
    private final List<Read> reads = new ArrayList<>();
    private final List<Scan> scans = new ArrayList<>();
    private final List<SealSeen> seals = new ArrayList<>();
    private final List<Operation> operations = new ArrayList<>();
    private final List<Sighting> sightings = new ArrayList<>();
    private final Map<String, TreeSet<Place>> placesByValue = new HashMap<>();

    private TopicHistory(String name) {
        this.name = name;
    }

    static Collection<TopicHistory> split(History history) {
        Map<String, TopicHistory> topics = new TreeMap<>();
        for (Operation operation : history.operations()) {
            topics.computeIfAbsent(operation.call().topic(), TopicHistory::new).add(operation);
        }
        return topics.values();
    }

    private void add(Operation operation) {
        operations.add(operation);
        if (operation instanceof Put put) {
            putByValue.put(put.value(), put);
            if (put.answer() instanceof PutAnswer.Acked acked) {
                acked.place().ifPresent(place -> sight(place, put.value(), put));
            }
        } else if (operation instanceof Get get) {
            getsByCursor.computeIfAbsent(get.cursor(), cursor -> new ArrayList<>()).add(get);
            if (get.answer() instanceof GetAnswer.Delivered delivered) {
                delivered.place().ifPresent(place -> sight(place, delivered.value(), get));
            }
        } else if (operation instanceof Read read) {
            reads.add(read);
            if (read.answer() instanceof ReadAnswer.Found found) {
                sight(read.place(), found.value(), read);
            }
        } else if (operation instanceof Scan scan) {
            scans.add(scan);
            for (PlacedValue entry : scan.entries()) {
                sight(entry.place(), entry.value(), scan);
            }
        } else if (operation instanceof SealSeen seal) {
            seals.add(seal);
        }
    }

    private void sight(Place place, String value, Operation proof) {
        sightings.add(new Sighting(place, value, proof));
        placesByValue.computeIfAbsent(value, unseen -> new TreeSet<>()).add(place);
    }

    String name() {
        return name;
    }

    /** By start. */
    List<Operation> operations() {
        return operations;
    }

    /** By start. */
    Collection<Put> puts() {
        return putByValue.values();
    }

    /** The append of a value; null for a phantom. */
    Put putOf(String value) {
        return putByValue.get(value);
    }

    /** By name of the cursor, each list by start. */
    Map<String, List<Get>> cursors() {
        return getsByCursor;
    }

    List<Read> reads() {
        return reads;
    }

    List<Scan> scans() {
        return scans;
    }

    List<SealSeen> seals() {
        return seals;
    }

    /** By start of the proof. */
    List<Sighting> sightings() {
        return sightings;
    }

    /** Each value that was seen somewhere, with all its places: one, if the log is right. */
    Map<String, TreeSet<Place>> placesByValue() {
        return placesByValue;
    }

    Optional<Place> placeOf(String value) {
        TreeSet<Place> places = placesByValue.get(value);
        return places == null ? Optional.empty() : Optional.of(places.first());
    }

    /** The value that a call returned, with or without its place. */
    static Optional<String> valueRead(Operation operation) {
        if (operation instanceof Get get && get.answer() instanceof GetAnswer.Delivered delivered) {
            return Optional.of(delivered.value());
        }
        if (operation instanceof Read read && read.answer() instanceof ReadAnswer.Found found) {
            return Optional.of(found.value());
        }
        return Optional.empty();
    }
}
