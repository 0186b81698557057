package io.walrus.wal.tool;

import io.walrus.wal.disk.Disk;
import io.walrus.wal.disk.RealDisk;
import java.io.IOException;
import java.io.PrintStream;

/**
 * Looks at a log's directory, as a command would: verify, dump, stats.
 *
 * <p>Never writes, locks or repairs; a log that is open elsewhere may be looked at, and what is
 * printed is then a moment's picture. Blocks for as long as reading takes. Needs memory for the
 * largest entry and for a few words per entry of one file.
 */
public final class WalTool {

    /** Nothing is damaged. */
    public static final int FINE = 0;

    /** The disk failed, or the log changed under the look. */
    public static final int FAILED = 1;

    /** Wrong use, no log, or one of a newer format. */
    public static final int MISUSED = 2;

    /** Something is damaged; the output says what and where. */
    public static final int DAMAGED = 8;

    private WalTool() {}

    /**
     * Runs one command.
     *
     * @param args a verb, a directory, options; none of them prints the usage
     * @param out takes the result
     * @param err takes what went wrong, and for dump and stats what is damaged
     * @return the exit code: {@link #FINE}, {@link #FAILED}, {@link #MISUSED} or {@link #DAMAGED}
     */
    public static int run(String[] args, PrintStream out, PrintStream err) {
        return run(args, out, err, new RealDisk());
    }

    static int run(String[] args, PrintStream out, PrintStream err, Disk disk) {
        try {
            ToolArguments arguments = ToolArguments.parse(args);
            return run(arguments, out, err, disk);
        } catch (ToolArguments.MisusedException misused) {
            err.println(misused.getMessage());
            err.print(ToolArguments.USAGE);
            return MISUSED;
        } catch (LogLook.NotThereException notThere) {
            err.println(notThere.getMessage());
            return MISUSED;
        } catch (IOException failed) {
            err.println("could not read the log: " + failed);
            return FAILED;
        }
    }

    private static int run(ToolArguments arguments, PrintStream out, PrintStream err, Disk disk)
            throws IOException, LogLook.NotThereException {
        boolean verifying = arguments.verb() == ToolArguments.Verb.VERIFY;
        var findings = new Findings(arguments.dir(), verifying ? out : err);
        try (LogLook log = LogLook.at(disk, arguments.dir(), findings)) {
            switch (arguments.verb()) {
                case VERIFY -> VerifyVerb.run(log, findings, out);
                case DUMP -> new DumpVerb(arguments, out).run(log);
                case STATS -> new StatsVerb(arguments, out).run(log);
                default -> throw new IllegalStateException("a verb without a meaning");
            }
        }
        out.flush();
        return findings.damages() == 0 ? FINE : DAMAGED;
    }
}
