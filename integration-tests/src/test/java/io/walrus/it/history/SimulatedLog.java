package io.walrus.it.history;

import io.walrus.it.history.Operation.PlacedValue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/**
 * A log that keeps every promise, and clients that give it a hard time: calls overlap, a fault
 * makes some of them refused or unanswered, an unanswered append may land much later or never, an
 * unanswered GET may have moved its cursor. One seed, one history; the checker must be silent.
 */
final class SimulatedLog {
    private static final String TOPIC = "orders";
    private static final List<String> CURSORS = List.of(HistoryRecorder.SHARED, "audit");
    private static final int CLIENTS = 4;
    private static final int NODES = 3;
    private static final int IN_FLIGHT_MAX = 3;

    private final Random random;
    private final HistoryRecorder recorder = new HistoryRecorder();

    private final List<PlacedValue> log = new ArrayList<>();
    private final Map<String, Integer> nextByCursor = new HashMap<>();
    private final Map<Long, Long> sealed = new HashMap<>();
    private long segment = 1;
    private long offset;

    /** What will happen to the log after its caller has given up. */
    private final List<Runnable> late = new ArrayList<>();

    private final List<Deque<Step>> clients = new ArrayList<>();
    private boolean faulty;
    private int values;

    private SimulatedLog(long seed) {
        this.random = new Random(seed);
        for (int client = 0; client < CLIENTS; client++) {
            clients.add(new ArrayDeque<>());
        }
    }

    static History run(long seed) {
        return new SimulatedLog(seed).run();
    }

    private History run() {
        steps(20 + random.nextInt(60));
        recorder.faultBegins("cut");
        faulty = true;
        steps(20 + random.nextInt(60));
        finishAll();
        faulty = false;
        recorder.mustWork("cut");
        steps(20 + random.nextInt(40));
        put(0);
        finishAll();
        CURSORS.forEach(this::drain);
        Step scan = scan(1);
        scan.happen();
        scan.answer();
        return recorder.history();
    }

    private void steps(int count) {
        for (int i = 0; i < count; i++) {
            int client = random.nextInt(CLIENTS);
            Deque<Step> waiting = clients.get(client);
            if (waiting.size() < IN_FLIGHT_MAX && random.nextBoolean()) {
                begin(client);
            } else {
                advance(waiting);
            }
            if (!late.isEmpty() && random.nextInt(10) == 0) {
                late.remove(random.nextInt(late.size())).run();
            }
            if (random.nextInt(25) == 0) {
                rollOver();
            }
        }
    }

    /** The oldest call that has not happened yet happens, or the oldest of all is answered. */
    private void advance(Deque<Step> waiting) {
        Step next = waiting.stream().filter(step -> !step.happened).findFirst().orElse(null);
        if (next != null && (random.nextBoolean() || !waiting.peek().happened)) {
            next.happen();
        } else if (!waiting.isEmpty()) {
            waiting.remove().answer();
        }
    }

    private void finishAll() {
        for (Deque<Step> waiting : clients) {
            while (!waiting.isEmpty()) {
                advance(waiting);
            }
        }
    }

    private void drain(String cursor) {
        int left = log.size() + 1;
        for (int i = 0; i < left; i++) {
            Step get = get(0, cursor);
            get.happen();
            get.answer();
        }
    }

    private void rollOver() {
        sealed.put(segment, offset);
        segment++;
        offset = 0;
    }

    private void begin(int client) {
        switch (random.nextInt(8)) {
            case 0, 1, 2, 3 -> put(client);
            case 4, 5 -> clients.get(client).add(get(client, CURSORS.get(random.nextInt(2))));
            case 6 -> clients.get(client).add(read(client));
            default ->
                    clients.get(client).add(random.nextInt(3) == 0 ? scan(client) : state(client));
        }
    }

    /**
     * A call under way: what it does to the log when it happens, and the answer that it leads to.
     */
    private static final class Step {
        private final Consumer<Step> effect;
        private Runnable answer = () -> {};
        private boolean happened;

        Step(Consumer<Step> effect) {
            this.effect = effect;
        }

        void happen() {
            happened = true;
            effect.accept(this);
        }

