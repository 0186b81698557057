package io.walrus.cli;

import java.util.List;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code walrus completion bash|zsh}: a script for a shell. */
@CommandLine.Command(
        name = "completion",
        description = "Prints a script that makes a shell complete the commands and options.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Wants a command named walrus, such as the launcher or an alias. Then, in bash or zsh:",
            "  source <(walrus completion bash)"
        })
final class CompletionCommand implements Runnable {

    private static final List<String> SHELLS = List.of("bash", "zsh");

    @ParentCommand private WalrusCommand root;
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
    private String shell;

    @Override
    public void run() {
        if (!SHELLS.contains(shell)) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "SHELL: bash or zsh is wanted; came: '" + shell + "'");
        }
        // One script serves both: it turns zsh's bash completion on by itself.
        root.writeLine(AutoComplete.bash("walrus", spec.root().commandLine()).stripTrailing());
    }
}
