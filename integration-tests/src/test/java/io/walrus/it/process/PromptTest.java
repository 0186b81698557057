package io.walrus.it.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The prompt, driven through a pseudo terminal the way a person's fingers would. */
class PromptTest {

    @TempDir private Path dir;

    @Test
    void aPersonPutsGetsCompletesAndFindsTheHistoryAgain() throws IOException {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/script")),
                "SKIPPED LOUDLY: no /usr/bin/script here, so no pseudo terminal for the prompt");
        try (var node = NodeUnderTest.start(dir.resolve("data"))) {
            try (var terminal = new Terminal(dir, node.address())) {
                terminal.waitForPrompt();
                terminal.type("register things\n").waitForPrompt();
                terminal.type("put things \"two words\"\n").waitForPrompt();
                terminal.type("get things\n").waitFor("two words");
                terminal.type("regi\t").waitFor("register");
                terminal.type("more\n").waitForPrompt();
                terminal.type("put nowhere x\n").waitFor("unknown topic");
                terminal.type("help\n").waitFor("metrics");
                terminal.type("exit\n").waitForEnd();
            }
            try (var again = new Terminal(dir, node.address())) {
                again.waitForPrompt();
                again.type("\u0010").waitFor("exit");
                again.type("\u0010").waitFor("help");
                again.type("\u0003").waitForPrompt();
                again.type("\u0004").waitForEnd();
            }
        }
    }

    @Test
    void withoutATerminalThePromptReadsLines() {
        try (var node = NodeUnderTest.start(dir.resolve("data"))) {
            WalrusJar.Result result =
                    WalrusJar.run(
                            "register a\nput a 'x y'\nget a\n".getBytes(StandardCharsets.UTF_8),
                            Map.of("HOME", dir.toString()),
                            "--addr",
                            node.address());
            assertThat(result.exitCode()).as(result.err()).isZero();
            assertThat(result.out()).isEqualTo("x y\n");
        }
    }

    /** The jar inside {@code script}, which gives it a terminal of its own. */
    private static final class Terminal implements AutoCloseable {
        private static final Duration WAIT = Duration.ofMinutes(2);

        private final Process process;
        private final OutputStream keys;
        private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
        private final ByteArrayOutputStream transcript = new ByteArrayOutputStream();

        Terminal(Path home, String address) throws IOException {
            String command = String.join(" ", WalrusJar.commandLine(List.of("--addr", address)));
            command =
                    "stty cols 120 rows 40; "
                            + withInterrupts()
                            + command.replace(" -jar ", " -Duser.home=" + home + " -jar ");
            var builder =
                    new ProcessBuilder("/usr/bin/script", "-qfec", command, "/dev/null")
                            .redirectErrorStream(true);
            builder.environment().put("TERM", "xterm");
            process = builder.start();
            keys = process.getOutputStream();
            var reader = new Thread(() -> watch(process.getInputStream()), "terminal-screen");
            reader.setDaemon(true);
            reader.start();
        }

        /**
         * A build that a shell started in the background ignores interrupts, and so does every
         * process below it; a person's terminal does not.
         */
        private static String withInterrupts() throws IOException {
            String heeding = "env --default-signal=INT ";
            Process tried = new ProcessBuilder("/bin/sh", "-c", heeding + "true 2>&-").start();
            return tried.onExit().join().exitValue() == 0 ? heeding : "";
        }

        private void watch(InputStream output) {
            var bytes = new byte[4_096];
            int read;
            try {
                while ((read = output.read(bytes)) > 0) {
                    synchronized (screen) {
                        screen.write(bytes, 0, read);
                        transcript.write(bytes, 0, read);
                    }
                }
            } catch (IOException ended) {
                // the terminal is gone
            }
        }

        private String screen() {
            synchronized (screen) {
                return screen.toString(StandardCharsets.UTF_8);
            }
        }

        Terminal type(String text) throws IOException {
            synchronized (screen) {
                screen.reset();
            }
            keys.write(text.getBytes(StandardCharsets.UTF_8));
            keys.flush();
            return this;
        }

        Terminal waitFor(String text) {
            await().atMost(WAIT)
                    .untilAsserted(() -> assertThat(screen()).containsIgnoringWhitespaces(text));
            return this;
        }

        /** Waits until the prompt is there again after what was typed. */
        Terminal waitForPrompt() {
            try {
                await().atMost(WAIT).until(() -> screen().contains("walrus>"));
            } catch (ConditionTimeoutException nothing) {
                throw new AssertionError("no prompt; " + situation(), nothing);
            }
            return this;
        }

        /** All that was shown, and what the threads do now: a JVM prints them at this signal. */
        private String situation() {
            process.descendants().forEach(Terminal::quit);
            try {
                await().atMost(WAIT).until(() -> transcript().contains("JNI global refs"));
            } catch (ConditionTimeoutException noThreads) {
                // It has ended, or a shell is all there is.
            }
            return "alive: %s, shown: %s"
                    .formatted(process.isAlive(), transcript().replace('\u001b', '~'));
        }

        private static void quit(ProcessHandle child) {
            try {
                new ProcessBuilder("kill", "-QUIT", Long.toString(child.pid())).start();
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }

        private String transcript() {
            synchronized (screen) {
                return transcript.toString(StandardCharsets.UTF_8);
            }
        }

        void waitForEnd() {
            await().atMost(WAIT).until(() -> !process.isAlive());
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
