package io.walrus.it.cluster;

import io.walrus.it.history.HistoryRecorder;
import io.walrus.it.history.HistoryRecorder.GetCall;
import io.walrus.it.history.HistoryRecorder.PutCall;
import io.walrus.it.history.Operation.PlacedValue;
import io.walrus.it.history.Place;
import io.walrus.it.process.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Clients that put and get at any node and write down what they asked and heard.
 *
 * <p>Each client is a thread with one request under way; it changes its node now and then and
 * whenever a connection breaks.
 */
final class MixLoad implements AutoCloseable {

    private static final int REPLY_MILLIS_MAX = 15_000;
    private static final int REQUESTS_PER_NODE = 200;
    private static final long PAUSE_NANOS = 2_000_000;
    private static final int FETCHES_AT_ONCE = 100;
    private static final long LOOK_NANOS_MAX = 90_000_000_000L;
    private static final Pattern CODE = Pattern.compile("ERR (\\w+).*", Pattern.DOTALL);
    private static final Pattern SEALED = Pattern.compile("\"(\\d+)\":(\\d+)");

    private final HurtCluster cluster;
    private final HistoryRecorder recorder;
    private final List<String> topics;
    private final AtomicInteger clients = new AtomicInteger();
    private final AtomicInteger values = new AtomicInteger();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final List<Thread> threads = new ArrayList<>();

    MixLoad(HurtCluster cluster, HistoryRecorder recorder, List<String> topics) {
        this.cluster = cluster;
        this.recorder = recorder;
        this.topics = topics;
    }

