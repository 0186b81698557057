package io.walrus.node.doctor;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Looks at the file system below a data directory, which need not exist yet. */
final class DiskLook {

    private static final long MIB = 1 << 20;
    private static final long FREE_MIB_MIN = 256;
    private static final long FREE_MIB_GOOD = 4_096;

    private DiskLook() {}

    /** The nearest directory that exists: what holds the file system that a node would use. */
    static Path existing(Path directory) {
        Path path = directory.toAbsolutePath().normalize();
        while (!Files.isDirectory(path) && path.getParent() != null) {
            path = path.getParent();
        }
        return path;
    }

    static List<Finding> look(Path directory) throws IOException {
        FileStore store = Files.getFileStore(directory);
        List<Finding> findings = new ArrayList<>();
        findings.add(kind(store.type()));
        findings.add(free(store.getUsableSpace() / MIB));
        return findings;
    }

    static Finding kind(String type) {
        String name = type.toLowerCase(Locale.ROOT);
        if (name.equals("tmpfs") || name.equals("ramfs")) {
            return Finding.hurts(
                    "disk", type + " lives in memory: nothing survives a power cut; choose a disk");
        }
        if (name.startsWith("nfs") || name.startsWith("cifs") || name.startsWith("fuse")) {
            return Finding.note(
                    "disk",
                    type + " is reached by a network or a program; its sync may promise less");
        }
        return Finding.ok("disk", "file system " + type);
    }

    static Finding free(long mib) {
        String found = "%,d MiB free".formatted(mib);
        if (mib < FREE_MIB_MIN) {
            return Finding.hurts("disk", found + "; a node wants 256 MiB to begin with");
        }
        return mib < FREE_MIB_GOOD
                ? Finding.note("disk", found + "; watch it")
                : Finding.ok("disk", found);
    }
}
