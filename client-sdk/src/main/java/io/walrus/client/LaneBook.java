package io.walrus.client;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Where each append of a lane is: it waits to be sent, is on the wire, or is parked, since nobody
 * can say yet whether it was stored. By the order of the calls. On the home context only.
 */
final class LaneBook {

    private final NavigableMap<Long, OnceAppend> waiting = new TreeMap<>();

    /** Those that wait again; only of these a try may have been stored. */
    private final NavigableMap<Long, OnceAppend> waitingAgain = new TreeMap<>();

    private final NavigableMap<Long, OnceAppend> sent = new TreeMap<>();
    private final NavigableMap<Long, OnceAppend> parked = new TreeMap<>();
    private long nextNumber;
    private long storedNumber = -1;

    void add(OnceAppend append) {
        append.number = nextNumber++;
        waiting.put(append.number, append);
    }

    boolean isAnyWaiting() {
        return !waiting.isEmpty();
    }

    boolean isAnySent() {
        return !sent.isEmpty();
    }

    int sentCount() {
        return sent.size();
    }

    List<OnceAppend> waiting() {
        return List.copyOf(waiting.values());
    }

    OnceAppend firstWaiting() {
        return waiting.firstEntry().getValue();
    }

    /** Those that wait, of which a try may have been stored. */
    List<OnceAppend> waitingAndOpen() {
        return waitingAgain.isEmpty()
                ? List.of()
                : waitingAgain.values().stream().filter(OnceAppend::isOpen).toList();
    }

    /** Those that wait and are stored nowhere, while a later one is. */
    List<OnceAppend> overtaken() {
        if (waiting.isEmpty() || storedNumber <= waiting.firstKey()) {
            return List.of();
        }
        return waiting.headMap(storedNumber).values().stream()
                .filter(append -> !append.isOpen())
                .toList();
    }

    /** Whether the first that waits might pass one that was called later. */
    boolean isLaterOneSent() {
        return !sent.isEmpty() && waiting.firstKey() < sent.lastKey();
    }

    void send(OnceAppend append) {
        removeWaiting(append);
        sent.put(append.number, append);
    }

    void answered(OnceAppend append) {
        sent.remove(append.number);
    }

    void stored(OnceAppend append) {
        storedNumber = Math.max(storedNumber, append.number);
    }

    void putBack(OnceAppend append) {
        waiting.put(append.number, append);
        waitingAgain.put(append.number, append);
    }

    void park(OnceAppend append) {
        removeWaiting(append);
        parked.put(append.number, append);
    }

    void unpark() {
        waiting.putAll(parked);
        waitingAgain.putAll(parked);
        parked.clear();
    }

    /** It has its answer; one that is on the wire stays there until its reply. */
    void forget(OnceAppend append) {
        removeWaiting(append);
        parked.remove(append.number);
    }

    private void removeWaiting(OnceAppend append) {
        waiting.remove(append.number);
        waitingAgain.remove(append.number);
    }

    /** Whose time is up first, about; null: there is none. */
    OnceAppend firstDue() {
        for (OnceAppend append : sent.values()) {
            if (!append.isSettled()) {
                return append;
            }
        }
        if (!parked.isEmpty()) {
            return parked.firstEntry().getValue();
        }
        return waiting.isEmpty() ? null : waiting.firstEntry().getValue();
    }

    List<OnceAppend> sentAndDue(long nowNanos) {
        return sent.values().stream().filter(append -> append.isDue(nowNanos)).toList();
    }

    List<OnceAppend> unsentAndDue(long nowNanos) {
        var due = new ArrayList<>(waiting.values());
        due.addAll(parked.values());
        due.removeIf(append -> !append.isDue(nowNanos));
        return due;
    }
}
