package io.walrus.protocol;

import static io.walrus.protocol.Wire.latin;
import static io.walrus.protocol.Wire.refused;
import static io.walrus.protocol.Wire.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandParserTest {

    @Test
    void everyVerbHasItsForm() {
        assertThat(request("REGISTER t")).isEqualTo(new Command.Register("t"));
        assertThat(request("PUT t a b")).isEqualTo(new Command.Put("t", latin("a b")));
        assertThat(request("GET t")).isEqualTo(new Command.Get("t"));
        assertThat(request("STATE a.b_c-1")).isEqualTo(new Command.State("a.b_c-1"));
        assertThat(request("METRICS")).isEqualTo(new Command.Metrics());
        assertThat(request("FETCH t 3 17")).isEqualTo(new Command.Fetch("t", 3, 17));
        assertThat(request("APPEND t \0\1")).isEqualTo(new Command.Append("t", latin("\0\1")));
        assertThat(request("APPENDB t 2 \1\0\0\0x\0\0\0\0"))
                .isEqualTo(new Command.AppendBatch("t", List.of(latin("x"), latin(""))));
        assertThat(request("BATCHTO t 3 2 \1\0\0\0x\0\0\0\0"))
                .isEqualTo(new Command.BatchTo("t", 3, List.of(latin("x"), latin(""))));
        assertThat(request("READS t at-least-once"))
                .isEqualTo(new Command.Reads("t", "at-least-once"));
        assertThat(request("REMOVE 3 safe")).isEqualTo(new Command.Remove(3, false));
        assertThat(request("READ t 1 0 65536")).isEqualTo(new Command.Read("t", 1, 0, 65536));
        assertThat(request("PEEK t")).isEqualTo(new Command.Peek("t"));
        assertThat(request("GETB t 100 65536")).isEqualTo(new Command.GetBatch("t", 100, 65536));
        assertThat(request("CURSOR t me")).isEqualTo(new Command.Cursor("t", "me"));
        assertThat(request("SEEK t me 2 9 1 4")).isEqualTo(new Command.Seek("t", "me", 2, 9, 1, 4));
        assertThat(request("COMMIT t me 2 9")).isEqualTo(new Command.Commit("t", "me", 2, 9));
        assertThat(request("TOPICS")).isEqualTo(new Command.Topics());
        assertThat(request("DELETE t")).isEqualTo(new Command.Delete("t"));
        assertThat(request("WAIT t 1 5 1000")).isEqualTo(new Command.Wait("t", 1, 5, 1000));
        assertThat(request("PLACE t 5")).isEqualTo(new Command.PlaceAt("t", 5));
        assertThat(request("PLACEIN t 2 5")).isEqualTo(new Command.PlaceIn("t", 2, 5));
        assertThat(request("WAIT t 0 0 1000")).isEqualTo(new Command.Wait("t", 0, 0, 1000));
        assertThat(request("HELLO")).isEqualTo(new Command.Hello());
        assertThat(request("AUTH se cret")).isEqualTo(new Command.Auth("se cret"));
    }

    @Test
    void payloadIsTakenByteForByte() {
        Buffer body = latin("PUT t  \r\n\0\u00ff ");

        Command.Put put = (Command.Put) new CommandParser().parse(body, 0, body.length());

        assertThat(put.payload()).isEqualTo(latin(" \r\n\0\u00ff "));
    }

    @Test
    void spaceAfterTheTopicMakesAnEmptyEntry() {
        assertThat(request("PUT t ")).isEqualTo(new Command.Put("t", Buffer.buffer()));
    }

    @Test
    void putWithoutTheSpaceIsRefusedWithItsUsage() {
        assertThat(refused("PUT t").code()).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(refused("PUT t").message())
                .contains("payload is missing")
                .contains("usage: PUT <topic> <payload>");
    }

    @Test
    void lowerCaseVerbIsRefusedAndTheRightWayIsShown() {
        CommandRefused refused = refused("put t x");

        assertThat(refused.code()).isEqualTo(ErrorCode.NO_COMMAND);
        assertThat(refused.message()).contains("'put'").contains("PUT <topic> <payload>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {" ", "X", "PUTT t x", "PU", "REGISTERS t", "\0", "GET\tt", "\u00ff\u00ff"})
    void anythingElseIsNoCommand(String body) {
        assertThat(refused(body).code()).isEqualTo(ErrorCode.NO_COMMAND);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "REGISTER ",
                "GET .",
                "GET ..",
                "GET ../x",
                "GET a b",
                "GET t ",
                "PUT  x",
                "PUT t\0 x",
                "STATE t\u00fc",
                "CURSOR t ",
                "CURSOR t a/b"
            })
    void illegalNameIsRefused(String body) {
        assertThat(refused(body).code()).isEqualTo(ErrorCode.BAD_TOPIC);
        assertThat(refused(body).message()).contains("1-128").contains("came: '");
    }

    @Test
    void nameOf128PassesAndOf129DoesNot() {
        assertThat(request("GET " + "n".repeat(128))).isInstanceOf(Command.Get.class);
        assertThat(refused("GET " + "n".repeat(129)).message()).contains("(129 bytes)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET",
                "METRICS x",
                "METRICS ",
                "FETCH t",
                "FETCH t 1",
                "FETCH t 1 x",
                "FETCH t -1 0",
                "FETCH t 0 0",
                "FETCH t 2147483648 0",
                "FETCH t 1 9223372036854775808",
                "FETCH t 1 0 ",
                "FETCH t 1 ",
                "FETCH t +1 0",
                "READ t 1 0 0",
                "READ t 1 0 99999999",
                "GETB t 0 1",
                "GETB t 2001 1",
                "COMMIT t me 1",
                "SEEK t me 1 0 1",
                "SEEK t me 1 0 0 1",
                "SEEK t me 1 0 1 0 ",
                "WAIT t 0 1 5",
                "WAIT t 1 0 60001",
                "AUTH",
                "AUTH ",
                "TOPICS all",
                "APPENDB t 1",
                "APPENDB t 0 ",
                "APPENDB t 1 ",
                "APPENDB t 1 \2\0\0\0x",
                "APPENDB t 1 \0\0\0\0x",
                "APPENDB t 2 \0\0\0\0",
                "APPENDB t 1 \u00ff\u00ff\u00ff\u00ff",
                "APPENDB t 2001 ",
                "READS t",
                "REMOVE 3",
                "REMOVE 0 safe",
                "REMOVE 3 now",
                "READS t twice",
                "READS t as-node ",
                "BATCHTO t 0 1 \0\0\0\0",
                "BATCHTO t 1 \0\0\0\0",
                "BATCHTO t 1 2 \0\0\0\0"
            })
    void wrongArgumentsAreRefusedWithTheUsage(String body) {
        assertThat(refused(body).code()).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(refused(body).message()).contains("usage: " + body.split(" ", -1)[0]);
    }

    @Test
    void largestNumbersPass() {
        assertThat(request("FETCH t 2147483647 9223372036854775807"))
                .isEqualTo(new Command.Fetch("t", Integer.MAX_VALUE, Long.MAX_VALUE));
    }

    @Test
    void messagesAreOneShortPrintableLine() {
        String message = refused("GET \n\u001b[31m" + "x".repeat(1_000)).message();

        assertThat(message).matches("[ -~]{1,300}").contains("\\x0a\\x1b");
    }

    @Test
    void refusedTokenIsNotRepeated() {
        assertThat(new Command.Auth("s3cret").toString()).doesNotContain("s3cret");
        assertThat(new Command.Put("t", latin("s3cret")).toString()).doesNotContain("s3cret");
    }

    @Test
    void oneConnectionMakesOneStringOfATopic() {
        CommandParser parser = new CommandParser();
        Buffer body = latin("GET orders");

        String first = ((Command.Get) parser.parse(body, 0, body.length())).topic();
        String second = ((Command.Get) parser.parse(body, 0, body.length())).topic();

        assertThat(second).isSameAs(first);
    }

    @Test
    void namesThatShareASlotDoNotTakeEachOthersPlace() {
        CommandParser parser = new CommandParser();
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 1_000; i++) {
                Buffer body = latin("GET topic-" + i);
                assertThat(parser.parse(body, 0, body.length()))
                        .isEqualTo(new Command.Get("topic-" + i));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Verb.class)
    void usageBeginsWithTheVerb(Verb verb) {
        assertThat(verb.usage()).startsWith(verb.name());
        assertThat(verb.name().length()).isLessThanOrEqualTo(Verb.NAME_BYTES_MAX);
    }
}
