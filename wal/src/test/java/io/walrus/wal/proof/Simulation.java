package io.walrus.wal.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.wal.Backend;
import io.walrus.wal.Entry;
import io.walrus.wal.FsyncPolicy;
import io.walrus.wal.RecoveryReport;
import io.walrus.wal.Wal;
import io.walrus.wal.WalException;
import io.walrus.wal.WalException.Kind;
import io.walrus.wal.WalOptions;
import io.walrus.wal.disk.Disk;
import io.walrus.wal.proof.TopicModel.Presence;
import io.walrus.wal.sim.DiskCall;
import io.walrus.wal.sim.SimulatedDisk;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * One seed, one life of a log: random calls and random trouble, and after each restart everything
 * is compared with what was promised. A promise that is broken comes out as an {@link
 * AssertionError} that ends with the story so far.
 */
public final class Simulation {

    private static final int OPEN_ATTEMPTS_MAX = 6;

    /** Of so many lives one is with files that are made ahead. */
    private static final int BIG_FILES_EVERY = 10;

    private static final DiskCall[] CALLS_THAT_FAIL = {
        DiskCall.WRITE, DiskCall.WRITE, DiskCall.FORCE, DiskCall.FORCE, DiskCall.FORCE,
        DiskCall.CREATE, DiskCall.RENAME, DiskCall.TRUNCATE, DiskCall.MAP, DiskCall.SYNC_DIRECTORY,
        DiskCall.DELETE, DiskCall.READ, DiskCall.OPEN,
    };

    private final BiFunction<WalOptions, Disk, Wal> opener;
    private final Random random;
    private final Setting setting;
    private final List<TopicModel> topics = new ArrayList<>();
    private final List<Supplier<String>> story = new ArrayList<>();
    private final Deque<Integer> openingCuts = new ArrayDeque<>();
    private SimulatedDisk disk;
    private Wal wal;

    /** The log said so: no ack any more until it is opened again. */
    private boolean failed;

    /** The disk was told to misbehave since the log was opened. */
    private boolean faulty;

    private boolean full;

    public Simulation(long seed, BiFunction<WalOptions, Disk, Wal> opener) {
        this(new Random(seed * 0x9e3779b97f4a7c15L), seed, opener);
    }

    private Simulation(Random random, long seed, BiFunction<WalOptions, Disk, Wal> opener) {
        this(
                random,
                seed % BIG_FILES_EVERY == 0
                        ? Setting.of(random).withBigFiles()
                        : Setting.of(random),
                opener);
    }

    private Simulation(Random random, Setting setting, BiFunction<WalOptions, Disk, Wal> opener) {
        this.opener = opener;
        this.random = random;
        this.setting = setting;
        for (int i = 0; i < setting.topics(); i++) {
            topics.add(new TopicModel("topic-" + i, i));
        }
        disk = new SimulatedDisk(random.nextLong());
    }

    /** The same short life each time, whose power goes in the middle of one certain call. */
    public static final class Script {

        private final Simulation simulation;

        public Script(
                FsyncPolicy policy,
                Backend backend,
                long seed,
                BiFunction<WalOptions, Disk, Wal> opener) {
            simulation =
                    new Simulation(new Random(seed), Setting.scripted(policy, backend), opener);
        }

        /**
         * Lives, loses its power in the middle of call number {@code calls}, then again in the
         * middle of so many calls of each opening; or only the process dies.
         *
         * @return false if the life was over before
         */
        public boolean cutAfter(int calls, boolean machineToo, List<Integer> openingCalls) {
            return simulation.told(
                    () ->
                            simulation.script(
                                    calls, machineToo ? Crash.POWER : Crash.PROCESS, openingCalls));
        }
    }

    private boolean script(int calls, Crash crash, List<Integer> openingCalls) {
        disk.cutPowerAfter(calls);
        try {
            wal = opener.apply(setting.options(), disk);
            tell("opened");
            scriptedSteps();
        } catch (WalException refused) {
            assertThat(disk.isOff()).as("opening: %s", refused.getMessage()).isTrue();
        }
        boolean cut = disk.isOff();
        openingCuts.addAll(openingCalls);
        tell("crash: " + crash);
        crashDisk(crash);
        open(crash);
        for (TopicModel topic : topics) {
            if (!topic.sealed && !topic.stopped && topic.damaged.isEmpty()) {
                append(topic, 1);
            }
        }
        crashDisk(Crash.POWER);
        open(Crash.POWER);
        lastClose();
        return cut;
    }