    void start(int writers, int readers, long seed) {
        for (int i = 0; i < writers + readers; i++) {
            var random = new Random(seed * 31 + i);
            boolean writes = i < writers;
            var thread =
                    new Thread(() -> run(random, writes), (writes ? "writer-" : "reader-") + i);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    private void run(Random random, boolean writes) {
        int client = clients.incrementAndGet();
        while (!ended.get()) {
            List<Integer> ids = cluster.ids();
            int node = ids.get(random.nextInt(ids.size()));
            try (var wire = new Wire(cluster.clientPort(node), REPLY_MILLIS_MAX)) {
                for (int i = 0; i < REQUESTS_PER_NODE && !ended.get(); i++) {
                    String topic = topics.get(random.nextInt(topics.size()));
                    if (writes) {
                        put(wire, client, node, topic, random.nextBoolean());
                    } else {
                        get(wire, client, node, topic);
                    }
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            } catch (IOException broken) {
                LockSupport.parkNanos(10 * PAUSE_NANOS);
            }
        }
    }

    /** True if it was acknowledged; the connection is of no use after an exception. */
    boolean put(Wire wire, int client, int node, String topic, boolean asksPlace)
            throws IOException {
        String value = newValue();
        PutCall call = recorder.put(client, node, topic, value);
        String reply;
        try {
            reply = wire.ask((asksPlace ? "APPEND " : "PUT ") + topic + " " + value);
        } catch (IOException broken) {
            failures.incrementAndGet();
            call.unknown(broken.toString());
            throw broken;
        }
        if (reply.equals("OK")) {
            call.acked();
        } else if (reply.startsWith("OK ")) {
            String[] words = reply.split(" ");
            call.ackedAt(new Place(Long.parseLong(words[1]), Long.parseLong(words[2])));
        } else if (mayHaveHappened(reply)) {
            failures.incrementAndGet();
            call.unknown(reply);
        } else {
            failures.incrementAndGet();
            call.refused(reply);
        }
        return reply.startsWith("OK");
    }

    /** True if there was an entry or certainly none. */
    boolean get(Wire wire, int client, int node, String topic) throws IOException {
        return !take(wire, client, node, topic).startsWith("ERR");
    }

    private String take(Wire wire, int client, int node, String topic) throws IOException {
        GetCall call = recorder.get(client, node, topic);
        String reply;
        try {
            reply = wire.ask("GET " + topic);
        } catch (IOException broken) {
            failures.incrementAndGet();
            call.unknown(broken.toString());
            throw broken;
        }
        if (reply.startsWith("OK ")) {
            call.delivered(reply.substring("OK ".length()));
        } else if (reply.equals("EMPTY")) {
            call.empty();
        } else if (mayHaveHappened(reply)) {
            failures.incrementAndGet();
            call.unknown(reply);
        } else {
            failures.incrementAndGet();
            call.refused(reply);
        }
        return reply;
    }

    /** How many calls of all clients were refused, or may not have happened, so far. */
    long failures() {
        return failures.get();
    }

    private static boolean mayHaveHappened(String reply) {
        Matcher code = CODE.matcher(reply);
        return !code.matches()
                || code.group(1).equals("UNKNOWN")
                || code.group(1).equals("INTERNAL");
    }

    /** A value that no other append has. */
    String newValue() {
        return "v" + values.incrementAndGet();
    }

    /** A client for the test's own thread. */
    int newClient() {
        return clients.incrementAndGet();
    }

    /** Takes what is left at the shared cursors, then walks all topics through each node. */
    void finish() throws IOException {
        int client = newClient();
        int node = cluster.ids().get(0);
        try (var wire = new Wire(cluster.clientPort(node), REPLY_MILLIS_MAX)) {
            for (String topic : topics) {
                drain(wire, client, node, topic);
            }
        }
        for (int id : cluster.ids()) {
            for (String topic : topics) {
                look(client, id, topic);
            }
        }
    }

    private void drain(Wire wire, int client, int node, String topic) throws IOException {
        String reply;
        do {
            reply = take(wire, client, node, topic);
        } while (reply.startsWith("OK "));
    }

    /** On a busy machine a read may be refused in time, and is tried again as its code says. */
    private void look(int client, int node, String topic) throws IOException {
        long endNanos = System.nanoTime() + LOOK_NANOS_MAX;
        while (true) {
            try {
                lookOnce(client, node, topic);
                return;
            } catch (IOException refused) {
                if (System.nanoTime() - endNanos > 0) {
                    throw refused;
                }
                LockSupport.parkNanos(100 * PAUSE_NANOS);
            }
        }
    }

    private void lookOnce(int client, int node, String topic) throws IOException {
        try (var wire = new Wire(cluster.clientPort(node), REPLY_MILLIS_MAX)) {
            HistoryRecorder.StateCall state = recorder.state(client, node, topic);
            String json = wire.ask("STATE " + topic);
            state.sealed(sealedOf(json));
            HistoryRecorder.ScanCall scan = recorder.scan(client, node, topic);
            scan.saw(walk(wire, topic));
        }
    }

    private static Map<Long, Long> sealedOf(String json) {
        var counts = new HashMap<Long, Long>();
        int from = json.indexOf("\"sealed_segments\":{");
        Matcher pairs = SEALED.matcher(json.substring(from, json.indexOf('}', from)));
        while (pairs.find()) {
            counts.put(Long.parseLong(pairs.group(1)), Long.parseLong(pairs.group(2)));
        }
        return counts;
    }

    private static List<PlacedValue> walk(Wire wire, String topic) throws IOException {
        var entries = new ArrayList<PlacedValue>();
        for (long segment = 1; ; segment++) {
            long offset = 0;
            boolean isEnd = false;
            while (!isEnd) {
                for (int i = 0; i < FETCHES_AT_ONCE; i++) {
                    wire.send("FETCH " + topic + " " + segment + " " + (offset + i));
                }
                for (int i = 0; i < FETCHES_AT_ONCE; i++) {
                    String reply = wire.receive();
                    if (reply.startsWith("ERR NO_SEGMENT")) {
                        skip(wire, FETCHES_AT_ONCE - i - 1);
                        return entries;
                    }
                    isEnd |= !reply.startsWith("OK ");
                    if (!isEnd) {
                        String value = reply.substring(reply.lastIndexOf(' ') + 1);
                        entries.add(new PlacedValue(new Place(segment, offset + i), value));
                    } else if (!reply.equals("EMPTY")) {
                        throw new IOException(
                                topic + " " + segment + "/" + (offset + i) + ": " + reply);
                    }
                }
                offset += FETCHES_AT_ONCE;
            }
        }
    }

    private static void skip(Wire wire, int replies) throws IOException {
        for (int i = 0; i < replies; i++) {
            wire.receive();
        }
    }

    /** Ends all clients, after the request that each has under way. */
    void end() {
        ended.set(true);
        for (Thread thread : threads) {
            try {
                thread.join(2L * REPLY_MILLIS_MAX);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        end();
    }
}
