package io.walrus.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.vertx.core.buffer.Buffer;
import io.walrus.client.WalrusClientException;
import io.walrus.client.WalrusClientException.Kind;
import io.walrus.protocol.FrameParser;
import io.walrus.protocol.MalformedReplyException;
import io.walrus.protocol.Reply;
import io.walrus.protocol.ReplyParser;
import io.walrus.protocol.Verb;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalInt;
import java.util.function.LongSupplier;

/**
 * One plain request over one plain socket, for a JVM that ends right after it: loading the parser
 * of options, an event loop and its buffers would take five times as long as all the rest.
 *
 * <p>Only what goes well is dealt with here. Whatever is written otherwise, and a server that is
 * not reached, is left to the whole command line; a refusal and a reply that is no reply are read
 * and told by the same code as there.
 */
final class PlainCall {

    private static final int CONNECT_MILLIS = 1_000;
    private static final long REPLY_NANOS = 10_000_000_000L;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int LENGTH_BYTES = 4;
    private static final int CHUNK_BYTES = 8 << 10;
    private static final int REPLY_BYTES_MAX =
            FrameParser.FRAME_BYTES_MAX_CEILING + FrameParser.REPLY_HEAD_BYTES_MAX;

    private static final byte[] OK = "OK".getBytes(US_ASCII);
    private static final byte[] OK_AND_MORE = "OK ".getBytes(US_ASCII);
    private static final byte[] EMPTY = "EMPTY".getBytes(US_ASCII);
    private static final byte[] OBJECT = "{".getBytes(US_ASCII);
    private static final byte[] ARRAY = "[".getBytes(US_ASCII);

    private final PlainRequest request;
    private final EntryWriter writer;
    private final LongSupplier nanoClock;

    PlainCall(PlainRequest request, EntryWriter writer, LongSupplier nanoClock) {
        this.request = request;
        this.writer = writer;
        this.nanoClock = nanoClock;
    }

    /** The exit code; empty if nothing was sent, and the whole command line has to do it. */
    OptionalInt run() {
        try (Socket socket = connected()) {
            if (socket == null) {
                return OptionalInt.empty();
            }
            tell(answerOn(socket));
            return OptionalInt.of(ExitCode.OK);
        } catch (CliFailure failure) {
            writer.note(FailurePrinter.line(failure.getMessage()));
            return OptionalInt.of(failure.exitCode());
        } catch (IOException notClosed) {
            // The answer is told already.
            return OptionalInt.of(ExitCode.OK);
        }
    }

    private Socket connected() {
        var socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(request.host(), request.port()), CONNECT_MILLIS);
            socket.setTcpNoDelay(true);
            return socket;
        } catch (IOException notThere) {
            return null;
        }
    }

    private byte[] answerOn(Socket socket) {
        long deadlineNanos = nanoClock.getAsLong() + REPLY_NANOS;
        try {
            socket.getOutputStream().write(request.frame());
            byte[] head = read(socket, LENGTH_BYTES, deadlineNanos);
            long length =
                    ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt() & 0xffff_ffffL;
            if (length < 1 || REPLY_BYTES_MAX < length) {
                throw lost(
                        "a reply of "
                                + length
                                + " bytes was announced; is this the client port of a node?",
                        null);
            }
            return read(socket, (int) length, deadlineNanos);
        } catch (EOFException closed) {
            throw lost(
                    "the server closed the connection and answered nothing; does it speak TLS?",
                    closed);
        } catch (SocketTimeoutException silent) {
            throw failed(Kind.TIMED_OUT, "no reply in time", silent);
        } catch (IOException broken) {
            throw lost("the connection failed", broken);
        }
    }

    /** Takes room for what has come, not for what was announced. */
    private byte[] read(Socket socket, int length, long deadlineNanos) throws IOException {
        InputStream in = socket.getInputStream();
        var bytes = new ByteArrayOutputStream(Math.min(length, CHUNK_BYTES));
        byte[] chunk = new byte[Math.min(length, CHUNK_BYTES)];
        while (bytes.size() < length) {
            long leftMillis = (deadlineNanos - nanoClock.getAsLong()) / NANOS_PER_MILLI;
            if (leftMillis <= 0) {
                throw new SocketTimeoutException();
            }
            socket.setSoTimeout((int) leftMillis);
            int taken = in.read(chunk, 0, Math.min(chunk.length, length - bytes.size()));
            if (taken < 0) {
                throw new EOFException();
            }
            bytes.write(chunk, 0, taken);
        }
        return bytes.toByteArray();
    }

    /** Writes what a reply says; a refusal, and what is no reply, is a {@link CliFailure}. */
    void tell(byte[] body) {
        boolean isChange = request.verb() == Verb.PUT || request.verb() == Verb.REGISTER;
        boolean isGet = request.verb() == Verb.GET;
        if (isChange && body.length == OK.length && startsWith(body, OK)) {
            writer.note("OK");
        } else if (isGet && startsWith(body, OK_AND_MORE)) {
            print(body, OK_AND_MORE.length);
        } else if (isGet && body.length == EMPTY.length && startsWith(body, EMPTY)) {
            writer.note(GetCommand.nothingMore(request.topic(), 0));
        } else if (!isChange && !isGet && (startsWith(body, OBJECT) || startsWith(body, ARRAY))) {
            print(body, 0);
        } else {
            throw refusal(body);
        }
    }

    private void print(byte[] body, int start) {
        writer.write(body, start);
        writer.flush();
    }

    private CliFailure refusal(byte[] body) {
        try {
            Reply reply = ReplyParser.parse(request.verb(), Buffer.buffer(body), 0, body.length);
            if (reply instanceof Reply.Err err) {
                return ServerConnection.refused(err);
            }
            throw new IllegalStateException("a good reply was not understood: " + reply);
        } catch (MalformedReplyException malformed) {
            return CliFailure.of(
                    WalrusClientException.sent(
                            Kind.MALFORMED, request.command(), malformed.getMessage(), malformed));
        }
    }

    private static boolean startsWith(byte[] body, byte[] prefix) {
        for (int i = 0; i < prefix.length; i++) {
            if (i == body.length || body[i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    private CliFailure lost(String why, IOException cause) {
        return failed(Kind.CONNECTION_LOST, why, cause);
    }

    private CliFailure failed(Kind kind, String why, IOException cause) {
        return CliFailure.of(
                WalrusClientException.sent(
                        kind, request.command(), why + " (" + request.address() + ")", cause));
    }
}
