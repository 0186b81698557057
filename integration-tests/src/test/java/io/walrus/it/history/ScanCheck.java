package io.walrus.it.history;

import io.walrus.it.history.HistoryChecker.Report;
import io.walrus.it.history.Operation.PlacedValue;
import io.walrus.it.history.Operation.Put;
import io.walrus.it.history.Operation.Scan;
import io.walrus.it.history.Operation.SealSeen;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A walk over the topic finds all that was acknowledged or read before it, dense and in order. */
final class ScanCheck {
    private final TopicHistory topic;
    private final Report report;

    ScanCheck(TopicHistory topic, Report report) {
        this.topic = topic;
        this.report = report;
    }

    void run() {
        for (Scan scan : topic.scans()) {
            Set<String> found = new HashSet<>();
            scan.entries().forEach(entry -> found.add(entry.value()));
            findsWhatWasAcked(scan, found);
            findsWhatWasRead(scan, found);
            isDense(scan);
            sealedSegmentsAreFull(scan);
        }
        isInOrder();
    }

    private void findsWhatWasAcked(Scan scan, Set<String> found) {
        for (Put put : topic.puts()) {
            if (put.isAcked()
                    && put.call().endedBefore(scan.call())
                    && !found.contains(put.value())) {
                report.add(
                        Defect.LOST,
                        put.value() + " was acknowledged and is not in the topic",
                        put,
                        scan);
            }
        }
    }

    /** What one client has read, is there for all: also an entry whose writer heard "unknown". */
    private void findsWhatWasRead(Scan scan, Set<String> found) {
        Set<String> reported = new HashSet<>();
        for (Operation read : topic.operations()) {
            TopicHistory.valueRead(read)
                    .filter(value -> read.call().endedBefore(scan.call()) && !found.contains(value))
                    .filter(value -> wasWrittenUnacked(value) && reported.add(value))
                    .ifPresent(
                            value ->
                                    report.add(
                                            Defect.LOST,
                                            value + " was read and is not in the topic",
                                            read,
                                            scan));
        }
    }

    private boolean wasWrittenUnacked(String value) {
        Put put = topic.putOf(value);
        return put != null && !put.isAcked();
    }

    private void isDense(Scan scan) {
        Place last = null;
        for (PlacedValue entry : scan.entries()) {
            Place place = entry.place();
            boolean next =
                    last != null && place.segment() == last.segment()
                            ? place.offset() == last.offset() + 1
                            : place.offset() == 0
                                    && (last == null || last.segment() < place.segment());
            if (!next) {
                report.add(
                        Defect.OFFSET_LEFT_OUT,
                        "after "
                                + (last == null ? "the start" : last)
                                + " the topic goes on at "
                                + place,
                        scan);
                return;
            }
            last = place;
        }
    }

    private void sealedSegmentsAreFull(Scan scan) {
        Map<Long, Long> countBySegment = new HashMap<>();
        scan.entries()
                .forEach(entry -> countBySegment.merge(entry.place().segment(), 1L, Long::sum));
        Set<Long> reported = new HashSet<>();
        for (SealSeen seal : topic.seals()) {
            long count = countBySegment.getOrDefault(seal.segment(), 0L);
            if (seal.call().endedBefore(scan.call())
                    && count < seal.count()
                    && reported.add(seal.segment())) {
                report.add(
                        Defect.SEAL_CHANGED,
                        "segment "
                                + seal.segment()
                                + " was sealed at "
                                + seal.count()
                                + " and holds "
                                + count,
                        seal,
                        scan);
            }
        }
    }

    /**
     * All places that anyone saw, in the order of the log; entries seen twice are another check's.
     */
    private void isInOrder() {
        OrderRule order = new OrderRule(report);
        Set<String> seen = new HashSet<>();
        topic.sightings().stream()
                .sorted(Comparator.comparing(TopicHistory.Sighting::place))
                .filter(
                        sighting ->
                                topic.putOf(sighting.value()) != null && seen.add(sighting.value()))
                .forEach(
                        sighting -> {
                            Put put = topic.putOf(sighting.value());
                            order.mayFollow(put, List.of(sighting.proof()));
                            order.passed(put);
                        });
    }
}
