package io.walrus.wal;

import static io.walrus.wal.LogOnDisk.TOPIC;
import static io.walrus.wal.LogOnDisk.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walrus.wal.WalException.Kind;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a caller gets wrong is refused with a kind of its own, in words that say what was
 * expected and what was found, and not one byte of the directory changes.
 */
final class BadInputTest {

    private static final int ENTRY_BYTES_MAX = 1 << 20;
    private static final ByteBuffer SMALL = ByteBuffer.allocate(1);
    private static final ByteBuffer LARGEST = ByteBuffer.allocate(ENTRY_BYTES_MAX);
    private static final ByteBuffer TOO_LARGE = ByteBuffer.allocate(ENTRY_BYTES_MAX + 1);

    private static final List<String> ILLEGAL_NAMES =
            Arrays.asList(
                    null,
                    "",
                    ".",
                    "..",
                    "../x",
                    "a/b",
                    "nul\0",
                    "ünïcode",
                    "\u001b[31m",
                    "x".repeat(129),
                    "x".repeat(10_000));

    /** What a log that is closed still tells. */
    private static final Set<String> OF_A_CLOSED_LOG = Set.of("close", "recovery", "stats");

    private LogOnDisk log;

    @AfterEach
    void close() {
        if (log != null) {
            log.wal.close();
        }
    }

    private void openWithThreeEntries(Backend backend) {
        log = new LogOnDisk(FsyncPolicy.each(), backend);
        log.appendTexts(0, 3);
        log.wal.append("sealed", new byte[1]);
        log.wal.seal("sealed");
        log.wal.truncateBefore(TOPIC, 1);
    }