        void answer() {
            answer.run();
        }
    }

    private int anyNode() {
        return 1 + random.nextInt(NODES);
    }

    private void put(int client) {
        String value = "v" + values++;
        HistoryRecorder.PutCall call = recorder.put(client, anyNode(), TOPIC, value);
        clients.get(client)
                .add(
                        new Step(
                                step -> {
                                    switch (faulty ? random.nextInt(6) : 0) {
                                        case 1 ->
                                                step.answer = () -> call.refused("not the leader");
                                        case 2 ->
                                                step.answer =
                                                        () ->
                                                                call.unknown(
                                                                        "timeout, never happens");
                                        case 3 -> {
                                            late.add(() -> append(value));
                                            step.answer =
                                                    () -> call.unknown("timeout, happens later");
                                        }
                                        case 4 -> {
                                            append(value);
                                            step.answer =
                                                    random.nextBoolean()
                                                            ? () -> call.unknown("reset")
                                                            : () -> {};
                                        }
                                        default -> {
                                            Place place = append(value);
                                            step.answer =
                                                    random.nextBoolean()
                                                            ? call::acked
                                                            : () -> call.ackedAt(place);
                                        }
                                    }
                                }));
    }

    private Place append(String value) {
        Place place = new Place(segment, offset++);
        log.add(new PlacedValue(place, value));
        return place;
    }

    private Step get(int client, String cursor) {
        HistoryRecorder.GetCall call =
                cursor.equals(HistoryRecorder.SHARED)
                        ? recorder.get(client, anyNode(), TOPIC)
                        : recorder.get(client, anyNode(), TOPIC, cursor);
        return new Step(
                step -> {
                    switch (faulty ? random.nextInt(6) : 0) {
                        case 1 -> step.answer = () -> call.refused("not the leader");
                        case 2 -> step.answer = () -> call.unknown("timeout, never happens");
                        case 3 -> {
                            late.add(() -> moveOn(cursor));
                            step.answer = () -> call.unknown("timeout, happens later");
                        }
                        case 4 -> {
                            moveOn(cursor);
                            step.answer =
                                    random.nextBoolean() ? () -> call.unknown("reset") : () -> {};
                        }
                        default -> step.answer = answerOf(call, moveOn(cursor));
                    }
                });
    }

    private Runnable answerOf(HistoryRecorder.GetCall call, PlacedValue entry) {
        if (entry == null) {
            return call::empty;
        }
        return random.nextBoolean()
                ? () -> call.delivered(entry.value())
                : () -> call.deliveredFrom(entry.place(), entry.value());
    }

    /** The entry behind the cursor, null at the end. */
    private PlacedValue moveOn(String cursor) {
        int next = nextByCursor.getOrDefault(cursor, 0);
        if (next == log.size()) {
            return null;
        }
        nextByCursor.put(cursor, next + 1);
        return log.get(next);
    }

    private Step read(int client) {
        boolean beyond = log.isEmpty() || random.nextInt(4) == 0;
        Place place =
                beyond ? new Place(segment, offset) : log.get(random.nextInt(log.size())).place();
        HistoryRecorder.ReadCall call = recorder.read(client, anyNode(), TOPIC, place);
        return new Step(
                step ->
                        step.answer =
                                faulty && random.nextInt(4) == 0
                                        ? () -> call.failed("timeout")
                                        : log.stream()
                                                .filter(entry -> entry.place().equals(place))
                                                .findFirst()
                                                .<Runnable>map(
                                                        entry -> () -> call.found(entry.value()))
                                                .orElse(call::nothing));
    }

    private Step scan(int client) {
        HistoryRecorder.ScanCall call = recorder.scan(client, anyNode(), TOPIC);
        return new Step(
                step -> {
                    List<PlacedValue> seen = List.copyOf(log);
                    step.answer = () -> call.saw(seen);
                });
    }

    private Step state(int client) {
        HistoryRecorder.StateCall call = recorder.state(client, anyNode(), TOPIC);
        return new Step(
                step -> {
                    Map<Long, Long> seen = Map.copyOf(sealed);
                    step.answer = () -> call.sealed(seen);
                });
    }
}
