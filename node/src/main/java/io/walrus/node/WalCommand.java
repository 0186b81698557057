package io.walrus.node;

import io.walrus.wal.tool.WalTool;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/**
 * {@code walrus wal}: looks at a log's directory without changing it; the words after it are the
 * tool's own.
 */
@Command(
        name = "wal",
        description = "Verify, dump or count a log's directory, without changing it.",
        customSynopsis =
                "walrus wal (verify|dump|stats) DIR [options]; walrus wal for the whole usage")
final class WalCommand implements Callable<Integer> {

    @Unmatched private final List<String> words = new ArrayList<>();

    private final PrintStream out;
    private final PrintStream err;

    WalCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() {
        return WalTool.run(words.toArray(String[]::new), out, err);
    }
}
