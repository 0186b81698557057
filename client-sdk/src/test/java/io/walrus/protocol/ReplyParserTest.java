package io.walrus.protocol;

import static io.walrus.protocol.Wire.latin;
import static io.walrus.protocol.Wire.reply;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplyParserTest {

    @Test
    void putIsAnsweredByExactlyOk() {
        Buffer out = Buffer.buffer();
        ReplyWriter.append(out, Reply.ok());

        assertThat(out).isEqualTo(latin("\2\0\0\0OK"));
    }

    @Test
    void takenEntryFollowsOkAndOneSpaceByteForByte() {
        assertThat(reply(Verb.GET, "OK  a\n")).isEqualTo(new Reply.OkPayload(latin(" a\n")));
        assertThat(reply(Verb.GET, "OK ")).isEqualTo(new Reply.OkPayload(Buffer.buffer()));
        assertThat(reply(Verb.GET, "EMPTY")).isEqualTo(Reply.empty());
    }

    @Test
    void payloadThatReadsLikeAnErrorIsAPayload() {
        assertThat(reply(Verb.GET, "OK ERR BUSY no"))
                .isEqualTo(new Reply.OkPayload(latin("ERR BUSY no")));
    }

    @Test
    void jsonComesAsItIs() {
        String json = "{\"current_segment\": 1 }\n";

        assertThat(reply(Verb.STATE, json)).isEqualTo(new Reply.Json(json));
    }

    @Test
    void errorKeepsItsCodeAndItsWords() {
        assertThat(reply(Verb.PUT, "ERR NO_TOPIC unknown topic t"))
                .isEqualTo(new Reply.Err(ErrorCode.NO_TOPIC, "unknown topic t"));
        assertThat(reply(Verb.STATE, "ERR BUSY")).isEqualTo(new Reply.Err(ErrorCode.BUSY, ""));
    }

    @Test
    void codeOfAnotherServerIsUnrecognisedAndLosesNoWord() {
        assertThat(reply(Verb.PUT, "ERR unknown topic t"))
                .isEqualTo(new Reply.Err(ErrorCode.UNRECOGNISED, "unknown topic t"));
        assertThat(reply(Verb.PUT, "ERR")).isEqualTo(new Reply.Err(ErrorCode.UNRECOGNISED, ""));
    }

    @Test
    void errorMessagesMayBeAnyUnicode() {
        Buffer out = Buffer.buffer();
        ReplyWriter.append(out, new Reply.Err(ErrorCode.INTERNAL, "Gr\u00f6\u00dfe"));

        assertThat(out.getString(4, out.length(), StandardCharsets.UTF_8.name()))
                .isEqualTo("ERR INTERNAL Gr\u00f6\u00dfe");
        assertThat(ReplyParser.parse(Verb.PUT, out, 4, out.length()))
                .isEqualTo(new Reply.Err(ErrorCode.INTERNAL, "Gr\u00f6\u00dfe"));
    }

    @Test
    void refusedTopicSaysUnknownTopic() {
        assertThat(Reply.Err.unknownTopic("orders").message()).contains("unknown topic orders");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "PUT,OK x",
                "PUT,\"OK \"",
                "PUT,ok",
                "PUT,EMPTY",
                "GET,OK",
                "GET,OKx",
                "GET,EMPTY x",
                "STATE,OK {}",
                "METRICS,OK",
                "FETCH,OK 1",
                "FETCH,OK x y",
                "APPEND,OK",
                "APPEND,OK 0 1",
                "APPEND,OK 1",
                "GETB,OK 1",
                "GETB,\"OK 1 \"",
                "READ,OK 1 1 1",
                "CURSOR,EMPTY",
                "WAIT,OK 1",
                "REGISTER,HTTP/1.1 400 Bad Request"
            })
    void replyOfAnotherFormIsMalformed(Verb verb, String body) {
        assertThatThrownBy(() -> reply(verb, body))
                .isInstanceOf(MalformedReplyException.class)
                .hasMessageContaining("reply to " + verb)
                .hasMessageContaining(body.substring(0, 2));
    }

    @Test
    void hugeEntryCountIsRefusedBeforeAnythingIsReservedForIt() {
        assertThatThrownBy(() -> reply(Verb.GETB, "OK 9223372036854775807 "))
                .isInstanceOf(MalformedReplyException.class);
    }
}