    private void requireRefused(Kind kind, String found, ThrowingCallable call) {
        Map<Path, byte[]> before = log.disk.files();
        WalException refused = refused(call);
        assertThat(refused.kind()).as(refused.getMessage()).isEqualTo(kind);
        assertThat(refused.getMessage()).contains("expected").contains(found);
        assertThat(refused.mayHaveHappened()).isFalse();
        Map<Path, byte[]> after = log.disk.files();
        assertThat(after.keySet()).isEqualTo(before.keySet());
        after.forEach(
                (path, bytes) -> assertThat(bytes).as("%s", path).isEqualTo(before.get(path)));
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void anIllegalTopicIsRefusedByEveryMethodThatTakesOne(Backend backend) throws Exception {
        openWithThreeEntries(backend);
        for (String name : ILLEGAL_NAMES) {
            String shown = name == null ? "null" : "1 to 128 of [A-Za-z0-9._-]";
            for (Method method : methodsOfATopic()) {
                Object[] arguments = arguments(method, name);
                requireRefused(Kind.ILLEGAL_NAME, shown, () -> call(method, log.wal, arguments));
            }
            assertThat(log.wal.exists(name)).isFalse();
        }
        assertThat(log.wal.topics()).containsExactly("sealed", TOPIC);
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void anIllegalCursorIsRefused(Backend backend) {
        openWithThreeEntries(backend);
        for (String name : ILLEGAL_NAMES) {
            if ("".equals(name)) {
                continue; // The consuming cursor.
            }
            Kind illegal = Kind.ILLEGAL_NAME;
            requireRefused(illegal, "got", () -> log.wal.commit(TOPIC, name, 2));
            requireRefused(illegal, "got", () -> log.wal.seek(TOPIC, name, 2));
            requireRefused(illegal, "got", () -> log.wal.cursor(TOPIC, name));
        }
        assertThat(log.wal.cursors(TOPIC)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void anEntryOverTheLimitIsRefusedAndMakesNoTopic(Backend backend) {
        openWithThreeEntries(backend);
        List<ThrowingCallable> calls =
                List.of(
                        () -> log.wal.append("new", TOO_LARGE.array()),
                        () -> log.wal.append("new", TOO_LARGE),
                        () -> log.wal.appendAsync("new", TOO_LARGE),
                        () -> log.wal.appendBatch("new", List.of(SMALL, TOO_LARGE)),
                        () -> log.wal.appendBatchAsync("new", List.of(TOO_LARGE, SMALL)));
        for (ThrowingCallable call : calls) {
            requireRefused(Kind.ENTRY_TOO_LARGE, "got " + TOO_LARGE.capacity(), call);
        }
        assertThat(log.wal.exists("new")).isFalse();
        assertThat(log.wal.append("new", LARGEST)).isZero();
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aBatchOverTheLimitsIsRefusedAndMakesNoTopic(Backend backend) {
        openWithThreeEntries(backend);
        Map<List<ByteBuffer>, String> batches =
                Map.of(
                        List.of(), "got 0",
                        Collections.nCopies(2_001, SMALL), "got 2001",
                        Collections.nCopies(1_024, LARGEST), "got " + ((1L << 30) + 1_024 * 4));
        batches.forEach(
                (batch, found) -> {
                    Kind kind = Kind.BATCH_REFUSED;
                    requireRefused(kind, found, () -> log.wal.appendBatch("new", batch));
                    requireRefused(kind, found, () -> log.wal.appendBatchAsync("new", batch));
                });
        assertThat(log.wal.exists("new")).isFalse();
        assertThat(log.wal.appendBatch("new", Collections.nCopies(2_000, SMALL))).isZero();
        assertThat(log.wal.endOffset("new")).isEqualTo(2_000);
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aPlaceThatIsNoneIsRefused(Backend backend) {
        openWithThreeEntries(backend);
        Kind outside = Kind.OUT_OF_RANGE;
        for (long offset : new long[] {Long.MIN_VALUE, -1, 0}) {
            requireRefused(outside, "got " + offset, () -> log.wal.readAt(TOPIC, offset, 1));
        }
        for (long offset : new long[] {Long.MIN_VALUE, -1, 0, 4, Long.MAX_VALUE}) {
            String found = "got " + offset;
            requireRefused(outside, found, () -> log.wal.commit(TOPIC, "c", offset));
            requireRefused(outside, found, () -> log.wal.seek(TOPIC, "c", offset));
        }
        for (long offset : new long[] {4, Long.MAX_VALUE}) {
            String found = "got " + offset;
            requireRefused(outside, found, () -> log.wal.truncateBefore(TOPIC, offset));
            assertThat(log.wal.readAt(TOPIC, offset, 1)).isEmpty();
        }
        assertThat(log.wal.offsetAtTime(TOPIC, Instant.MIN)).hasValue(1);
        assertThat(log.wal.offsetAtTime(TOPIC, Instant.MAX)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aTopicThatIsNotThereIsRefusedByAllWhoDoNotMakeIt(Backend backend) throws Exception {
        openWithThreeEntries(backend);
        requireRefusedByAll(
                method -> !isAppend(method) && !method.getName().equals("create"),
                "nobody",
                Kind.NO_TOPIC);
    }

    private static boolean isAppend(Method method) {
        return method.getName().startsWith("append");
    }

    private void requireRefusedByAll(Predicate<Method> which, String topic, Kind kind)
            throws Exception {
        for (Method method : methodsOfATopic()) {
            if (which.test(method)) {
                Object[] arguments = arguments(method, topic);
                ThrowingCallable call = () -> call(method, log.wal, arguments);
                requireRefused(kind, topic, call);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void aSealedTopicRefusesEveryAppend(Backend backend) throws Exception {
        openWithThreeEntries(backend);
        requireRefusedByAll(BadInputTest::isAppend, "sealed", Kind.SEALED);
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void everyMethodOfAClosedLogSaysThatItIsClosed(Backend backend) throws Exception {
        openWithThreeEntries(backend);
        log.wal.close();
        int asked = 0;
        for (Method method : Wal.class.getDeclaredMethods()) {
            boolean isOfTheDoor =
                    Modifier.isPublic(method.getModifiers())
                            && !Modifier.isStatic(method.getModifiers());
            if (isOfTheDoor && !OF_A_CLOSED_LOG.contains(method.getName())) {
                for (String topic : List.of(TOPIC, "new")) {
                    Object[] arguments = arguments(method, topic);
                    ThrowingCallable call = () -> call(method, log.wal, arguments);
                    requireRefused(Kind.CLOSED, "closed", call);
                    asked++;
                }
            }
        }
        assertThat(asked).isGreaterThan(40);
        assertThat(log.wal.stats().topics()).isEqualTo(2);
        assertThat(log.wal.recovery().damages()).isEmpty();
    }

    // ---- options

    static Stream<ThrowingCallable> options() {
        WalOptions good = WalOptions.in(LogOnDisk.DIR);
        return Stream.of(
                () -> WalOptions.in(null),
                () -> good.namespace(null),
                () -> good.fsync(null),
                () -> good.reads(null),
                () -> good.backend(null),
                () -> good.retention(null),
                () -> good.retention("topic", null),
                () -> good.spin(null),
                () -> good.observer(null),
                () -> good.clock(null),
                () -> good.fileBytes((64 << 10) - 1),
                () -> good.fileBytes((1 << 30) + 1),
                () -> good.entryBytesMax(0),
                () -> good.entryBytesMax((1 << 30) + 1),
                () -> good.topicNameLengthMax(0),
                () -> good.topicNameLengthMax(201),
                () -> good.inFlight(0, 1),
                () -> good.inFlight(1, 0),
                () -> good.openFilesMax(15),
                () -> good.spin(Duration.ofMillis(-1)),
                () -> good.spin(Duration.ofMillis(11)),
                () -> FsyncPolicy.every(Duration.ZERO),
                () -> FsyncPolicy.every(Duration.ofSeconds(Long.MAX_VALUE)),
                () -> FsyncPolicy.window(Duration.ofNanos(999_999)),
                () -> FsyncPolicy.window(Duration.ofDays(366)),
                () -> ReadConsistency.atLeastOnce(0),
                () -> Retention.ofAge(Duration.ZERO),
                () -> Retention.ofBytes(0),
                () -> Retention.ofEntries(-1));
    }

    @ParameterizedTest
    @MethodSource
    void options(ThrowingCallable nonsense) {
        assertThatThrownBy(nonsense)
                .isInstanceOfAny(IllegalArgumentException.class, NullPointerException.class)
                .hasMessageMatching("expected .*, got .*|[a-z]+");
    }

    // ---- every method of the door, with a topic and something for the rest

    private static List<Method> methodsOfATopic() {
        List<Method> methods = new ArrayList<>();
        for (Method method : Wal.class.getDeclaredMethods()) {
            boolean takesTopic =
                    method.getParameterCount() > 0 && method.getParameterTypes()[0] == String.class;
            if (Modifier.isPublic(method.getModifiers())
                    && takesTopic
                    && !method.getName().equals("exists")) {
                methods.add(method);
            }
        }
        assertThat(methods).hasSizeGreaterThan(18);
        return methods;
    }

    private static Object[] arguments(Method method, String topic) {
        Map<Class<?>, Object> any = new HashMap<>();
        any.put(byte[].class, new byte[1]);
        any.put(ByteBuffer.class, SMALL);
        any.put(List.class, List.of(SMALL));
        any.put(int.class, 1);
        any.put(long.class, 1L);
        any.put(boolean.class, true);
        any.put(Instant.class, Instant.EPOCH);
        any.put(String.class, "cursor");
        Object[] arguments = new Object[method.getParameterCount()];
        for (int at = 0; at < arguments.length; at++) {
            boolean isTopic = at == 0 && method.getParameterTypes()[at] == String.class;
            arguments[at] = isTopic ? topic : any.get(method.getParameterTypes()[at]);
        }
        return arguments;
    }

    private static void call(Method method, Wal wal, Object... arguments) throws Throwable {
        try {
            method.invoke(wal, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }
}
