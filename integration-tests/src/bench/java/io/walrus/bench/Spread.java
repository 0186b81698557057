package io.walrus.bench;

import java.util.Arrays;

/** The smallest, the middle and the largest of some numbers. */
record Spread(double min, double median, double max) {
    static Spread of(double[] numbers) {
        if (numbers.length == 0) {
            return new Spread(Double.NaN, Double.NaN, Double.NaN);
        }
        double[] sorted = numbers.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(sorted[0], median, sorted[sorted.length - 1]);
    }
}
