package io.walrus.cli;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.walrus.client.Entry;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;

/** How an entry becomes a line. */
enum EntryFormat {
    /** The bytes as they are: an entry with newlines becomes several lines. */
    TEXT {
        @Override
        Buffer line(Entry entry) {
            return entry.payload();
        }
    },

    /** One JSON object a line, with the place; bytes that are no UTF-8 come as base64. */
    JSON {
        @Override
        Buffer line(Entry entry) {
            JsonObject object =
                    new JsonObject().put("segment", entry.segment()).put("offset", entry.offset());
            byte[] bytes = entry.payload().getBytes();
            try {
                ByteBuffer whole = ByteBuffer.wrap(bytes);
                object.put("text", StandardCharsets.UTF_8.newDecoder().decode(whole).toString());
            } catch (CharacterCodingException binary) {
                object.put("base64", Base64.getEncoder().encodeToString(bytes));
            }
            return Buffer.buffer(object.encode());
        }
    },

    /** Two digits a byte, one line an entry. */
    HEX {
        @Override
        Buffer line(Entry entry) {
            return Buffer.buffer(HexFormat.of().formatHex(entry.payload().getBytes()));
        }
    };

    /** The line without its newline. */
    abstract Buffer line(Entry entry);
}
