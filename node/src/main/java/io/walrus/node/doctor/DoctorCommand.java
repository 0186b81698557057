package io.walrus.node.doctor;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code walrus doctor}: is this machine fit for a node, and what may be expected of it? */
@Command(
        name = "doctor",
        description = "Look at this machine and its disk before a node runs here.",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Writes for some seconds below the data directory. Exits with 1 if something will hurt."
        })
public final class DoctorCommand implements Callable<Integer> {

    private static final int PORT_MAX = 65_535;
    private static final int MILLIS_MAX = 60_000;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            defaultValue = "data",
            description = "Where a node would keep its data. Default ./data.")
    private Path dataDir;

    @Option(names = "--host", defaultValue = "127.0.0.1", description = "Where it would listen.")
    private String host;

    @Option(
            names = "--client-port",
            defaultValue = "8080",
            description = "For clients. Default 8080; 0 looks at none.")
    private int clientPort;

    @Option(
            names = "--raft-port",
            defaultValue = "6000",
            description = "For other nodes. Default 6000; 0 looks at none.")
    private int raftPort;

    @Option(
            names = "--millis",
            paramLabel = "N",
            defaultValue = "1000",
            description = "How long to measure with 1, 10 and 100 writers each. Default 1000.")
    private int millis;

    private final PrintStream out;
    private final PrintStream err;
    private final LongSupplier nanoClock;

    /**
     * @param out takes the findings
     * @param err takes errors
     * @param nanoClock what the measuring goes by
     */
    public DoctorCommand(PrintStream out, PrintStream err, LongSupplier nanoClock) {
        this.out = out;
        this.err = err;
        this.nanoClock = nanoClock;
    }

    @Override
    public Integer call() throws IOException {
        if (!isPort(clientPort) || !isPort(raftPort) || millis < 1 || millis > MILLIS_MAX) {
            err.println("walrus doctor: a port is 0 to 65535, and --millis 1 to 60000; see --help");
            return 2;
        }
        Path existing = DiskLook.existing(dataDir);
        List<Finding> findings = new ArrayList<>(MachineLook.look());
        addPort(findings, "client", clientPort);
        addPort(findings, "raft", raftPort);
        findings.addAll(DiskLook.look(existing));
        findings.addAll(SyncLook.look(existing, millis, nanoClock));
        findings.forEach(this::print);
        long hurting =
                findings.stream()
                        .filter(finding -> finding.verdict() == Finding.Verdict.HURTS)
                        .count();
        out.println(hurting == 0 ? "Nothing here will hurt." : hurting + " of these will hurt.");
        return hurting == 0 ? 0 : 1;
    }

    private void addPort(List<Finding> findings, String purpose, int port) {
        if (port > 0) {
            findings.add(PortLook.look(purpose, host, port));
        }
    }

    private void print(Finding finding) {
        out.printf(
                "%-6s %-7s %s%n",
                finding.verdict().name().toLowerCase(Locale.ROOT),
                finding.subject(),
                finding.text());
    }

    private static boolean isPort(int port) {
        return port >= 0 && port <= PORT_MAX;
    }
}
