package io.walrus.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.wal.sim.SimulatedDisk;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Memory for last frames is for those who append. */
final class IdleTailsTest {

    private static final int TAIL_BYTES = 4 << 10;

    private final SimulatedDisk disk = new SimulatedDisk(1);
    private final OpenFiles openFiles = new OpenFiles(100, WalObserver.NONE);
    private final OneFileStreams streams =
            new OneFileStreams(disk, openFiles, new DirtyFiles(openFiles));
    private final TailRoom room = new TailRoom(2 * TAIL_BYTES);
    private final IdleTails idle = new IdleTails();

    private static DirtyFiles.Dirty dirty(Stream stream) {
        return new DirtyFiles.Dirty(stream, stream.chain().last());
    }

    @Test
    void aFileThatNobodyAppendedToBetweenTwoSyncsLosesItsTail() throws IOException {
        Stream busy = streams.createTailed(1, room);
        Stream quiet = streams.createTailed(2, room);
        streams.write(busy);
        streams.write(quiet);
        idle.synced(List.of(dirty(busy), dirty(quiet)));
        assertThat(room.leftBytes()).isZero();
        idle.synced(List.of(dirty(busy)));
        assertThat(room.leftBytes()).isEqualTo(TAIL_BYTES);
        assertThat(busy.chain().last().bytes().keepsTail()).isTrue();
        assertThat(quiet.chain().last().bytes().keepsTail()).isFalse();
        idle.synced(List.of());
        assertThat(room.leftBytes()).isEqualTo(2 * TAIL_BYTES);
    }
}
