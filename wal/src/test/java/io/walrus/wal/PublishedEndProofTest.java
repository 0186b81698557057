package io.walrus.wal;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import io.walrus.wal.sim.SimulatedDisk;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/**
 * Readers without a lock beside appenders and the one thread that publishes what is durable, in
 * every interleaving that is tried: no reader sees an entry before it is published, or misses one
 * after, also where the entry begins a file and the one before is trimmed. Public because Lincheck
 * makes instances.
 */
public final class PublishedEndProofTest {

    /** Two of them are more than a stream's first file holds. */
    private static final int ENTRY_BYTES = 9 << 10;

    private static final Path STREAMS = Path.of("/log/streams");

    private final PendingQueue written = new PendingQueue();
    private final Stream stream;
    private Pending unpublished;
    private int count;

    public PublishedEndProofTest() throws java.io.IOException {
        var disk = new SimulatedDisk(1);
        disk.createDirectories(STREAMS);
        var openFiles = new OpenFiles(100, WalObserver.NONE);
        var health = new LogHealth(WalObserver.NONE, cause -> {});
        var inFlight = new InFlight(100, 1 << 20);
        stream =
                new Stream(
                        new EngineServices(
                                disk,
                                STREAMS,
                                new FileFactory(
                                        disk,
                                        Backend.FILE_CHANNEL,
                                        64 << 10,
                                        openFiles,
                                        TailRoom.none()),
                                Runnable::run,
                                Runnable::run,
                                health,
                                new Unpublished(),
                                new AckTeller(health, inFlight),
                                inFlight,
                                new DirtyFiles(openFiles),
                                () -> 7,
                                Clock.systemUTC(),
                                WalObserver.NONE),
                        1,
                        "topic");
        append();
        publish();
    }

    /** What a committer is: it keeps what was appended until it is durable. */
    private final class Unpublished implements Acks {

        @Override
        public boolean atOnce(Stream of, long firstOffset) {
            return false;
        }

        @Override
        public void submit(Pending pending) {
            written.put(pending);
        }
    }

    /** An entry whose first byte is its offset; one appender, so that it knows. */
    @Operation(nonParallelGroup = "the one appender")
    public void append() {
        var payload = ByteBuffer.allocate(ENTRY_BYTES).put(0, (byte) count++);
        stream.appendAsync(new FrameBody.One().holding(payload));
    }

    /** The oldest that is not published; what its promise is worth is for others to prove. */
    @Operation(nonParallelGroup = "the one publisher")
    public boolean publish() {
        if (unpublished == null) {
            unpublished = written.takeAll();
        }
        Pending oldest = unpublished;
        if (oldest == null) {
            return false;
        }
        unpublished = oldest.next;
        stream.acked(oldest.endOffset, oldest.count, oldest.payloadBytes);
        return true;
    }

    /** What is read at an offset: the entry's own byte, or that there is none. */
    @Operation
    public int read(int at) {
        List<Entry> read = StreamReads.read(stream, at, 1, 1);
        return read.isEmpty() ? -1 : read.get(0).bytes()[0];
    }

    @Operation
    public long end() {
        return stream.visibleEnd();
    }

    /** What readers are promised, one call after the other. */
    public static final class Promised {

        private int appended = 1;
        private int published = 1;

        public void append() {
            appended++;
        }

        public boolean publish() {
            boolean more = published < appended;
            published += more ? 1 : 0;
            return more;
        }

        public int read(int at) {
            return at < published ? at : -1;
        }

        public long end() {
            return published;
        }
    }

    @Test
    void everyInterleavingIsLikeOneAfterTheOther() throws NoSuchMethodException {
        Actor append = actor("append");
        Actor publish = actor("publish");
        Actor readSecond =
                new Actor(PublishedEndProofTest.class.getMethod("read", int.class), List.of(1));
        new ModelCheckingOptions()
                .addGuarantee(forClasses(SimulatedDisk.class.getName()).allMethods().ignore())
                .addGuarantee(forClasses("io.walrus.wal.sim.SimulatedFile").allMethods().ignore())
                .addGuarantee(forClasses(FileFactory.class.getName()).allMethods().ignore())
                .addGuarantee(forClasses(FileChain.class.getName()).methods("prepare").ignore())
                .addCustomScenario(
                        scenario(
                                List.of(
                                        List.of(append, publish),
                                        List.of(readSecond, actor("end"), readSecond))))
                .addCustomScenario(
                        scenario(
                                List.of(
                                        List.of(append),
                                        List.of(publish, publish),
                                        List.of(readSecond, readSecond))))
                .sequentialSpecification(Promised.class)
                .iterations(0)
                .invocationsPerIteration(400)
                .check(PublishedEndProofTest.class);
    }

    private static Actor actor(String name) throws NoSuchMethodException {
        return new Actor(PublishedEndProofTest.class.getMethod(name), List.of());
    }

    private static ExecutionScenario scenario(List<List<Actor>> threads) {
        return new ExecutionScenario(List.of(), threads, List.of(), null);
    }
}
