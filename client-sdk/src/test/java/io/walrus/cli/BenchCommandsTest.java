package io.walrus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.walrus.protocol.Command;
import io.walrus.protocol.ErrorCode;
import io.walrus.protocol.Reply;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchCommandsTest extends CliAtServer {

    @Test
    void putSendsExactlyAsManyAndReadsThemBack() {
        log.with("t", "of somebody else");

        CliRun run =
                run(
                        "bench",
                        "put",
                        "t",
                        "--count",
                        "1001",
                        "--clients",
                        "3",
                        "--in-flight",
                        "7",
                        "--size",
                        "64",
                        "--verify");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(log.entries("t")).hasSize(1002);
        assertThat(log.entries("t").get(1).length()).isEqualTo(64);
        assertThat(run.out())
                .contains("p99.9 ms")
                .containsPattern("puts +1,001\n")
                .contains("1,001, none lost, none doubled, in order")
                .containsPattern("\n *UP TO ms +REQUESTS +%\n")
                .contains("  ##########");
    }

    @Test
    void putCreatesTheTopicAndMayWriteEmptyEntries() {
        CliRun run = run("bench", "put", "new", "--count", "5", "--size", "0", "-o", "json");

        assertThat(run.exitCode()).isZero();
        assertThat(log.entries("new")).hasSize(5).containsOnly(Buffer.buffer());
        JsonObject json = new JsonObject(run.out());
        assertThat(json.getLong("puts")).isEqualTo(5);
        assertThat(json.getJsonObject("millis").getDouble("p50")).isPositive();
        assertThat(
                        json.getJsonArray("histogram").stream()
                                .mapToLong(one -> ((JsonObject) one).getLong("requests"))
                                .sum())
                .isEqualTo(5);
    }

    @Test
    void aRateIsKeptToTheLastRequest() {
        assertThat(run("bench", "put", "t", "--count", "40", "--rate", "2000").exitCode()).isZero();
        assertThat(log.entries("t")).hasSize(40);
    }

    @Test
    void anAcknowledgedEntryThatIsNotThereIsFound() {
        AtomicInteger puts = new AtomicInteger();
        useServer(
                request ->
                        request instanceof Command.Put && puts.incrementAndGet() == 5
                                ? Reply.ok()
                                : log.apply(request));

        CliRun run = run("bench", "put", "t", "--count", "20", "--verify");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("a promise was broken: 19 found, 1 lost, 0 doubled");
    }

    @Test
    void anEntryThatIsThereTwiceIsFound() {
        AtomicInteger puts = new AtomicInteger();
        useServer(
                request -> {
                    if (request instanceof Command.Put && puts.incrementAndGet() == 5) {
                        log.apply(request);
                    }
                    return log.apply(request);
                });

        CliRun run = run("bench", "put", "t", "--count", "20", "--verify", "-o", "json");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(new JsonObject(run.out()).getJsonObject("read_back").getInteger("doubled"))
                .isOne();
    }

    @Test
    void entriesThatChangedPlacesAreFound() {
        useServer(
                request -> {
                    Reply reply = log.apply(request);
                    if (request instanceof Command.Put) {
                        java.util.Collections.reverse(log.entries("t"));
                    }
                    return reply;
                });

        CliRun run = run("bench", "put", "t", "--clients", "1", "--count", "20", "--verify");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("20 found, 0 lost, 0 doubled").doesNotContain(" 0 out of");
    }

    @Test
    void anEntryOfUnknownOutcomeMayBeThereOrNot() {
        AtomicInteger puts = new AtomicInteger();
        useServer(
                request -> {
                    if (!(request instanceof Command.Put)) {
                        return log.apply(request);
                    }
                    int number = puts.incrementAndGet();
                    if (number != 6) {
                        log.apply(request);
                    }
                    return number == 5 || number == 6
                            ? new Reply.Err(ErrorCode.UNKNOWN, "perhaps")
                            : Reply.ok();
                });

        CliRun run = run("bench", "put", "t", "--count", "20", "--verify");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains("2 requests failed, one with: UNKNOWN perhaps")
                .doesNotContain("promise");
        assertThat(run.out()).contains("19, none lost");
    }

    @Test
    void aRefusalThatWillNotPassEndsTheLoad() {
        useServer(
                request ->
                        request instanceof Command.Put
                                ? new Reply.Err(ErrorCode.TOO_LARGE, "an entry may have 9 bytes")
                                : log.apply(request));

        CliRun run = run("bench", "put", "t", "--duration", "10m", "--clients", "2");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("TOO_LARGE an entry may have 9 bytes");
    }

    @Test
    void getTakesUntilTheTopicIsEmpty() {
        log.with("t", "a", "bb", "ccc");

        CliRun run = run("bench", "get", "t", "--clients", "2", "-o", "json");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(new JsonObject(run.out()).getLong("gets")).isEqualTo(3);
        assertThat(run("get", "t").out()).isEmpty();
    }

    @Test
    void getVerifiesWhatPutHasMarkedAndPassesOverTheRest() {
        log.with("t", "of somebody else");
        run("bench", "put", "t", "--count", "300", "--clients", "3", "--size", "20");

        CliRun run = run("bench", "get", "t", "--clients", "2", "--in-flight", "5", "--verify");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .containsPattern("gets +301\n")
                .contains("300, none lost, none doubled, in order; 1 without a mark");
    }

    @Test
    void getFindsWhatWasLeftOutDoubledOrTurnedAround() {
        run("bench", "put", "t", "--clients", "1", "--count", "20", "--size", "64");
        List<Buffer> entries = log.entries("t");
        entries.remove(12);
        entries.set(3, entries.set(4, entries.get(3)));
        entries.add(entries.get(17));

        CliRun run = run("bench", "get", "t", "--clients", "1", "--verify", "-o", "json");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(new JsonObject(run.out()).getJsonObject("verified"))
                .isEqualTo(
                        new JsonObject()
                                .put("found", 19)
                                .put("lost", 1)
                                .put("doubled", 1)
                                .put("out_of_order", 1)
                                .put("refused_but_there", 0)
                                .put("unmarked", 0));
    }

    @Test
    void anEntryThatTwoTakersWereGivenIsFound() {
        run("bench", "put", "t", "--clients", "1", "--count", "10", "--size", "64");
        log.entries("t").add(4, log.entries("t").get(4));

        CliRun run = run("bench", "get", "t", "--clients", "2", "--rate", "1000", "--verify");

        assertThat(run.err()).contains("a promise was broken: 10 found, 0 lost, 1 doubled");
    }

    @Test
    void getOfAnUnknownTopicIsToldBeforeTheLoadBegins() {
        CliRun run = run("bench", "get", "nope");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("unknown topic nope");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bench put",
                "bench put t --clients 0",
                "bench put t --in-flight 0",
                "bench put t --rate -1",
                "bench put t --count 0",
                "bench put t --duration 0s",
                "bench put t --size 19 --verify",
                "bench put t --size 99999999",
                "bench put a/b",
                "bench get t --batch 2001"
            })
    void wrongUsageIsToldBeforeAnythingIsSent(String arguments) {
        CliRun run = CliRun.of(arguments.split(" "));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.errLines()).hasSize(2);
    }
}
