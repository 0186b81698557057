package io.walrus.it.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node killed hard, again and again, while clients write: every acknowledged entry is there
 * afterwards, in order.
 */
class NodeKillTest {

    private static final int KILLS = Integer.getInteger("walrus.kills", 20);
    private static final int WRITERS = 3;

    @TempDir private Path dir;

    /** What one writer knows: entries it sent and entries that were acked, both counted from 0. */
    private static final class Writer {
        private final int id;
        private int sent;
        private final AtomicInteger acked = new AtomicInteger();

        Writer(int id) {
            this.id = id;
        }

        /** Pipelines until the connection breaks. */
        void writeUntilKilled(int port) {
            try (var wire = new Wire(port)) {
                wire.ask("REGISTER t" + id);
                int inFlight = 0;
                while (true) {
                    while (inFlight < 50) {
                        wire.send("PUT t" + id + " " + sent);
                        sent++;
                        inFlight++;
                    }
                    assertThat(wire.receive()).isEqualTo("OK");
                    acked.incrementAndGet();
                    inFlight--;
                }
            } catch (IOException killed) {
                // what was sent and not acked is unknown
            }
        }
    }

    @Test
    void everyAckedEntryIsThereAfterEveryKill() throws IOException {
        var writers = new ArrayList<Writer>();
        for (int i = 0; i < WRITERS; i++) {
            writers.add(new Writer(i));
        }
        var random = new Random(20);
        for (int kill = 0; kill < KILLS; kill++) {
            try (var node = NodeUnderTest.start(dir, "--log-file", dir + "/node.log")) {
                for (Writer writer : writers) {
                    checkAll(node, writer, kill);
                }
                int enough = 20 + random.nextInt(400);
                var running = start(writers, node.clientPort());
                int before = total(writers);
                while (total(writers) - before < enough) {
                    Thread.onSpinWait();
                }
                node.kill();
                CompletableFuture.allOf(running.toArray(CompletableFuture[]::new)).join();
            }
        }
        try (var node = NodeUnderTest.start(dir)) {
            for (Writer writer : writers) {
                checkAll(node, writer, KILLS);
            }
        }
    }

    private static List<CompletableFuture<Void>> start(List<Writer> writers, int port) {
        return writers.stream()
                .map(writer -> CompletableFuture.runAsync(() -> writer.writeUntilKilled(port)))
                .toList();
    }

    private static int total(List<Writer> writers) {
        return writers.stream().mapToInt(writer -> writer.acked.get()).sum();
    }

    /**
     * Walks all segments by FETCH: acked entries are all there, nothing twice, in the order of
     * sending.
     */
    private static void checkAll(NodeUnderTest node, Writer writer, int kill) throws IOException {
        try (var wire = new Wire(node.clientPort())) {
            var found = new ArrayList<Integer>();
            wire.ask("REGISTER t" + writer.id);
            for (int segment = 1; ; segment++) {
                int offset = 0;
                String reply;
                while ((reply = wire.ask("FETCH t" + writer.id + " " + segment + " " + offset))
                        .startsWith("OK ")) {
                    found.add(Integer.parseInt(reply.substring(reply.lastIndexOf(' ') + 1)));
                    offset++;
                }
                if (reply.startsWith("ERR NO_SEGMENT")) {
                    break;
                }
                assertThat(reply).isEqualTo("EMPTY");
            }
            assertThat(found)
                    .as("kill %d, topic t%d", kill, writer.id)
                    .isSorted()
                    .doesNotHaveDuplicates();
            assertThat(found.size()).isGreaterThanOrEqualTo(writer.acked.get());
            writer.sent = found.isEmpty() ? 0 : found.get(found.size() - 1) + 1;
            assertThat(found).hasSize(writer.sent);
            writer.acked.set(writer.sent);
        }
    }
}
