package io.walrus.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.wal.format.FrameFormat;
import io.walrus.wal.sim.SimulatedDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The last frames of a file wait in memory; its writer and its readers see one file. */
final class TailedBytesTest {

    private static final Path PATH = Path.of("/log/file");
    private static final int FILE_BYTES = 64 << 10;
    private static final int TAIL_BYTES = 4 << 10;
    private static final int FRAME_BYTES = 1_000;
    private static final int FRAMES_IN_A_TAIL = 4;

    private final SimulatedDisk disk = new SimulatedDisk(1);
    private final TailRoom room = new TailRoom(2 * TAIL_BYTES);
    private final Stand stand = new Stand();
    private MappedBytes mapped;
    private TailedBytes bytes;
    private int used;

    /** How far the stream is; a frame is an entry. */
    private static final class Stand implements FileBytes.Ends {
        long written;
        long journaled;

        @Override
        public long nextOffset() {
            return written;
        }

        @Override
        public long visibleEnd() {
            return journaled;
        }
    }

    @BeforeEach
    void makeFile() throws IOException {
        disk.createDirectories(PATH.getParent());
        var handle =
                new FileHandle(disk, PATH, disk.create(PATH), new OpenFiles(100, WalObserver.NONE));
        handle.fill(0, FILE_BYTES);
        disk.syncDirectory(PATH.getParent());
        mapped = new MappedBytes(disk, handle);
        bytes = new TailedBytes(handle, mapped, FILE_BYTES, room);
    }

    /** Appends a frame of one letter; returns the memory that it was put into. */
    private ByteBuffer append(char letter, int length) throws IOException {
        bytes.makeRoom(used, length, stand);
        ByteBuffer to = bytes.reserve(used, length);
        to.put(bytes.index(used), LogOnDisk.bytes(String.valueOf(letter).repeat(length)));
        bytes.commit(used, length);
        used += FrameFormat.padded(length);
        stand.written++;
        return to;
    }

    private ByteBuffer append(char letter) throws IOException {
        return append(letter, FRAME_BYTES);
    }

    private String read(int position, int length) throws IOException {
        Window window = bytes.window(() -> used);
        assertThat(window.show(position, length)).isTrue();
        var text = new byte[length];
        window.keep(position, length).get(text);
        return new String(text, java.nio.charset.StandardCharsets.UTF_8);
    }

    private byte[] inTheFile(int position, int length) {
        return Arrays.copyOfRange(disk.files().get(PATH), position, position + length);
    }

    private void assertReadable(String letters) throws IOException {
        for (int n = 0; n < letters.length(); n++) {
            assertThat(read(n * FRAME_BYTES, FRAME_BYTES))
                    .isEqualTo(letters.substring(n, n + 1).repeat(FRAME_BYTES));
        }
    }

    @Test
    void aFrameIsReadBeforeItIsInTheFile() throws IOException {
        append('a');
        append('b');
        assertReadable("ab");
        assertThat(inTheFile(0, 2 * FRAME_BYTES)).containsOnly(0);
        bytes.writeOut();
        assertThat(inTheFile(0, FRAME_BYTES)).containsOnly('a');
        assertThat(inTheFile(FRAME_BYTES, FRAME_BYTES)).containsOnly('b');
        assertReadable("ab");
    }

    @Test
    void whatComesBehindAWriteOutIsWrittenByTheNext() throws IOException {
        append('a', 1_001);
        bytes.writeOut();
        append('b', 1_002);
        bytes.writeOut();
        assertThat(inTheFile(1_001, 7)).containsOnly(0);
        assertThat(inTheFile(1_008, 1_002)).containsOnly('b');
    }

    @Test
    void memoryIsUsedAgainOnceItsFramesAreInTheJournal() throws IOException {
        ByteBuffer first = append('a');
        for (char letter = 'b'; letter <= 'p'; letter++) {
            stand.journaled = stand.written;
            assertThat(append(letter)).isSameAs(first);
        }
        assertReadable("abcdefghijklmnop");
        assertThat(room.leftBytes()).isEqualTo(TAIL_BYTES);
    }

    @Test
    void memoryIsNotUsedAgainBeforeItsFramesAreInTheJournal() throws IOException {
        ByteBuffer first = append('a');
        append('b');
        append('c');
        append('d');
        stand.journaled = FRAMES_IN_A_TAIL - 1;
        ByteBuffer second = append('e');
        assertThat(second).isNotSameAs(first);
        assertThat(first.get(0)).isEqualTo((byte) 'a');
        append('f');
        append('g');
        append('h');
        // Neither is free, and a third is not made: through the mapping.
        assertThat(append('i')).isSameAs(mapped.reserve(0, 1));
        assertThat(inTheFile(8 * FRAME_BYTES, FRAME_BYTES)).containsOnly('i');
        stand.journaled = FRAMES_IN_A_TAIL;
        assertThat(append('j')).isSameAs(first);
        assertReadable("abcdefghij");
    }

