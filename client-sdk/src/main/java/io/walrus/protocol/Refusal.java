package io.walrus.protocol;

/** A frame that is no command, with the reply it gets. */
public sealed interface Refusal extends Request permits CommandRefused, FrameRefused {

    /** Why, as a code. */
    ErrorCode code();

    /** Why, in words: what was expected, what came (escaped and shortened), what to do. */
    String message();

    /** The connection cannot go on after this reply: its bytes have lost their meaning. */
    boolean closesConnection();

    /** The reply to send. */
    default Reply.Err toReply() {
        return new Reply.Err(code(), message());
    }
}