    private void scriptedSteps() {
        TopicModel first = topics.get(0);
        TopicModel second = topics.get(1);
        TopicModel third = topics.get(2);
        List<Runnable> steps =
                List.of(
                        () -> create(first),
                        () -> append(first, 1),
                        () -> append(first, 3),
                        () -> readNext(first),
                        () -> append(second, 2),
                        () -> seal(second),
                        () -> appendSized(third, 14_000),
                        () -> appendSized(third, 9_000),
                        this::sync,
                        () -> append(first, 1),
                        () -> truncate(first),
                        () -> delete(third),
                        () -> append(third, 2),
                        () -> move(first, "other", first.cursors.get("other"), first.start, false),
                        () -> attempt("close", null, wal::close));
        for (Runnable step : steps) {
            if (!disk.isOff()) {
                step.run();
            }
        }
    }

    private void appendSized(TopicModel topic, int size) {
        appendAll(topic, List.of(topic.nextPayload(size)));
    }

    public void run() {
        told(
                () -> {
                    live();
                    return true;
                });
    }

    private void live() {
        open(Crash.NONE);
        for (int step = 0; step < setting.steps(); step++) {
            step();
            if (disk.isOff()) {
                tell("the power is gone");
                restart(random.nextBoolean() ? Crash.POWER : Crash.PROCESS);
            }
        }
        restart(Crash.values()[random.nextInt(3)]);
        lastClose();
    }

    /** A fault that opening did not meet may have struck a thread in the background before. */
    private void lastClose() {
        attempt("last close", null, wal::close);
        assertThat(disk.openPaths()).as("files open after close").isEmpty();
        assertThat(disk.writtenIntoHoles()).as("holes written through a mapping").isEmpty();
    }

    private boolean told(BooleanSupplier life) {
        try {
            return life.getAsBoolean();
        } catch (RuntimeException | AssertionError broken) {
            throw new AssertionError(
                    broken.getMessage() + "\n  " + setting + "\n  " + wholeStory(), broken);
        }
    }

    private String wholeStory() {
        return story.stream().map(Supplier::get).collect(Collectors.joining("\n  "));
    }

    private void tell(String what) {
        story.add(() -> what);
    }

    // ---- one step

    private void step() {
        TopicModel topic = topics.get(random.nextInt(topics.size()));
        int dice = random.nextInt(100);
        if (dice < 34) {
            append(topic, 1);
        } else if (dice < 42) {
            append(topic, 2 + random.nextInt(6));
        } else if (dice < 46) {
            appendAsync(topic);
        } else if (dice < 57) {
            readNext(topic);
        } else if (dice < 61) {
            readBatch(topic);
        } else if (dice < 66) {
            readAt(topic);
        } else if (dice < 71) {
            moveCursor(topic);
        } else if (dice < 78) {
            administer(topic, dice);
        } else if (dice < 81) {
            sync();
        } else if (dice < 92) {
            trouble(topic, dice);
        } else {
            restart(dice < 94 ? Crash.NONE : dice < 96 ? Crash.PROCESS : Crash.POWER);
        }
    }

    private void administer(TopicModel topic, int dice) {
        switch (dice) {
            case 71, 72 -> create(topic);
            case 73, 74 -> truncate(topic);
            case 75 -> seal(topic);
            case 76 -> delete(topic);
            default -> setting.clock().turn(Duration.ofMinutes(random.nextInt(120) - 60));
        }
    }

    private void trouble(TopicModel topic, int dice) {
        switch (dice) {
            case 81, 82, 83 -> {
                tell("some write-back");
                disk.writeBackSome(random);
            }
            case 84, 85 -> fillUp(topic);
            case 86, 87 -> {
                DiskCall call = CALLS_THAT_FAIL[random.nextInt(CALLS_THAT_FAIL.length)];
                tell("a failing " + call);
                faulty = true;
                disk.failOnce(call, random.nextInt(4));
            }
            case 88, 89, 90 -> {
                int calls = random.nextInt(25);
                tell("power cut in " + calls + " calls");
                disk.cutPowerAfter(calls);
            }
            default -> flipBit();
        }
    }

    // ---- appends