    @Test
    void paddingInMemoryThatIsUsedAgainIsZeros() throws IOException {
        append('x', TAIL_BYTES - 8);
        stand.journaled = stand.written;
        int from = used;
        append('a', 1_001);
        append('b', 1_001);
        bytes.writeOut();
        assertThat(inTheFile(from + 1_001, 7)).containsOnly(0);
        assertThat(inTheFile(from + 1_008 + 1_001, 7)).containsOnly(0);
    }

    @Test
    void aFrameThatFitsIntoNoTailGoesThroughTheMappingAndKeepsItsPlace() throws IOException {
        append('a');
        append('b', TAIL_BYTES + 1);
        stand.journaled = stand.written;
        append('c');
        assertThat(inTheFile(0, FRAME_BYTES)).containsOnly('a');
        assertThat(inTheFile(FRAME_BYTES, TAIL_BYTES + 1)).containsOnly('b');
        int third = FRAME_BYTES + FrameFormat.padded(TAIL_BYTES + 1);
        assertThat(inTheFile(third, FRAME_BYTES)).containsOnly(0);
        assertThat(read(FRAME_BYTES, TAIL_BYTES + 1)).isEqualTo("b".repeat(TAIL_BYTES + 1));
        assertThat(read(third, FRAME_BYTES)).isEqualTo("c".repeat(FRAME_BYTES));
    }

    @Test
    void withoutRoomFramesGoThroughTheMapping() throws IOException {
        assertThat(room.take(TAIL_BYTES + 1)).isTrue();
        append('a');
        assertThat(inTheFile(0, FRAME_BYTES)).containsOnly('a');
        assertThat(bytes.keepsTail()).isFalse();
        assertReadable("a");
        room.give(TAIL_BYTES + 1);
        append('b');
        assertThat(bytes.keepsTail()).isTrue();
        assertReadable("ab");
    }

    @Test
    void aTailThatIsDroppedIsInTheFileAndItsRoomIsFree() throws IOException {
        append('a');
        bytes.dropTail();
        assertThat(room.leftBytes()).isEqualTo(2 * TAIL_BYTES);
        assertThat(inTheFile(0, FRAME_BYTES)).containsOnly('a');
        append('b');
        assertReadable("ab");
        bytes.close();
        assertThat(room.leftBytes()).isEqualTo(2 * TAIL_BYTES);
    }

    @Test
    void aSyncAndATrimReachWhatWasWrittenPastTheMapping() throws IOException {
        append('a');
        append('b');
        bytes.dropTail();
        bytes.force(used);
        bytes.trim(used);
        bytes.force(used);
        byte[] durable = disk.crash(3).files().get(PATH);
        assertThat(Arrays.copyOf(durable, FRAME_BYTES)).containsOnly('a');
        assertThat(Arrays.copyOfRange(durable, FRAME_BYTES, used)).containsOnly('b');
        assertReadable("ab");
    }

    /** The memory is used again while a reader copies from it: what he has then is no frame. */
    @Test
    void whoCopiesWhileTheMemoryIsUsedAgainLooksIntoTheFile() throws IOException {
        append('a');
        bytes.writeOut();
        ByteBuffer memory = ByteBuffer.allocate(TAIL_BYTES);
        memory.put(0, LogOnDisk.bytes("z".repeat(TAIL_BYTES)));
        var before = new Tail(memory, 0);
        var after = new Tail(memory, FRAME_BYTES);
        Deque<Tail> seen = new ArrayDeque<>(List.of(before, after, after));
        var window = new TailWindow(() -> used, seen::remove, mapped);
        assertThat(window.show(0, FRAME_BYTES)).isTrue();
        assertThat(window.keep(0, 1).get(0)).isEqualTo((byte) 'a');
    }

    @Test
    void aReaderKeepsWhatHeReadWhenTheMemoryIsUsedAgain() throws IOException {
        append('a');
        Window window = bytes.window(() -> used);
        assertThat(window.show(0, FRAME_BYTES)).isTrue();
        ByteBuffer kept = window.keep(0, FRAME_BYTES);
        for (char letter = 'b'; letter <= 'p'; letter++) {
            stand.journaled = stand.written;
            append(letter);
        }
        assertThat(kept.get(FRAME_BYTES - 1)).isEqualTo((byte) 'a');
        assertThat(window.show(0, FRAME_BYTES)).isTrue();
        assertThat(window.keep(0, 1).get(0)).isEqualTo((byte) 'a');
    }
}
