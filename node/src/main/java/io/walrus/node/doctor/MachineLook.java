package io.walrus.node.doctor;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;

/** Looks at Java, memory and the limit of open files. */
final class MachineLook {

    private static final long MIB = 1 << 20;
    private static final long HEAP_MIB_MIN = 64;
    private static final long HEAP_MIB_GOOD = 128;
    private static final long FILES_MIN = 1_024;
    private static final long FILES_GOOD = 16_384;

    private MachineLook() {}

    static List<Finding> look() {
        Runtime java = Runtime.getRuntime();
        OperatingSystemMXBean system =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long filesMax =
                system instanceof UnixOperatingSystemMXBean unix
                        ? unix.getMaxFileDescriptorCount()
                        : Long.MAX_VALUE;
        return List.of(
                Finding.ok(
                        "java",
                        "%s (%s), %d processors"
                                .formatted(
                                        Runtime.version(),
                                        System.getProperty("java.vendor"),
                                        java.availableProcessors())),
                memory(java.maxMemory() / MIB, system.getTotalMemorySize() / MIB),
                openFiles(filesMax));
    }

    static Finding memory(long heapMib, long machineMib) {
        String found = "heap up to %,d MiB of the machine's %,d MiB".formatted(heapMib, machineMib);
        if (heapMib < HEAP_MIB_MIN) {
            return Finding.hurts("memory", found + "; a node wants -Xmx128m or more");
        }
        if (heapMib < HEAP_MIB_GOOD) {
            return Finding.note("memory", found + "; enough for a few topics, -Xmx128m is better");
        }
        return Finding.ok("memory", found);
    }

    static Finding openFiles(long max) {
        if (max == Long.MAX_VALUE) {
            return Finding.ok("files", "no limit of open files that Java knows of");
        }
        String found = "up to %,d open at once".formatted(max);
        if (max < FILES_MIN) {
            return Finding.hurts("files", found + "; raise it: ulimit -n 65536");
        }
        if (max < FILES_GOOD) {
            return Finding.note(
                    "files", found + "; enough for some hundred topics, else: ulimit -n 65536");
        }
        return Finding.ok("files", found);
    }
}