    private List<byte[]> payloads(TopicModel topic, int count) {
        var payloads = new ArrayList<byte[]>();
        for (int i = 0; i < count; i++) {
            int size =
                    switch (random.nextInt(20)) {
                        case 0 -> 0;
                        case 1 -> 1 + random.nextInt(20);
                        case 2, 3 -> 500 + random.nextInt(3000);
                        case 4 -> random.nextInt(12) == 0 ? 90_000 : 9_000;
                        case 5, 6, 7 -> setting.hasBigFiles() ? 9_000 : 100;
                        default -> 24 + random.nextInt(200);
                    };
            payloads.add(topic.nextPayload(size));
        }
        return payloads;
    }

    private void append(TopicModel topic, int count) {
        appendAll(topic, payloads(topic, count));
    }

    private void appendAll(TopicModel topic, List<byte[]> payloads) {
        int count = payloads.size();
        try {
            long first =
                    count == 1
                            ? wal.append(topic.name, payloads.get(0))
                            : wal.appendBatch(
                                    topic.name, payloads.stream().map(ByteBuffer::wrap).toList());
            tell("append " + count + " to " + topic.name + " at " + first);
            acked(topic, first, payloads);
        } catch (WalException refused) {
            refused("append " + count, topic, payloads, refused);
        }
    }

    /** Several in flight at once; they complete in order. */
    private void appendAsync(TopicModel topic) {
        record Flight(List<byte[]> payloads, CompletableFuture<Long> answer) {}
        var flights = new ArrayList<Flight>();
        for (int i = 1 + random.nextInt(8); i > 0; i--) {
            List<byte[]> payloads = payloads(topic, 1 + random.nextInt(2));
            List<ByteBuffer> buffers = payloads.stream().map(ByteBuffer::wrap).toList();
            try {
                flights.add(
                        new Flight(
                                payloads,
                                wal.appendBatchAsync(topic.name, buffers).toCompletableFuture()));
            } catch (WalException refused) {
                flights.add(new Flight(payloads, CompletableFuture.failedFuture(refused)));
            }
        }
        for (Flight flight : flights) {
            try {
                long first = flight.answer.join();
                tell("async append to " + topic.name + " at " + first);
                acked(topic, first, flight.payloads);
            } catch (CompletionException refused) {
                refused("async append", topic, flight.payloads, (WalException) refused.getCause());
            }
        }
    }

    private void acked(TopicModel topic, long first, List<byte[]> payloads) {
        if (disk.isOff()) {
            unknown(topic, payloads);
            return;
        }
        assertThat(failed).as("FailedSyncIsFinal: an ack in a failed log").isFalse();
        assertThat(topic.sealed).as("SealedIsFrozen: an append to " + topic.name).isFalse();
        topic.acked(first, payloads);
        if (setting.eachIsDurable()) {
            topic.durable();
        }
    }

    private void refused(
            String what, TopicModel topic, List<byte[]> payloads, WalException refused) {
        explain(what, topic, refused);
        if (refused.mayHaveHappened()) {
            unknown(topic, payloads);
        } else if (topic.presence == Presence.ABSENT) {
            topic.presence = Presence.MAYBE;
        }
    }

    /** Refused so, or told by a process whose last moment on the disk was over. */
    private static void unknown(TopicModel topic, List<byte[]> payloads) {
        topic.unknown.add(payloads);
        if (topic.presence == Presence.ABSENT) {
            topic.presence = Presence.MAYBE;
        }
    }

    // ---- reads

    private void readAt(TopicModel topic) {
        if (topic.presence != Presence.PRESENT || topic.start == topic.end()) {
            return;
        }
        long from = topic.start + random.nextInt((int) (topic.end() - topic.start));
        try {
            long offset = from;
            if (disk.isOff()) {
                return;
            }
            for (Entry entry : wal.readAt(topic.name, from, 1 + random.nextInt(5_000))) {
                assertThat(entry.offset()).as("OffsetsAreDense").isEqualTo(offset);
                topic.requireEntry(offset++, entry.bytes(), "readAt");
            }
            assertThat(offset).as("entries read of " + topic.name).isGreaterThan(from);
        } catch (WalException refused) {
            explain("readAt " + from, topic, refused);
            if (refused.kind() == Kind.DAMAGED) {
                topic.requireDamageAllowed(from, refused);
                topic.damaged.set((int) from);
            }
        }
    }

    private void readNext(TopicModel topic) {
        boolean checkpoint = random.nextInt(4) > 0;
        consume(
                topic,
                checkpoint,
                () -> wal.readNext(topic.name, checkpoint).stream().toList(),
                1,
                "readNext");
    }

