package io.walrus.protocol;

/** A whole frame whose body is not a command; the connection goes on. */
public record CommandRefused(ErrorCode code, String message) implements Refusal {

    @Override
    public boolean closesConnection() {
        return false;
    }
}
