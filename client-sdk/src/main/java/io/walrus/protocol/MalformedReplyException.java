package io.walrus.protocol;

/**
 * A reply that does not fit the request it answers: the two sides no longer agree on where they are
 * in the stream, so the connection cannot be used any further.
 */
public final class MalformedReplyException extends RuntimeException {

    private static final long serialVersionUID = 1;

    MalformedReplyException(Verb verb, String expected, String came) {
        super(
                "the reply to "
                        + verb
                        + " should be "
                        + expected
                        + " or ERR <code> <message>; came: "
                        + came
                        + "; is this a Walrus port, of this version?");
    }
}