    private void readBatch(TopicModel topic) {
        boolean checkpoint = random.nextInt(4) > 0;
        int bytes = 1 + random.nextInt(3_000);
        consume(
                topic,
                checkpoint,
                () -> wal.readBatch(topic.name, bytes, checkpoint),
                2_000,
                "readBatch");
    }

    private interface Reads {
        List<Entry> entries();
    }

    private void consume(
            TopicModel topic, boolean checkpoint, Reads reads, int countMax, String what) {
        if (topic.presence != Presence.PRESENT) {
            return;
        }
        CursorModel cursor = topic.cursors.get("");
        long from = Math.max(cursor.value, topic.start);
        try {
            List<Entry> entries = reads.entries();
            tell(what + " of " + topic.name + " at " + from + ": " + entries.size());
            if (disk.isOff()) {
                attemptedTo(cursor, from, topic.end());
                return;
            }
            assertThat(entries.size()).isLessThanOrEqualTo(countMax);
            assertThat(entries.isEmpty())
                    .as("%s of %s: cursor %d, end %d", what, topic.name, from, topic.end())
                    .isEqualTo(from == topic.end());
            long offset = from;
            for (Entry entry : entries) {
                assertThat(entry.offset()).as("DeliveredOnce, in order").isEqualTo(offset);
                topic.requireEntry(offset++, entry.bytes(), what);
            }
            if (checkpoint && from < offset) {
                moved(cursor, offset, topic.start);
            }
        } catch (WalException refused) {
            explain(what + " at " + from, topic, refused);
            if (refused.kind() == Kind.DAMAGED) {
                topic.requireDamageAllowed(from, refused);
                topic.damaged.set((int) from);
                move(topic, "", cursor, from + 1, true);
            } else if (checkpoint) {
                attemptedTo(cursor, from, topic.end());
                resync(topic, "", cursor);
            }
        }
    }

    private static void attemptedTo(CursorModel cursor, long from, long to) {
        for (long each = from; each <= to; each++) {
            cursor.attempted(each);
        }
    }

    private void moved(CursorModel cursor, long to, long start) {
        if (setting.againMax() < 0) {
            cursor.moved(to, setting.eachIsDurable());
        } else {
            // A failed log persists nothing more: an earlier move that failed may be on disk.
            int againMax = failed ? Integer.MAX_VALUE : setting.againMax();
            cursor.movedMaybe(to, start, againMax, setting.eachIsDurable());
        }
    }

    private void moveCursor(TopicModel topic) {
        if (topic.presence != Presence.PRESENT) {
            return;
        }
        String name = random.nextBoolean() ? "" : "other";
        CursorModel cursor = topic.cursors.get(name);
        boolean back = random.nextInt(3) == 0;
        long low = back ? topic.start : Math.max(topic.start, cursor.value);
        long to = low + random.nextInt((int) (topic.end() - low) + 1);
        move(topic, name, cursor, to, back);
    }

    private void move(TopicModel topic, String name, CursorModel cursor, long to, boolean seek) {
        try {
            if (seek) {
                wal.seek(topic.name, name, to);
            } else {
                wal.commit(topic.name, name, to);
            }
            tell((seek ? "seek " : "commit ") + topic.name + "/" + name + " to " + to);
            if (disk.isOff()) {
                cursor.attempted(to);
                return;
            }
            cursor.moved(to, setting.eachIsDurable());
        } catch (WalException refused) {
            explain("move cursor to " + to, topic, refused);
            cursor.attempted(to);
            resync(topic, name, cursor);
        }
    }

    /** A move failed: the log says where its cursor is. */
    private void resync(TopicModel topic, String name, CursorModel cursor) {
        if (disk.isOff()) {
            return;
        }
        try {
            OptionalLong found = wal.cursor(topic.name, name);
            if (found.isPresent()) {
                cursor.requirePossible(found.getAsLong(), topic.start, topic.name + "/" + name);
                cursor.value = found.getAsLong();
            }
        } catch (WalException refused) {
            explain("cursor", topic, refused);
        }
    }

    // ---- administration

    private void create(TopicModel topic) {
        boolean worked = attempt("create " + topic.name, topic, () -> wal.create(topic.name));
        if (worked) {
            topic.presence = Presence.PRESENT;
        } else if (topic.presence == Presence.ABSENT) {
            topic.presence = Presence.MAYBE;
        }
    }

