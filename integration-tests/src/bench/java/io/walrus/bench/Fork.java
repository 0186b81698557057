package io.walrus.bench;

import io.walrus.bench.child.ChildMain;
import io.walrus.bench.child.Findings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.atomic.AtomicBoolean;

/** One child JVM: started, listened to, ended. */
final class Fork {
    private final List<String> command;
    private final Path log;
    private final double secondsMax;

    Fork(List<String> command, Path log, double secondsMax) {
        this.command = command;
        this.log = log;
        this.secondsMax = secondsMax;
    }

    Findings untilEnd() throws ForkFailed {
        return listen(false);
    }

    Findings untilFindingsThenKill() throws ForkFailed {
        return listen(true);
    }

    private Findings listen(boolean killAfterFindings) throws ForkFailed {
        AtomicBoolean late = new AtomicBoolean();
        Timer timer = new Timer("fork-timer", true);
        try {
            Process child =
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                            .start();
            timer.schedule(
                    new TimerTask() {
                        @Override
                        public void run() {
                            late.set(true);
                            child.destroyForcibly();
                        }
                    },
                    (long) (secondsMax * 1000));
            Findings findings = read(child, killAfterFindings);
            int code = child.waitFor();
            if (code == ChildMain.CANNOT) {
                throw new ForkFailed(lastLine(), true);
            }
            if (findings == null || (code != 0 && !killAfterFindings)) {
                throw new ForkFailed(late.get() ? "no end after " + secondsMax + " s" : reason(code));
            }
            return findings;
        } catch (IOException e) {
            throw new ForkFailed("could not run a child: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ForkFailed("interrupted", e);
        } finally {
            timer.cancel();
        }
    }

    /** Everything that is not findings goes to the log file. */
    private Findings read(Process child, boolean killAfterFindings) throws IOException {
        Findings findings = null;
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (Findings.isFindings(line)) {
                    findings = Findings.parse(line);
                    if (killAfterFindings) {
                        child.destroyForcibly();
                        break;
                    }
                } else {
                    Files.writeString(log, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                }
            }
        }
        return findings;
    }

    private String lastLine() throws IOException {
        List<String> lines = Files.readAllLines(log);
        return lines.get(lines.size() - 1);
    }

    /** The innermost cause that the child's stack trace names. */
    private String reason(int code) throws IOException {
        List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
        String reason = "";
        for (String line : lines) {
            if (line.startsWith("Caused by: ") || line.startsWith("Exception in thread")) {
                reason = line;
            }
        }
        return (reason.isEmpty() ? "exit code " + code : reason) + " (see " + log.getFileName() + ")";
    }
}
