package io.walrus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.walrus.protocol.Command;
import io.walrus.protocol.ErrorCode;
import io.walrus.protocol.Reply;
import io.walrus.protocol.Request;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TailCommandTest extends CliAtServer {

    @Test
    void withoutOptionsTheLastTenAreShownAndNoneIsTaken() {
        log.with("t", numbers(1, 25));

        CliRun run = run("tail", "t");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo(lines(16, 25));
        assertThat(run.err()).isEmpty();
        assertThat(run("get", "t").out()).isEqualTo("1\n");
    }

    @Test
    void whoHasSeenEnoughEndsItWithoutAWord() {
        log.with("t", numbers(1, 25));

        CliRun tail =
                new CliRun().output(brokenPipe()).run("tail", "t", "--addr", server.address());
        assertThat(tail.err()).isEmpty();
        assertThat(tail.exitCode()).isZero();

        CliRun get = new CliRun().output(brokenPipe()).run("get", "t", "--addr", server.address());
        assertThat(get.err()).as("what was taken is lost").contains("whoever read it is gone");
        assertThat(get.exitCode()).isEqualTo(1);
    }

    private static OutputStream brokenPipe() {
        return new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
    }

    @Test
    void fewerEntriesThanAskedForAreAllShown() {
        log.with("t", numbers(1, 3)).with("none");

        assertThat(run("tail", "t", "-n", "100").out()).isEqualTo(lines(1, 3));
        CliRun none = run("tail", "none");
        assertThat(none.exitCode()).isZero();
        assertThat(none.out()).isEmpty();
    }

    @Test
    void theLastEntriesReachBackIntoSealedSegments() {
        useServer(TailCommandTest::threeSegments);

        assertThat(run("tail", "t", "-n", "4").out()).isEqualTo("1:1\n1:2\n3:0\n3:1\n");
        assertThat(run("tail", "t", "-n", "5").out()).startsWith("1:0\n").hasLineCount(5);
        assertThat(run("tail", "t", "-n", "2").out()).isEqualTo("3:0\n3:1\n");
    }

    @Test
    void fromAPlaceTheCountIsALimit() {
        useServer(TailCommandTest::threeSegments);

        assertThat(run("tail", "t", "--from", "beginning").out()).hasLineCount(5);
        assertThat(run("tail", "t", "--from", "beginning", "-n", "2").out())
                .isEqualTo("1:0\n1:1\n");
        assertThat(run("tail", "t", "--from", "1:2").out()).isEqualTo("1:2\n3:0\n3:1\n");
    }

    @Test
    void fromATimeShowsWhatWasAppendedSince() {
        log.with("t", numbers(0, 20));

        assertThat(run("tail", "t", "--from", "1970-01-01T00:00:17Z").out())
                .isEqualTo(lines(17, 20));
        assertThat(run("tail", "t", "--from", "1970-01-01T01:00:05+01:00", "-n", "2").out())
                .isEqualTo(lines(5, 6));
        assertThat(run("tail", "t", "--from", "-10m").out()).isEmpty();
    }

    @Test
    void aServerThatCannotSearchByTimeSaysSo() {
        useServer(
                request ->
                        request instanceof Command.PlaceAt
                                ? new Reply.Err(ErrorCode.UNSUPPORTED, "no PLACE here")
                                : threeSegments(request));

        CliRun run = run("tail", "t", "--from", "-1h");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("no PLACE here");
    }

    @Test
    void followShowsWhatComesAndEndsWhenNothingDoes() {
        log.with("t", "old");
        AtomicInteger looks = new AtomicInteger();
        useServer(
                request -> {
                    if (looks.incrementAndGet() == 8) {
                        log.apply(new Command.Put("t", Buffer.buffer("new")));
                    }
                    return log.apply(request);
                });

        CliRun run = run("tail", "t", "--follow", "--until-idle", "800ms");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("old\nnew\n");
    }

    @Test
    void followFromTheEndShowsOnlyWhatIsNew() {
        log.with("t", numbers(1, 9));
        AtomicInteger looks = new AtomicInteger();
        useServer(
                request -> {
                    Reply reply = log.apply(request);
                    if (request instanceof Command.Read) {
                        looks.incrementAndGet();
                        log.apply(new Command.Put("t", Buffer.buffer("new " + looks)));
                    }
                    return reply;
                });

        CliRun run = run("tail", "t", "--follow", "--from", "end", "-n", "1");

        assertThat(run.out()).isEqualTo("new 1\n");
    }

    @Test
    void jsonTellsThePlaceAndKeepsBytesThatAreNoText() {
        useServer(
                request ->
                        request instanceof Command.Read read && read.offset() == 0
                                ? new Reply.Batch(
                                        1,
                                        2,
                                        List.of(
                                                Buffer.buffer("a \"b\"\n"),
                                                Buffer.buffer(new byte[] {(byte) 0xff, 0})))
                                : request instanceof Command.State
                                        ? new Reply.Json("{\"current_segment\":1}")
                                        : Reply.empty());

        assertThat(run("tail", "t", "--from", "beginning", "--format", "json").out())
                .isEqualTo(
                        """
                        {"segment":1,"offset":0,"text":"a \\"b\\"\\n"}
                        {"segment":1,"offset":1,"base64":"/wA="}
                        """);
        assertThat(run("tail", "t", "--from", "beginning", "--format", "hex").out())
                .isEqualTo("6120226222" + "0a\nff00\n");
    }

    @Test
    void anUnknownTopicIsToldAtOnce() {
        CliRun run = run("tail", "nope", "--follow", "--from", "beginning");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("unknown topic nope");
    }

    @Test
    void entriesBeforeAFailureAreStillPrinted() {
        useServer(
                request -> {
                    if (request instanceof Command.State) {
                        return new Reply.Json("{\"current_segment\":1}");
                    }
                    return request instanceof Command.Read read && read.offset() == 0
                            ? new Reply.Batch(1, 1, List.of(Buffer.buffer("good")))
                            : new Reply.Err(ErrorCode.DAMAGED, "entry 1 fails its checksum");
                });

        CliRun run = run("tail", "t", "--from", "beginning");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEqualTo("good\n");
        assertThat(run.err()).contains("ERR DAMAGED");
    }

    @Test
    void aServerThatIsNotThereIsToldAtOnceEvenWhenFollowing() {
        server.close();

        assertThat(run("tail", "t", "--follow", "--from", "1:0").exitCode()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tail",
                "tail t -n 0",
                "tail t --from end",
                "tail t --from 0:0",
                "tail t --from -10x",
                "tail t --from 2026-02-30",
                "tail t --from middle",
                "tail t --from 1:99999999999999999999",
                "tail t --until-idle 1s",
                "tail t --format xml"
            })
    void wrongUsageIsToldBeforeAnythingIsSent(String arguments) {
        CliRun run = CliRun.of(arguments.split(" "));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.errLines()).hasSize(2);
    }

    /** Segment 1 with three entries, 2 with none, both sealed, and 3 open with two. */
    private static Reply threeSegments(Request request) {
        if (request instanceof Command.State) {
            return new Reply.Json("{\"current_segment\":3,\"sealed_segments\":{\"1\":3,\"2\":0}}");
        }
        int[] counts = {0, 3, 0, 2};
        if (request instanceof Command.Fetch fetch) {
            return fetch.offset() < counts[fetch.segment()]
                    ? new Reply.Fetched(fetch.offset() + 1, Buffer.buffer("x"))
                    : Reply.empty();
        }
        Command.Read read = (Command.Read) request;
        int count = counts[read.segment()];
        if (read.offset() < count) {
            return new Reply.Batch(
                    read.segment(),
                    count,
                    IntStream.range((int) read.offset(), count)
                            .mapToObj(offset -> Buffer.buffer(read.segment() + ":" + offset))
                            .toList());
        }
        return read.segment() < 3
                ? new Reply.Batch(read.segment() + 1, 0, List.of())
                : Reply.empty();
    }

    private static String[] numbers(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(String::valueOf).toArray(String[]::new);
    }

    private static String lines(int first, int last) {
        return IntStream.rangeClosed(first, last)
                .mapToObj(number -> number + "\n")
                .collect(Collectors.joining());
    }
}