    private void seal(TopicModel topic) {
        if (topic.presence != Presence.PRESENT) {
            return;
        }
        topic.sealWanted = true;
        var end = new long[1];
        if (attempt("seal " + topic.name, topic, () -> end[0] = wal.seal(topic.name))) {
            assertThat(end[0]).as("SealedIsFrozen: exact end").isEqualTo(topic.end());
            topic.sealed = true;
            topic.sealedEnd = end[0];
            topic.durable();
        }
    }

    private void truncate(TopicModel topic) {
        if (topic.presence != Presence.PRESENT) {
            return;
        }
        long before = topic.start + random.nextInt((int) (topic.end() - topic.start) + 1);
        long startWas = topic.start;
        boolean worked =
                attempt(
                        "truncate " + topic.name + " before " + before,
                        topic,
                        () -> wal.truncateBefore(topic.name, before));
        if (worked && startWas < before) {
            topic.start = before;
            topic.durablePresence = true;
            topic.durableEnd = Math.max(topic.durableEnd, before);
        } else if (!worked && !disk.isOff()) {
            topic.start = wal.startOffset(topic.name);
            assertThat(topic.start).isIn(startWas, before);
            topic.startsWanted.add(startWas);
            topic.startsWanted.add(before);
        } else if (!worked) {
            topic.startsWanted.add(before);
        }
    }

    private void delete(TopicModel topic) {
        if (topic.presence != Presence.PRESENT) {
            return;
        }
        if (attempt("delete " + topic.name, topic, () -> wal.delete(topic.name))) {
            topic.forgotten();
        } else {
            topic.deleteWanted = true;
            if (!disk.isOff() && !failed) {
                assertThat(wal.exists(topic.name)).as("refused, so not done").isTrue();
                topic.deleteWanted = false;
            }
        }
    }

    private void sync() {
        if (attempt("sync", null, wal::sync)) {
            assertThat(failed).as("FailedSyncIsFinal: sync in a failed log").isFalse();
            allDurable();
        }
    }

    private void allDurable() {
        for (TopicModel topic : topics) {
            topic.durable();
            topic.cursors.values().forEach(CursorModel::durable);
        }
    }

    private boolean attempt(String what, TopicModel topic, Runnable call) {
        try {
            call.run();
            tell(what);
            return !disk.isOff();
        } catch (WalException refused) {
            explain(what, topic, refused);
            return false;
        }
    }

    // ---- trouble

    /** No room for a while; then room again, and appends work without being asked to. */
    private void fillUp(TopicModel topic) {
        long room = random.nextInt(40_000);
        tell("disk full but for " + room);
        disk.leaveRoom(room);
        full = true;
        for (int i = random.nextInt(12); i > 0 && !disk.isOff(); i--) {
            append(topics.get(random.nextInt(topics.size())), 1);
            if (random.nextInt(3) == 0) {
                readNext(topic);
                moveCursor(topic);
            }
        }
        disk.capacity(1L << 40);
        tell("room again");
        if (!failed && !faulty && !disk.isOff()) {
            full = false;
            append(topic, 1);
        }
        full = true; // The log may have noticed late: a background file was refused.
    }

    private void flipBit() {
        List<Map.Entry<Path, byte[]>> files = new ArrayList<>();
        disk.files(path -> path.toString().contains("/streams/"))
                .forEach(
                        (path, bytes) -> {
                            if (64 < bytes.length) {
                                files.add(Map.entry(path, bytes));
                            }
                        });
        if (files.isEmpty()) {
            return;
        }
        Map.Entry<Path, byte[]> file = files.get(random.nextInt(files.size()));
        int owner = Payloads.ownerOf(file.getValue());
        if (owner < 0 || topics.size() <= owner || topics.get(owner).presence != Presence.PRESENT) {
            return;
        }
        int used = file.getValue().length;
        while (64 < used && file.getValue()[used - 1] == 0) {
            used--;
        }
        int at = 64 + random.nextInt(Math.max(1, used - 64));
        int bit = random.nextInt(8);
        tell("bit %d of byte %d of %s flips".formatted(bit, at, file.getKey()));
        topics.get(owner).flipped();
        disk.flipBit(file.getKey(), at * 8L + bit);
        // Rot comes to light when bytes are read from the medium again.
        restart(random.nextBoolean() ? Crash.POWER : Crash.PROCESS);
    }

    // ---- restarts

