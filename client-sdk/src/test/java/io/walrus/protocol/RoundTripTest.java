package io.walrus.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.walrus.protocol.Wire.Collected;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

class RoundTripTest {

    @Property(tries = 500)
    void writtenCommandsAreReadBack(@ForAll("commands") List<Command> commands, @ForAll long seed) {
        Buffer stream = Buffer.buffer();
        commands.forEach(command -> CommandWriter.append(stream, command));
        RequestParser parser = new RequestParser(FrameParser.FRAME_BYTES_MAX);
        int cut = (int) Math.floorMod(seed, stream.length() + 1L);

        List<Request> first = parser.parse(stream.getBuffer(0, cut));
        List<Request> second = parser.parse(stream.getBuffer(cut, stream.length()));

        assertThat(first.size() + second.size()).isEqualTo(commands.size());
        assertThat(first).isEqualTo(commands.subList(0, first.size()));
        assertThat(second).isEqualTo(commands.subList(first.size(), commands.size()));
    }

    @Property(tries = 500)
    void saidSizeOfACommandIsNeverTooSmall(@ForAll("command") Command command) {
        Buffer out = Buffer.buffer();
        CommandWriter.append(out, command);

        assertThat((long) out.length() - 4)
                .isLessThanOrEqualTo(CommandWriter.bodyBytesMax(command));
    }

    @Property(tries = 500)
    void writtenRepliesAreReadBack(@ForAll("answers") List<Answer> answers) {
        Buffer stream = Buffer.buffer();
        answers.forEach(answer -> ReplyWriter.append(stream, answer.reply));
        Collected found = new Collected();

        FrameParser.ofReplies().parse(stream, found);

        for (int i = 0; i < answers.size(); i++) {
            Buffer body = found.bodies.get(i);
            assertThat(ReplyParser.parse(answers.get(i).verb, body, 0, body.length()))
                    .isEqualTo(answers.get(i).reply);
        }
    }

    @Property(tries = 2_000)
    void randomBytesAreRefusedAndNeverThrow(@ForAll @Size(min = 1, max = 60) byte[] body) {
        Buffer bytes = Buffer.buffer(body);

        assertThat(new CommandParser().parse(bytes, 0, bytes.length())).isNotNull();
    }

    @Property(tries = 2_000)
    void randomArgumentsAreReadOrRefusedInAPrintableLine(
            @ForAll Verb verb, @ForAll("arguments") String arguments) {
        Request request = Wire.request(verb.name() + arguments);

        if (request instanceof CommandRefused refused) {
            assertThat(refused.message()).matches("[ -~]+");
        } else {
            assertThat(((Command) request).verb()).isEqualTo(verb);
        }
    }

    @Property(tries = 2_000)
    void randomRepliesAreReadOrMalformed(@ForAll Verb verb, @ForAll("replies") String body) {
        try {
            assertThat(Wire.reply(verb, body)).isNotNull();
        } catch (MalformedReplyException malformed) {
            assertThat(malformed).hasMessageContaining(verb.name());
        }
    }

    record Answer(Verb verb, Reply reply) {}

    @Provide
    Arbitrary<String> arguments() {
        return Arbitraries.strings()
                .withChars("t 019.-\0\u00ff\n")
                .ofMaxLength(30)
                .map(text -> " t" + text);
    }

    @Provide
    Arbitrary<String> replies() {
        return Combinators.combine(
                        Arbitraries.of("OK", "OK ", "ERR", "ERR ", "EMPTY", "{", "["),
                        Arbitraries.strings().withChars("1 0\0\1ABUNKOW").ofMaxLength(30))
                .as((head, tail) -> head + tail);
    }

    @Provide
    Arbitrary<List<Command>> commands() {
        return command().list().ofMaxSize(12);
    }

