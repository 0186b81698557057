package io.walrus.it.history;

import io.walrus.it.history.HistoryChecker.Report;
import io.walrus.it.history.Operation.Put;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which appends may lie behind which: an entry that was acknowledged before another was sent lies
 * before it, and so does an acknowledged one that its producer sent first. An unknown append may
 * have been late, so nothing is asked of it.
 *
 * <p>Feed it in the order of the log: {@link #mayFollow} asks whether an append may lie behind all
 * that {@link #passed}. It keeps the latest start only, which is enough and costs nothing.
 */
final class OrderRule {
    private final Report report;
    private final Map<Integer, Put> latestByClient = new HashMap<>();
    private Put latest;

    OrderRule(Report report) {
        this.report = report;
    }

    void passed(Put put) {
        latest = later(latest, put);
        latestByClient.merge(put.call().client(), put, OrderRule::later);
    }

    void mayFollow(Put put, List<? extends Operation> proof) {
        if (!put.isAcked()) {
            return;
        }
        Put ofSameClient = latestByClient.get(put.call().client());
        if (latest != null && put.call().endedBefore(latest.call())) {
            add(put, latest, "was acknowledged before it was sent", proof);
        } else if (ofSameClient != null
                && put.call().startStamp() < ofSameClient.call().startStamp()) {
            add(put, ofSameClient, "was sent first by the same producer", proof);
        }
    }

    private void add(Put put, Put earlierInLog, String why, List<? extends Operation> proof) {
        List<Operation> evidence = new ArrayList<>(proof);
        evidence.add(put);
        evidence.add(earlierInLog);
        report.add(
                Defect.REORDERED,
                put.value() + " lies behind " + earlierInLog.value() + ", though it " + why,
                evidence);
    }

    private static Put later(Put one, Put other) {
        return one == null || one.call().startStamp() < other.call().startStamp() ? other : one;
    }
}
