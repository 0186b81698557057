package io.walrus.wal;

import static io.walrus.wal.LogOnDisk.TOPIC;
import static io.walrus.wal.LogOnDisk.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walrus.wal.sim.DiskCall;
import io.walrus.wal.sim.SimulatedDisk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A file that will not close keeps no other one open, and is told. */
final class ClosingTest {

    private static final Predicate<Path> STREAMS = path -> path.toString().contains("/streams/");

    @Test
    void theFirstRefusalIsToldWithTheLaterOnesInIt() {
        List<String> closed = new ArrayList<>();
        List<Closeable> open =
                Arrays.asList(
                        () -> closed.add("a"),
                        () -> refuse(closed, "b"),
                        null,
                        () -> refuse(closed, "c"),
                        () -> closed.add("d"));
        assertThatThrownBy(() -> Closing.all(open))
                .isInstanceOf(IOException.class)
                .hasMessage("b")
                .satisfies(told -> assertThat(told.getSuppressed()[0]).hasMessage("c"));
        assertThat(closed).containsExactly("a", "b", "c", "d");
    }

    private static void refuse(List<String> closed, String name) throws IOException {
        closed.add(name);
        throw new IOException(name);
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void everyFileOfAChainIsClosedWhenOneRefuses(Backend backend) {
        var log = new LogOnDisk(FsyncPolicy.none(), backend);
        log.append("x".repeat(10_000));
        log.append("y".repeat(50_000));
        log.append("z".repeat(50_000));
        log.wal.sync();
        // Behind the trims, which need the handle.
        Path first = log.disk.files().keySet().stream().filter(STREAMS).findFirst().orElseThrow();
        log.disk.failAlways(DiskCall.CLOSE, first::equals);
        WalException told = refused(log.wal::close);
        assertThat(told.kind()).isEqualTo(WalException.Kind.IO);
        assertThat(told).hasMessageContaining("close the log");
        assertThat(log.disk.openPaths()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void anOpeningThatCannotCloseWhatItReplayedIsRefusedAndHoldsNothing(Backend backend) {
        var log = new LogOnDisk(FsyncPolicy.each(), backend);
        log.append("one");
        log.wal.append("topic-2", LogOnDisk.bytes("two"));
        log.wal.append("topic-3", LogOnDisk.bytes("three"));
        SimulatedDisk next = log.disk.processCrash();
        log.closeCrashed();
        log.disk = next;
        next.failOnce(DiskCall.CLOSE, STREAMS, 0);
        WalException told = refused(log::open);
        assertThat(told.kind()).isEqualTo(WalException.Kind.IO);
        assertThat(told).hasMessageContaining("open the log");
        assertThat(next.openPaths()).isEmpty();
        next.heal();
        log.open();
        assertThat(log.read(TOPIC)).containsExactly("one");
        assertThat(log.read("topic-3")).containsExactly("three");
        log.wal.close();
    }
}
