package io.walrus.client;

import static io.walrus.scripted.ScriptedServer.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.walrus.protocol.Command;
import io.walrus.protocol.ErrorCode;
import io.walrus.protocol.Reply;
import io.walrus.scripted.ScriptedLog;
import io.walrus.scripted.ScriptedServer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StreamsTest {

    private final Vertx vertx = Vertx.vertx();
    private final ScriptedLog log = new ScriptedLog();

    @AfterEach
    void closeVertx() {
        await(vertx.close());
    }

    @Test
    void writerAppendsInOrderAndEndWaitsForEveryAck() {
        log.with("t");
        TopicWriter writer = client(log::apply).writer("t");
        List<Future<Void>> writes = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            writes.add(writer.write(Buffer.buffer("" + i)));
        }

        await(writer.end());

        assertThat(writes).allMatch(Future::succeeded);
        assertThat(log.entries("t")).hasSize(1_000);
        assertThat(log.entries("t").get(999)).isEqualTo(Buffer.buffer("999"));
    }

    @Test
    void entriesWrittenInOneTurnShareARequest() {
        log.with("t");
        ScriptedServer server = ScriptedServer.answering(vertx, log);
        WalrusClient client = client(server);
        Promise<Void> ended = Promise.promise();
        vertx.runOnContext(
                turn -> {
                    TopicWriter writer =
                            client.writer("t", new TopicWriterOptions().setBatchEntriesMax(400));
                    for (int i = 0; i < 1_000; i++) {
                        writer.write(Buffer.buffer("" + i));
                    }
                    writer.end().onComplete(ended);
                });
        await(ended.future());

        assertThat(server.received())
                .extracting(request -> ((Command.AppendBatch) request).entries().size())
                .containsExactly(400, 400, 200);
        assertThat(log.entries("t")).hasSize(1_000);
        assertThat(log.entries("t").get(999)).isEqualTo(Buffer.buffer("999"));
    }

    @Test
    void aBatchHasNoMoreBytesThanItMayAndALargerEntryGoesAlone() {
        log.with("t");
        ScriptedServer server = ScriptedServer.answering(vertx, log);
        WalrusClient client = client(server);
        Promise<Void> ended = Promise.promise();
        vertx.runOnContext(
                turn -> {
                    TopicWriter writer =
                            client.writer("t", new TopicWriterOptions().setBatchBytesMax(100));
                    for (int size : new int[] {40, 40, 40, 500, 0, 100}) {
                        writer.write(Buffer.buffer(new byte[size]));
                    }
                    writer.end().onComplete(ended);
                });
        await(ended.future());

        assertThat(server.received())
                .extracting(Object::toString)
                .containsExactly(
                        "APPENDB t (2 entries)",
                        "PUT t (40 bytes)",
                        "PUT t (500 bytes)",
                        "APPENDB t (2 entries)");
        assertThat(log.entries("t"))
                .extracting(Buffer::length)
                .containsExactly(40, 40, 40, 500, 0, 100);
    }

    @Test
    void aServerWithoutBatchesGetsTheEntriesOneByOneInOrder() {
        log.with("t");
        TopicWriter writer =
                client(
                                request ->
                                        request instanceof Command.AppendBatch
                                                ? new Reply.Err(ErrorCode.NO_COMMAND, "no APPENDB")
                                                : log.apply(request))
                        .writer("t", new TopicWriterOptions().setBatchEntriesMax(7));
        for (int i = 0; i < 100; i++) {
            writer.write(Buffer.buffer("" + i));
        }
        await(writer.end());

        assertThat(log.entries("t"))
                .extracting(Buffer::toString)
                .containsExactlyElementsOf(
                        java.util.stream.IntStream.range(0, 100)
                                .mapToObj(Integer::toString)
                                .toList());
    }

    @Test
    void aLingeringWriterSendsWhenItsBatchOrItsQueueIsFullOrItEnds() {
        log.with("t");
        ScriptedServer server = ScriptedServer.answering(vertx, log);
        TopicWriter writer =
                client(server)
                        .writer(
                                "t",
                                new TopicWriterOptions()
                                        .setLingerMillis(600_000)
                                        .setBatchEntriesMax(3)
                                        .setQueueBytesMax(1_000));
        Future<Void> third = null;
        for (int i = 0; i < 3; i++) {
            third = writer.write(Buffer.buffer("x"));
        }
        await(third);
        await(writer.write(Buffer.buffer(new byte[1_000])));
        Future<Void> last = writer.write(Buffer.buffer("last"));
        assertThat(last.isComplete()).isFalse();
        await(writer.end());

        assertThat(last.succeeded()).isTrue();
        assertThat(server.received()).hasSize(3);
    }

    @Test
    void whatWaitsBehindARefusedFirstBatchIsNotSent() {
        ScriptedServer server =
                ScriptedServer.answering(
                        vertx, request -> new Reply.Err(ErrorCode.STORAGE_FULL, "no space"));
        WalrusClient client = client(server);
        Promise<Void> ended = Promise.promise();
        vertx.runOnContext(
                turn -> {
                    TopicWriter writer =
                            client.writer("t", new TopicWriterOptions().setBatchEntriesMax(2));
                    for (int i = 0; i < 10; i++) {
                        writer.write(Buffer.buffer("" + i));
                    }
                    writer.end().onComplete(ended);
                });

        assertThat(failureOf(ended.future()).errorCode()).contains(ErrorCode.STORAGE_FULL);
        assertThat(server.received()).hasSize(1);
    }

    @Test
    void aLingeringWriterSendsWhenTheTimeIsUp() {
        log.with("t");
        ScriptedServer server = ScriptedServer.answering(vertx, log);
        TopicWriter writer =
                client(server).writer("t", new TopicWriterOptions().setLingerMillis(20));

        await(writer.write(Buffer.buffer("x")));

        assertThat(server.received()).hasSize(1);
    }

    @Test
    void aRefusedBatchFailsEveryWriteInIt() {
        Promise<List<Future<Void>>> writes = Promise.promise();
        WalrusClient client = client(request -> new Reply.Err(ErrorCode.STORAGE_FULL, "no space"));
        vertx.runOnContext(
                turn -> {
                    TopicWriter writer = client.writer("t");
                    writes.complete(
                            List.of(
                                    writer.write(Buffer.buffer("1")),
                                    writer.write(Buffer.buffer("2"))));
                });

        for (Future<Void> write : await(writes.future())) {
            assertThat(failureOf(write).errorCode()).contains(ErrorCode.STORAGE_FULL);
        }
    }

    @Test
    void writerIsFullWhileTooManyBytesAreInFlightAndSaysWhenItDrains() {
        Queue<ScriptedServer.Conversation> held = new ConcurrentLinkedQueue<>();
        ScriptedServer server =
                ScriptedServer.start(vertx, (conversation, request) -> held.add(conversation));
        TopicWriter writer = client(server).writer("t", oneByOne()).setWriteQueueMaxSize(1_000);
        Promise<Void> drained = Promise.promise();
        writer.write(Buffer.buffer(new byte[400]));
        assertThat(writer.writeQueueFull()).isFalse();
        writer.write(Buffer.buffer(new byte[600]));
        assertThat(writer.writeQueueFull()).isTrue();
        writer.drainHandler(drained::complete);

        Awaitility.await().until(() -> held.size() == 2);
        assertThat(drained.future().isComplete()).isFalse();
        held.poll().reply(Reply.ok());
        held.poll().reply(Reply.ok());

        await(drained.future());
        assertThat(writer.writeQueueFull()).isFalse();
    }

    @Test
    void writerSaysThatItDrainedEachTimeItWasFull() {
        Queue<ScriptedServer.Conversation> held = new ConcurrentLinkedQueue<>();
        ScriptedServer server =
                ScriptedServer.start(vertx, (conversation, request) -> held.add(conversation));
        TopicWriter writer = client(server).writer("t", oneByOne()).setWriteQueueMaxSize(1_000);
        AtomicInteger drained = new AtomicInteger();
        writer.drainHandler(low -> drained.incrementAndGet());
        Awaitility.await().until(() -> drained.get() == 1);
        for (int round = 2; round < 5; round++) {
            int expected = round;
            writer.write(Buffer.buffer(new byte[1_000]));
            Awaitility.await().until(() -> !held.isEmpty());
            assertThat(drained.get()).isEqualTo(expected - 1);
            held.poll().reply(Reply.ok());
            Awaitility.await().until(() -> drained.get() == expected);
        }
    }

    @Test
    void failedWriteIsToldOnceAndStopsTheWriter() {
        AtomicInteger puts = new AtomicInteger();
        TopicWriter writer =
                client(
                                request ->
                                        puts.incrementAndGet() == 2
                                                ? new Reply.Err(ErrorCode.STORAGE_FULL, "no space")
                                                : Reply.ok())
                        .writer("t");
        List<Throwable> told = new CopyOnWriteArrayList<>();
        writer.exceptionHandler(told::add);
        await(writer.write(Buffer.buffer("1")));

        assertThat(failureOf(writer.write(Buffer.buffer("2"))).errorCode())
                .contains(ErrorCode.STORAGE_FULL);
        assertThat(failureOf(writer.write(Buffer.buffer("3"))).errorCode())
                .contains(ErrorCode.STORAGE_FULL);
        assertThat(failureOf(writer.end()).errorCode()).contains(ErrorCode.STORAGE_FULL);
        assertThat(puts).hasValue(2);
        Awaitility.await().until(() -> told.size() == 1);
    }

    @Test
    void readerBeginsAtATimeOrAtTheEnd() {
        log.with("t", "0", "1", "2", "3", "4");
        WalrusClient client = client(log::apply);
        List<String> since = new CopyOnWriteArrayList<>();
        List<String> fresh = new CopyOnWriteArrayList<>();
        client.reader("t", new TopicReaderOptions().setStartTime(Instant.ofEpochSecond(3)))
                .handler(entry -> since.add(entry.payload().toString()));
        client.reader("t", new TopicReaderOptions().setStartAtEnd())
                .handler(entry -> fresh.add(entry.offset() + " " + entry.payload()));
        Awaitility.await().until(() -> since.size() == 2);
        // The second reader has begun behind the first; one more entry for each turn it may need.
        Awaitility.await()
                .until(
                        () -> {
                            await(client.put("t", Buffer.buffer("new")));
                            return !fresh.isEmpty();
                        });

        assertThat(List.copyOf(since)).startsWith("3", "4");
        assertThat(fresh.get(0)).endsWith(" new");
    }

    @Test
    void endedWriterRefusesAndAnUnusedOneEnds() {
        TopicWriter writer = client(request -> Reply.ok()).writer("t");

        await(writer.end());

        assertThat(
                        catchThrowableOfType(
                                IllegalStateException.class,
                                () -> await(writer.write(Buffer.buffer("x")))))
                .hasMessageContaining("was ended");
    }

    @Test
    void readerGoesOnAcrossSealedSegments() {
        WalrusClient client = client(StreamsTest::twoSegments);

        assertThat(await(all(client, new TopicReaderOptions().setEndingAtEnd(true))))
                .containsExactly("1:0", "1:1", "2:0");
        assertThat(
                        await(
                                all(
                                        client,
                                        new TopicReaderOptions()
                                                .setEndingAtEnd(true)
                                                .setStart(new Place(1, 1)))))
                .containsExactly("1:1", "2:0");
    }

    @Test
    void readerFetchesOneByOneWhereTheServerHasNoBatches() {
        WalrusClient client =
                client(
                        request -> {
                            if (request instanceof Command.Fetch fetch) {
                                boolean isThere = fetch.offset() < (fetch.segment() == 1 ? 2 : 1);
                                return isThere
                                        ? new Reply.Fetched(
                                                fetch.offset() + 1,
                                                Buffer.buffer(
                                                        fetch.segment() + ":" + fetch.offset()))
                                        : Reply.empty();
                            } else if (request instanceof Command.State) {
                                return new Reply.Json("{\"sealed_segments\":{\"1\":2}}");
                            }
                            return new Reply.Err(ErrorCode.UNSUPPORTED, "no batches");
                        });

        assertThat(await(all(client, new TopicReaderOptions().setEndingAtEnd(true))))
                .containsExactly("1:0", "1:1", "2:0");
    }

    @Test
    void readerAtTheEndWaitsForWhatComesNext() {
        AtomicInteger looks = new AtomicInteger();
        WalrusClient client =
                client(
                        request ->
                                looks.incrementAndGet() < 5
                                        ? Reply.empty()
                                        : new Reply.Batch(1, 1, List.of(Buffer.buffer("late"))));
        Promise<Entry> first = Promise.promise();

        client.reader("t", new TopicReaderOptions().setPollMillisMax(5))
                .handler(first::tryComplete);

        assertThat(await(first.future())).isEqualTo(new Entry(1, 0, 1, Buffer.buffer("late")));
    }

    @Test
    void pausedReaderAsksForNothingAndFetchHandsOutExactlyAsMany() {
        AtomicInteger reads = new AtomicInteger();
        WalrusClient client =
                client(
                        request -> {
                            reads.incrementAndGet();
                            return twoSegments(request);
                        });
        List<String> seen = new CopyOnWriteArrayList<>();
        Promise<Void> started = Promise.promise();
        TopicReader reader = client.reader("t", new TopicReaderOptions().setEndingAtEnd(true));
        Promise<Void> ended = Promise.promise();
        reader.endHandler(ended::complete);
        reader.pause();
        reader.handler(entry -> seen.add(entry.payload().toString()));
        reader.endHandler(ended::complete);
        vertx.runOnContext(turn -> started.complete());
        await(started.future());
        await(client.register("other"));
        assertThat(reads).hasValue(1);

        reader.fetch(1);
        Awaitility.await().until(() -> seen.equals(List.of("1:0")));
        reader.fetch(1);
        Awaitility.await().until(() -> seen.equals(List.of("1:0", "1:1")));
        assertThat(ended.future().isComplete()).isFalse();
        reader.resume();

        await(ended.future());
        assertThat(seen).containsExactly("1:0", "1:1", "2:0");
    }

    @Test
    void readerSurvivesALostConnection() {
        AtomicInteger requests = new AtomicInteger();
        ScriptedServer server =
                ScriptedServer.start(
                        vertx,
                        (conversation, request) -> {
                            if (requests.incrementAndGet() % 2 == 1) {
                                conversation.close();
                            } else {
                                conversation.reply(twoSegments(request));
                            }
                        });

        assertThat(await(all(client(server), new TopicReaderOptions().setEndingAtEnd(true))))
                .containsExactly("1:0", "1:1", "2:0");
    }

    @Test
    void failureThatNoRetryMendsEndsTheReader() {
        WalrusClient client = client(request -> Reply.Err.unknownTopic("t"));

        assertThat(failureOf(all(client, new TopicReaderOptions())).errorCode())
                .contains(ErrorCode.NO_TOPIC);
    }

    @Test
    void retriesOfAReaderHaveANumber() {
        AtomicInteger reads = new AtomicInteger();
        WalrusClient client =
                client(
                        request -> {
                            reads.incrementAndGet();
                            return new Reply.Err(ErrorCode.NO_LEADER, "soon");
                        });

        TopicReaderOptions options = new TopicReaderOptions().setRetriesMax(3).setPollMillisMax(1);

        assertThat(failureOf(all(client, options)).errorCode()).contains(ErrorCode.NO_LEADER);
        assertThat(reads).hasValue(4);
    }

    @Test
    void handlersRunOnTheContextThatMadeTheStream() {
        WalrusClient client = client(StreamsTest::twoSegments);
        Promise<Boolean> same = Promise.promise();
        Context context = vertx.getOrCreateContext();
        context.runOnContext(
                turn -> {
                    Context here = Vertx.currentContext();
                    client.reader("t", new TopicReaderOptions())
                            .handler(entry -> same.tryComplete(Vertx.currentContext() == here));
                });

        assertThat(await(same.future())).isTrue();
    }

    @Test
    void readerPipesIntoAWriter() {
        log.with("copy");
        WalrusClient client =
                client(
                        request ->
                                request instanceof Command.Read
                                        ? twoSegments(request)
                                        : log.apply(request));
        TopicWriter writer = client.writer("copy");
        Promise<Void> ended = Promise.promise();
        client.reader("t", new TopicReaderOptions().setEndingAtEnd(true))
                .endHandler(end -> writer.end().onComplete(ended))
                .handler(entry -> writer.write(entry.payload()));

        await(ended.future());
        assertThat(log.entries("copy"))
                .extracting(Buffer::toString)
                .containsExactly("1:0", "1:1", "2:0");
    }

    private static Reply twoSegments(Object request) {
        if (!(request instanceof Command.Read read)) {
            return Reply.ok();
        }
        if (read.segment() == 1 && read.offset() < 2) {
            List<Buffer> entries = new ArrayList<>();
            for (long offset = read.offset(); offset < 2; offset++) {
                entries.add(Buffer.buffer("1:" + offset));
            }
            return new Reply.Batch(1, 2, entries);
        }
        if (read.segment() == 1) {
            return new Reply.Batch(2, 0, List.of());
        }
        return read.offset() == 0
                ? new Reply.Batch(2, 1, List.of(Buffer.buffer("2:0")))
                : Reply.empty();
    }

    private static Future<List<String>> all(WalrusClient client, TopicReaderOptions options) {
        List<String> seen = new CopyOnWriteArrayList<>();
        Promise<List<String>> all = Promise.promise();
        client.reader("t", options)
                .exceptionHandler(all::tryFail)
                .endHandler(end -> all.tryComplete(seen))
                .handler(entry -> seen.add(entry.payload().toString()));
        return all.future();
    }

    private static TopicWriterOptions oneByOne() {
        return new TopicWriterOptions().setBatchEntriesMax(1);
    }

    private WalrusClient client(Function<io.walrus.protocol.Request, Reply> answer) {
        return client(ScriptedServer.answering(vertx, answer));
    }

    private WalrusClient client(ScriptedServer server) {
        return WalrusClient.create(
                vertx,
                new WalrusClientOptions()
                        .setStoredOnce(false)
                        .setAddresses(server.address())
                        .setReconnectPauseMillisMin(1)
                        .setReconnectPauseMillisMax(5));
    }

    private static WalrusClientException failureOf(Future<?> future) {
        return catchThrowableOfType(WalrusClientException.class, () -> await(future));
    }
}
