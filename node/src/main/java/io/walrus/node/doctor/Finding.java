package io.walrus.node.doctor;

/**
 * What one look showed.
 *
 * @param verdict how it bears on a node
 * @param subject what was looked at, one word
 * @param text what was found, and what to do if it is not well
 */
record Finding(Verdict verdict, String subject, String text) {

    enum Verdict {
        /** As it should be. */
        OK,
        /** Worth knowing. */
        NOTE,
        /** Will cost data, speed or a start. */
        HURTS
    }

    static Finding ok(String subject, String text) {
        return new Finding(Verdict.OK, subject, text);
    }

    static Finding note(String subject, String text) {
        return new Finding(Verdict.NOTE, subject, text);
    }

    static Finding hurts(String subject, String text) {
        return new Finding(Verdict.HURTS, subject, text);
    }
}
