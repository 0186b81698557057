package io.walrus.client;

import java.util.function.BooleanSupplier;

/**
 * Notices that a lane has had no answer for a second though it has something on the wire. On the
 * home context only.
 */
final class SilenceWatch {

    private static final long LOOK_MILLIS = 1_000;

    private final OnceAppends home;
    private final BooleanSupplier isAnswerDue;
    private final Runnable suspect;
    private long answers;
    private long answersBefore;
    private boolean isWatching;

    /**
     * @param suspect called each second of silence
     */
    SilenceWatch(OnceAppends home, BooleanSupplier isAnswerDue, Runnable suspect) {
        this.home = home;
        this.isAnswerDue = isAnswerDue;
        this.suspect = suspect;
    }

    void answered() {
        answers++;
    }

    /** Something is on the wire. */
    void watch() {
        if (!isWatching) {
            isWatching = true;
            answersBefore = answers;
            home.after(LOOK_MILLIS, this::look);
        }
    }

    private void look() {
        isWatching = false;
        if (isAnswerDue.getAsBoolean()) {
            boolean isSilent = answers == answersBefore;
            watch();
            if (isSilent) {
                suspect.run();
            }
        }
    }
}
