package io.walrus.bench;

/** What a row has to reach. */
sealed interface Aim {
    /** The row's metric, divided by the reference's of the same round: the median of the rounds. */
    record RatioAtLeast(double times) implements Aim {}

    record AtLeast(String metric, double value) implements Aim {}

    record AtMost(String metric, double value) implements Aim {}
}
