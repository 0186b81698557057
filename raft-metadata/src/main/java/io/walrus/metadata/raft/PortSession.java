package io.walrus.metadata.raft;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import io.walrus.metadata.codec.MetadataCodec;
import io.walrus.metadata.codec.MetadataFormatException;
import java.util.function.Consumer;

/**
 * One connection that another member opened to this one: first the hello, then its requests.
 *
 * <p>Reads on the socket's event loop; answers may come from any thread.
 */
final class PortSession {
    private final NetSocket socket;
    private final MemberPolicy policy;
    private final String secret;
    private final String challenge;
    private final Consumer<PortCall> requests;
    private final MetadataCodec codec = new MetadataCodec();
    private final PortFrame.Parser parser = new PortFrame.Parser();
    private Hello caller;

    PortSession(
            NetSocket socket,
            MemberPolicy policy,
            String secret,
            String challenge,
            Consumer<PortCall> requests) {
        this.socket = socket;
        this.policy = policy;
        this.secret = secret;
        this.challenge = challenge;
        this.requests = requests;
    }

    void start() {
        socket.handler(this::read);
        socket.exceptionHandler(failure -> socket.close());
        send(
                new PortFrame(
                        PortFrame.REQUEST,
                        0,
                        PortNames.CHALLENGE,
                        codec.encode("challenge", challenge)));
    }

    String remote() {
        return String.valueOf(socket.remoteAddress());
    }

    /** Whether the other side has said hello by now. */
    boolean isGreeted() {
        return caller != null;
    }

    void close() {
        socket.close();
    }

    private void read(Buffer bytes) {
        parser.add(bytes);
        try {
            PortFrame frame = nextFrame();
            while (frame != null) {
                if (caller == null) {
                    greet(frame);
                } else {
                    ask(frame);
                }
                frame = nextFrame();
            }
        } catch (IllegalArgumentException | MetadataFormatException e) {
            refuse(0, "not understood: " + e.getMessage());
        }
    }

    private PortFrame nextFrame() {
        return parser.next(caller == null ? PortFrame.HELLO_BYTES_MAX : PortFrame.BYTES_MAX);
    }

    private void greet(PortFrame frame) {
        Hello hello = codec.decode("hello", Hello.class, frame.body());
        if (!hello.isProved(Hello.Side.CALLER, challenge, secret)) {
            refuse(frame.callId(), "the shared secret is not the same");
            return;
        }
        if (policy.standing(hello) == MemberPolicy.Standing.STRANGER) {
            refuse(
                    frame.callId(),
                    "expected cluster "
                            + policy.self().clusterId()
                            + ", found "
                            + hello.clusterId());
            return;
        }
        caller = hello;
        Hello answer =
                Hello.from(Hello.Side.CALLED, policy.self(), challenge, hello.challenge(), secret);
        send(
                new PortFrame(
                        PortFrame.REPLY,
                        frame.callId(),
                        PortNames.HELLO,
                        codec.encode("hello", answer)));
    }

    private void ask(PortFrame frame) {
        boolean mayAsk =
                PortNames.forGuests(frame.name())
                        || policy.standing(caller) == MemberPolicy.Standing.MEMBER;
        if (!mayAsk) {
            send(PortFrame.failure(frame.callId(), "only members may ask for " + frame.name()));
            return;
        }
        requests.accept(new Call(frame));
    }

    private void refuse(long callId, String message) {
        socket.write(PortFrame.failure(callId, message).encoded())
                .onComplete(done -> socket.close());
    }

    private void send(PortFrame frame) {
        socket.write(frame.encoded());
    }

    private final class Call implements PortCall {
        private final PortFrame request;

        Call(PortFrame request) {
            this.request = request;
        }

        @Override
        public String name() {
            return request.name();
        }

        @Override
        public byte[] body() {
            return request.body();
        }

        @Override
        public PortSession session() {
            return PortSession.this;
        }

        @Override
        public void reply(String name, byte[] body) {
            send(new PortFrame(PortFrame.REPLY, request.callId(), name, body));
        }

        @Override
        public void fail(String message) {
            send(PortFrame.failure(request.callId(), message));
        }
    }
}
