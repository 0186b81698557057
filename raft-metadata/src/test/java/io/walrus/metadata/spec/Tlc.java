package io.walrus.metadata.spec;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tlc2.TLC;

/**
 * Runs the model checker on one model, in a child JVM: TLC keeps its state in statics, and a run
 * that does not end must be stopped from outside.
 *
 * <p>One worker and a small heap, because a build machine is shared. Blocks until TLC ends or the
 * limit passes; a run over the limit is killed and fails.
 */
final class Tlc {
    private static final long LIMIT_SECONDS = 600;
    private static final String HEAP = "-Xmx768m";

    private final Path scratch;

    /**
     * @param scratch an empty directory for the states on disk and the output; the caller deletes
     *     it
     */
    Tlc(Path scratch) {
        this.scratch = scratch;
    }

    Verdict check(Model model) throws IOException, InterruptedException {
        String spec = model.module() + ".tla";
        Files.copy(Model.directory().resolve(spec), scratch.resolve(spec));
        Files.writeString(scratch.resolve("Model.cfg"), model.text());
        Path output = scratch.resolve("tlc.out");
        Process tlc =
                new ProcessBuilder(command(spec))
                        .directory(scratch.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        try {
            if (!tlc.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(
                        "TLC did not end within "
                                + LIMIT_SECONDS
                                + " s; make the world of the model smaller. Output so far:\n"
                                + Files.readString(output));
            }
        } finally {
            tlc.destroyForcibly();
        }
        return Verdict.of(Files.readString(output));
    }

    private List<String> command(String spec) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                // Most runs end within a second: the second compiler would cost more than it gains.
                "-XX:TieredStopAtLevel=1",
                HEAP,
                // TLC unpacks its standard modules into the directory for temporary files.
                "-Djava.io.tmpdir=" + scratch,
                "-cp",
                jarOf(TLC.class),
                "tlc2.TLC",
                "-workers",
                "1",
                "-metadir",
                scratch.resolve("states").toString(),
                "-config",
                "Model.cfg",
                spec);
    }

    private static String jarOf(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                    .toString();
        } catch (URISyntaxException unreadable) {
            throw new IllegalStateException("where is the jar of " + type + "?", unreadable);
        }
    }
}
