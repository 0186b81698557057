package io.walrus.protocol;

/**
 * A length that no frame may have, refused before anything was allocated for it; the connection is
 * lost.
 */
public record FrameRefused(ErrorCode code, String message, long lengthBytes) implements Refusal {

    static FrameRefused of(long lengthBytes, int frameBytesMax) {
        if (lengthBytes == 0) {
            return new FrameRefused(
                    ErrorCode.EMPTY_FRAME,
                    "a frame has 1 to "
                            + frameBytesMax
                            + " bytes of body; came: length 0; the connection is closed",
                    lengthBytes);
        }
        return new FrameRefused(
                ErrorCode.TOO_LARGE,
                "a frame has 1 to "
                        + frameBytesMax
                        + " bytes of body; came: length "
                        + lengthBytes
                        + "; send smaller entries or raise the limit; the connection is closed",
                lengthBytes);
    }

    @Override
    public boolean closesConnection() {
        return true;
    }
}
