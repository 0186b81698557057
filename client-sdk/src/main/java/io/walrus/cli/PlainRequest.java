package io.walrus.cli;

import io.vertx.core.buffer.Buffer;
import io.walrus.protocol.Command;
import io.walrus.protocol.TopicName;
import io.walrus.protocol.Verb;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * A command that is one request and is written in the plainest way: {@code put TOPIC DATA}, {@code
 * get TOPIC}, {@code register TOPIC}, {@code state TOPIC} or {@code metrics}, with one {@code
 * --addr HOST:PORT} in front or behind, or none.
 *
 * @param verb one of those five
 * @param topic a legal name, empty for METRICS
 * @param data the entry of a PUT, else empty
 */
record PlainRequest(String host, int port, Verb verb, String topic, byte[] data) {

    private static final String HOST = "127.0.0.1";
    private static final int PORT = 8080;
    private static final int PORT_DIGITS_MAX = 5;
    private static final int PORT_MAX = 65_535;
    private static final int LENGTH_BYTES = 4;
    private static final byte[] NO_DATA = {};

    /** What the arguments ask for; null: written in some other way, or wrongly. */
    static PlainRequest of(String[] arguments, Charset argumentCharset) {
        List<String> words = Arrays.asList(arguments);
        String address = HOST + ":" + PORT;
        int size = words.size();
        if (size > 2 && words.get(0).equals("--addr")) {
            address = words.get(1);
            words = words.subList(2, size);
        } else if (size > 2 && words.get(size - 2).equals("--addr")) {
            address = words.get(size - 1);
            words = words.subList(0, size - 2);
        }
        if (!StandardCharsets.UTF_8.equals(argumentCharset) && !isAscii(words)) {
            return null;
        }
        int colon = address.indexOf(':');
        int port = colon <= 0 ? 0 : port(address.substring(colon + 1));
        if (port == 0 || !TopicName.isLegal(address.substring(0, colon)) || hasOption(words)) {
            return null;
        }
        return at(address.substring(0, colon), port, words);
    }

    private static PlainRequest at(String host, int port, List<String> words) {
        Verb verb = verb(words);
        if (verb == null) {
            return null;
        }
        String topic = words.size() > 1 ? words.get(1) : "";
        if (verb != Verb.METRICS && !TopicName.isLegal(topic)) {
            return null;
        }
        byte[] data = verb == Verb.PUT ? words.get(2).getBytes(StandardCharsets.UTF_8) : NO_DATA;
        return new PlainRequest(host, port, verb, topic, data);
    }

    private static Verb verb(List<String> words) {
        return switch (words.isEmpty() ? "" : words.get(0)) {
            case "register" -> ifLong(words, 2, Verb.REGISTER);
            case "put" -> ifLong(words, 3, Verb.PUT);
            case "get" -> ifLong(words, 2, Verb.GET);
            case "state" -> ifLong(words, 2, Verb.STATE);
            case "metrics" -> ifLong(words, 1, Verb.METRICS);
            default -> null;
        };
    }

    private static Verb ifLong(List<String> words, int count, Verb verb) {
        return words.size() == count ? verb : null;
    }

    private static boolean hasOption(List<String> words) {
        for (String word : words) {
            if (word.startsWith("-")) {
                return true;
            }
        }
        return false;
    }

    /** Else the locale may have damaged them. */
    private static boolean isAscii(List<String> words) {
        for (String word : words) {
            if (!StandardCharsets.US_ASCII.newEncoder().canEncode(word)) {
                return false;
            }
        }
        return true;
    }

    private static int port(String digits) {
        int port = 0;
        for (int i = 0; i < digits.length(); i++) {
            char digit = digits.charAt(i);
            if (digit < '0' || '9' < digit || i == PORT_DIGITS_MAX) {
                return 0;
            }
            port = 10 * port + digit - '0';
        }
        return port <= PORT_MAX ? port : 0;
    }

    /** The same as the client knows it, for what needs more than this. */
    Command command() {
        return switch (verb) {
            case REGISTER -> new Command.Register(topic);
            case PUT -> new Command.Put(topic, Buffer.buffer(data));
            case GET -> new Command.Get(topic);
            case STATE -> new Command.State(topic);
            case METRICS -> new Command.Metrics();
            default -> throw new IllegalStateException("no plain request: " + verb);
        };
    }

    /** The request on the wire. */
    byte[] frame() {
        var body = new ByteArrayOutputStream();
        body.writeBytes(verb.name().getBytes(StandardCharsets.US_ASCII));
        if (!topic.isEmpty()) {
            body.write(' ');
            body.writeBytes(topic.getBytes(StandardCharsets.US_ASCII));
        }
        if (verb == Verb.PUT) {
            body.write(' ');
            body.writeBytes(data);
        }
        return ByteBuffer.allocate(LENGTH_BYTES + body.size())
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(body.size())
                .put(body.toByteArray())
                .array();
    }

    /** Where it goes, as messages name it. */
    String address() {
        return host + ":" + port;
    }
}