    @Provide
    Arbitrary<Command> command() {
        Arbitrary<Integer> segment = Arbitraries.integers().between(1, Integer.MAX_VALUE);
        Arbitrary<Long> offset = Arbitraries.longs().between(0, Long.MAX_VALUE);
        Arbitrary<Integer> bytes =
                Arbitraries.integers().between(1, FrameParser.FRAME_BYTES_MAX_CEILING);
        return Arbitraries.oneOf(
                name().map(Command.Register::new),
                Combinators.combine(name(), payload()).as(Command.Put::new),
                name().map(Command.Get::new),
                name().map(Command.State::new),
                Arbitraries.of(new Command.Metrics(), new Command.Topics(), new Command.Hello()),
                Combinators.combine(name(), segment, offset).as(Command.Fetch::new),
                Combinators.combine(name(), payload()).as(Command.Append::new),
                Combinators.combine(name(), payload().list().ofMinSize(1).ofMaxSize(9))
                        .as(Command.AppendBatch::new),
                Combinators.combine(name(), segment, payload()).as(Command.AppendTo::new),
                Combinators.combine(name(), segment, payload().list().ofMinSize(1).ofMaxSize(9))
                        .as(Command.BatchTo::new),
                Combinators.combine(
                                name(),
                                segment,
                                offset,
                                Arbitraries.longs().between(0, Range.SEQUENCE_MAX),
                                payload().list().ofMinSize(1).ofMaxSize(9))
                        .as(Command.AppendNumbered::new),
                Combinators.combine(
                                name(),
                                segment,
                                offset,
                                Arbitraries.longs().between(0, Range.SEQUENCE_MAX))
                        .as(Command.Find::new),
                Combinators.combine(name(), segment, offset, bytes).as(Command.Read::new),
                name().map(Command.Peek::new),
                name().map(Command.Cursors::new),
                Combinators.combine(name(), Arbitraries.integers().between(1, 2000), bytes)
                        .as(Command.GetBatch::new),
                Combinators.combine(name(), name()).as(Command.Cursor::new),
                Combinators.combine(name(), name(), segment, offset).as(Command.Commit::new),
                Combinators.combine(name(), name(), segment, offset, segment, offset)
                        .as(Command.Seek::new),
                Combinators.combine(name(), offset).as(Command.PlaceAt::new),
                Combinators.combine(name(), segment, offset).as(Command.PlaceIn::new),
                name().map(Command.Delete::new),
                name().map(Command.Roll::new),
                Combinators.combine(
                                name(),
                                Arbitraries.of("strictly-at-once", "at-least-once", "as-node"))
                        .as(Command.Reads::new),
                Arbitraries.of(
                        new Command.Drain(),
                        new Command.Remove(3, true),
                        new Command.Remove(1, false),
                        new Command.Undrain(),
                        new Command.Leave(true),
                        new Command.Leave(false)),
                Combinators.combine(
                                name(), segment, offset, Arbitraries.integers().between(0, 60_000))
                        .as(Command.Wait::new),
                Arbitraries.strings()
                        .ofMinLength(1)
                        .ofMaxLength(40)
                        .alpha()
                        .map(Command.Auth::new));
    }

    @Provide
    Arbitrary<List<Answer>> answers() {
        Arbitrary<Long> offset = Arbitraries.longs().between(0, Long.MAX_VALUE);
        Arbitrary<Integer> segment = Arbitraries.integers().between(1, Integer.MAX_VALUE);
        Arbitrary<List<Buffer>> entries = payload().list().ofMaxSize(5);
        Arbitrary<Answer> answer =
                Arbitraries.oneOf(
                        Arbitraries.of(Verb.PUT, Verb.REGISTER, Verb.WAIT)
                                .map(verb -> new Answer(verb, Reply.ok())),
                        Arbitraries.of(Verb.GET, Verb.FETCH, Verb.READ, Verb.GETB, Verb.WAIT)
                                .map(verb -> new Answer(verb, Reply.empty())),
                        payload()
                                .map(payload -> new Answer(Verb.GET, new Reply.OkPayload(payload))),
                        Combinators.combine(offset, payload())
                                .as(
                                        (next, payload) ->
                                                new Answer(
                                                        Verb.FETCH,
                                                        new Reply.Fetched(next, payload))),
                        Combinators.combine(segment, offset)
                                .as(
                                        (number, first) ->
                                                new Answer(
                                                        Verb.APPEND,
                                                        new Reply.Place(number, first))),
                        entries.map(list -> new Answer(Verb.GETB, new Reply.Entries(list))),
                        Combinators.combine(segment, offset, entries)
                                .as(
                                        (number, next, list) ->
                                                new Answer(
                                                        Verb.READ,
                                                        new Reply.Batch(number, next, list))),
                        Arbitraries.of("{}", "[\"a\"]")
                                .map(text -> new Answer(Verb.STATE, new Reply.Json(text))),
                        Combinators.combine(
                                        Arbitraries.of(Verb.class),
                                        Arbitraries.of(ErrorCode.class)
                                                .filter(code -> code != ErrorCode.UNRECOGNISED),
                                        Arbitraries.strings().ascii().ofMaxLength(30))
                                .as(
                                        (verb, code, message) ->
                                                new Answer(verb, new Reply.Err(code, message))));
        return answer.list().ofMaxSize(12);
    }

    private static Arbitrary<String> name() {
        return Arbitraries.strings()
                .withCharRange('a', 'z')
                .withChars("AZ09._-")
                .ofMinLength(1)
                .ofMaxLength(TopicName.LENGTH_MAX)
                .filter(TopicName::isLegal);
    }

    private static Arbitrary<Buffer> payload() {
        return Arbitraries.bytes().array(byte[].class).ofMaxSize(200).map(Buffer::buffer);
    }
}
