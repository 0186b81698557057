package io.walrus.wal.sim;

import java.nio.file.Path;
import java.util.function.Predicate;

/** A call that is going to fail: after {@code skip} that go well, the next {@code times}. */
final class Fault {

    private final DiskCall call;
    private final Predicate<Path> where;
    private final String message;
    private final Error error;
    private int skip;
    private int times;

    Fault(DiskCall call, Predicate<Path> where, int skip, int times, String message) {
        this(call, where, skip, times, message, null);
    }

    Fault(DiskCall call, Predicate<Path> where, int skip, int times, String message, Error error) {
        this.call = call;
        this.where = where;
        this.skip = skip;
        this.times = times;
        this.message = message;
        this.error = error;
    }

    /** The message of the failure, or null if this call goes well; counts down. */
    String hit(DiskCall asked, Path path) {
        if (asked != call || times == 0 || !where.test(path)) {
            return null;
        }
        if (skip > 0) {
            skip--;
            return null;
        }
        times--;
        return message;
    }

    /** What is thrown in place of a failure of the device, or null. */
    Error error() {
        return error;
    }

    boolean isSpent() {
        return times == 0;
    }
}
