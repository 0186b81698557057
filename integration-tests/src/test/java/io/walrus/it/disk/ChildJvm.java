package io.walrus.it.disk;

import io.walrus.wal.Wal;
import io.walrus.wal.WalException;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A {@link WritingChild} in a process of its own, and what it has told. */
final class ChildJvm implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 60;

    private final Process process;
    private final Told told;
    private final Thread listener;
    private final CountDownLatch opened = new CountDownLatch(1);

    ChildJvm(Path dir, String policy, String backend, int topics, Told told) throws IOException {
        this.told = told;
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.add("-cp");
        command.add(home(Wal.class) + ":" + home(ChildJvm.class));
        command.add(WritingChild.class.getName());
        command.addAll(List.of(dir.toString(), policy, backend, Integer.toString(topics)));
        process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        listener = new Thread(this::listen, "listens-to-child");
        listener.start();
    }

    private static String home(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                    .toString();
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void listen() {
        try (var in = new DataInputStream(process.getInputStream())) {
            while (true) {
                byte kind = in.readByte();
                int topic = in.readInt();
                long offset = in.readLong();
                switch (kind) {
                    case WritingChild.OPENED -> opened.countDown();
                    case WritingChild.ACKED -> told.acked(topic, offset);
                    case WritingChild.DELIVERED -> told.delivered(topic, offset);
                    case WritingChild.REFUSED ->
                            told.refused(WalException.Kind.values()[(int) offset]);
                    default -> throw new IOException("a child says " + kind);
                }
            }
        } catch (EOFException itIsGone) {
            opened.countDown();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    void awaitOpened() throws InterruptedException {
        if (!opened.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the child did not open its log in time");
        }
    }

    /** Waits for its own end. */
    void awaitEnd() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the child did not end in time");
        }
        listener.join();
    }

    /** SIGKILL; everything it told before is known afterwards. */
    @Override
    public void close() {
        // By its handle: Process.destroyForcibly would close the pipe and lose what is in it.
        process.toHandle().destroyForcibly();
        process.onExit().join();
        try {
            listener.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