    private void restart(Crash asked) {
        Crash crash = asked;
        if (crash == Crash.NONE && !disk.isOff()) {
            tell("close");
            if (attempt("close", null, wal::close) && !failed && !disk.isOff()) {
                assertThat(disk.openPaths()).as("files open after close").isEmpty();
                allDurable();
                topics.forEach(topic -> topic.cursors.values().forEach(CursorModel::closed));
                disk.heal();
                open(Crash.NONE);
                return;
            }
            crash = Crash.PROCESS;
        }
        // A process that is gone before it can leave word of a failed sync is not played.
        crash = faulty && disk.isOff() ? Crash.POWER : crash;
        tell("crash: " + crash);
        crashDisk(crash);
        open(crash);
    }

    /** The next disk first, then the old log's threads end on a disk that is off. */
    private void crashDisk(Crash crash) {
        SimulatedDisk next =
                crash == Crash.POWER ? disk.crash(random.nextLong()) : disk.processCrash();
        if (wal != null) {
            try {
                wal.close();
            } catch (WalException failedLog) {
                assertThat(failedLog.kind()).isIn(Kind.FAILED, Kind.IO, Kind.STOPPED);
            }
            wal = null;
        }
        assertThat(disk.openPaths()).as("files open after close of a crashed log").isEmpty();
        disk = next;
        disk.heal();
    }

    private void open(Crash after) {
        Crash crash = after;
        boolean troubled = true;
        for (int attempt = 1; ; attempt++) {
            troubled = troubleOpening(attempt);
            boolean opened = isOpened(troubled);
            disk.heal();
            if (opened && !disk.isOff()) {
                break;
            }
            if (disk.isOff()) {
                Crash again = random.nextBoolean() ? Crash.POWER : Crash.PROCESS;
                crashDisk(again);
                crash =
                        again == Crash.POWER
                                ? Crash.POWER
                                : crash == Crash.NONE ? Crash.PROCESS : crash;
            }
        }
        failed = false;
        // A fault that opening did not meet may have struck a thread in the background.
        faulty = troubled;
        full = false;
        tellOpened(crash, wal.recovery());
        new ReopenCheck(wal, crash, setting.eachIsDurable()).run(topics);
    }

    /** Put into words only if somebody has to read it. */
    private void tellOpened(Crash after, RecoveryReport report) {
        story.add(() -> "opened after " + after + ": " + report.summary());
    }

    /** Opened, although the power may have gone under a thread in the background by now. */
    private boolean isOpened(boolean troubled) {
        try {
            wal = opener.apply(setting.options(), disk);
            return true;
        } catch (WalException refused) {
            assertThat(refused.kind())
                    .as("opening: %s", refused.getMessage())
                    .isIn(Kind.IO, Kind.FAILED, Kind.FULL);
            assertThat(troubled).as("opening: %s", refused.getMessage()).isTrue();
            assertThat(disk.openPaths()).as("files open after a refused opening").isEmpty();
            tell("opening failed: " + refused.getMessage());
            return false;
        }
    }

    private boolean troubleOpening(int attempt) {
        if (!openingCuts.isEmpty()) {
            disk.cutPowerAfter(openingCuts.poll());
            return true;
        }
        if (setting.steps() == 0 || OPEN_ATTEMPTS_MAX <= attempt || random.nextInt(4) > 0) {
            return false;
        }
        if (random.nextBoolean()) {
            int calls = random.nextInt(60);
            tell("power cut in " + calls + " calls of opening");
            disk.cutPowerAfter(calls);
        } else {
            DiskCall call = CALLS_THAT_FAIL[random.nextInt(CALLS_THAT_FAIL.length)];
            tell("opening with a failing " + call);
            disk.failOnce(call, random.nextInt(6));
        }
        return true;
    }

    // ---- why a refusal is all right

    private void explain(String what, TopicModel topic, WalException refused) {
        tell(
                what
                        + (topic == null ? "" : " in " + topic.name)
                        + " refused: "
                        + refused.kind()
                        + " "
                        + refused.getMessage());
        boolean explained =
                disk.isOff()
                        || switch (refused.kind()) {
                            case NO_TOPIC ->
                                    topic != null
                                            && (topic.presence != Presence.PRESENT
                                                    || topic.deleteWanted);
                            case SEALED -> topic != null && (topic.sealed || topic.sealWanted);
                            case FULL -> full;
                            case FAILED -> faulty;
                            case IO -> faulty;
                            case DAMAGED -> topic != null && (topic.isRotten());
                            case STOPPED -> failed || faulty || topic != null && topic.isRotten();
                            default -> false;
                        };
        if (!explained) {
            throw new AssertionError("no reason to refuse: " + refused.kind(), refused);
        }
        failed |= wal != null && wal.stats().failed();
    }
}
