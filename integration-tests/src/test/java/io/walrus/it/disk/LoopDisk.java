package io.walrus.it.disk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/** A file system of our own, in an image or in memory, whose power, room and mode we turn. */
public final class LoopDisk implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 60;

    private final Path image;
    private final Path mount;
    private boolean mounted;

    private LoopDisk(Path work, Path image) {
        this.image = image;
        this.mount = work.resolve("mnt");
    }

    /** Skips the test, loudly, where that is not possible. */
    static void requireRootAnd(String... tools) throws IOException {
        List<String> missing = missing(tools);
        if (!missing.isEmpty()) {
            String why = "SKIPPED, a real disk was NOT tested: missing " + missing;
            System.err.println("[WARN] " + why);
            Assumptions.abort(why);
        }
    }

    /** What a file system of our own would need and does not find here, the tools included. */
    public static List<String> missing(String... tools) throws IOException {
        var missing = new ArrayList<String>();
        if (!"root".equals(System.getProperty("user.name"))) {
            missing.add("root");
        }
        for (String tool : tools) {
            if (status("sh", "-c", "command -v " + tool) != 0) {
                missing.add(tool);
            }
        }
        if (missing.isEmpty() && !canMount()) {
            missing.add("loop mounts");
        }
        return missing;
    }

    private static boolean canMount() throws IOException {
        Path dir = Files.createTempDirectory("walrus-mount");
        try {
            boolean works =
                    status("mount", "-t", "tmpfs", "-o", "size=64k", "none", dir.toString()) == 0;
            if (works) {
                run("umount", dir.toString());
            }
            return works && status("losetup", "-f") == 0;
        } finally {
            Files.delete(dir);
        }
    }

    /** A file system in a sparse image. */
    public static LoopDisk of(String type, Path work, int megabytes) throws IOException {
        Path image = work.resolve("disk.img");
        run("truncate", "-s", megabytes + "M", image.toString());
        if (type.equals("xfs")) {
            run("mkfs.xfs", "-q", "-f", image.toString());
        } else {
            run("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0", image.toString());
        }
        var disk = new LoopDisk(work, image);
        Files.createDirectories(disk.mount);
        disk.mount();
        return disk;
    }

    void mount() throws IOException {
        run("mount", "-o", "loop", image.toString(), mount.toString());
        mounted = true;
    }

    public Path dir() {
        return mount.resolve("log");
    }

    /** What the file system has not written is gone; whoever writes gets errors from now on. */
    void cutPower() throws IOException {
        run("xfs_io", "-x", "-c", "shutdown", mount.toString());
    }

    /** Takes all the room that is left, to the last block, until {@link #empty}. */
    public void fill() throws IOException {
        String file = ballast().toString();
        run("sh", "-c", "fallocate -l " + mount.toFile().getUsableSpace() * 9 / 10 + " " + file);
        for (String block : List.of("64K", "4K")) {
            String more = "dd if=/dev/zero bs=" + block + " >> " + file + " 2>/dev/null; true";
            run("sh", "-c", more);
        }
    }

    /** Gives back what {@link #fill} took. */
    public void empty() throws IOException {
        Files.deleteIfExists(ballast());
    }

    private Path ballast() {
        return mount.resolve("ballast");
    }

    void remountReadOnly() throws IOException {
        run("mount", "-o", "remount,ro", mount.toString());
    }

    void unmount() throws IOException {
        if (mounted) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(PATIENCE_SECONDS))
                    .until(() -> collected() && status("umount", mount.toString()) == 0);
            mounted = false;
        }
    }

    /** Mappings of files live until they are collected, and keep the file system busy. */
    private static boolean collected() {
        System.gc();
        return true;
    }

    @Override
    public void close() throws IOException {
        if (mounted && status("umount", mount.toString()) != 0) {
            run("umount", "-l", mount.toString());
        }
        mounted = false;
        Files.deleteIfExists(image);
    }

    static void run(String... command) throws IOException {
        Process process = start(command);
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (await(process) != 0) {
            throw new IOException(List.of(command) + " said: " + said);
        }
    }

    private static int status(String... command) throws IOException {
        Process process = start(command);
        process.getInputStream().readAllBytes();
        return await(process);
    }

    private static Process start(String... command) throws IOException {
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static int await(Process process) {
        return process.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join().exitValue();
    }
}
