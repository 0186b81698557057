package io.walrus.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * What may stand at a place of a line: commands, their subcommands and options, and topics where
 * the command wants one.
 */
final class ReplCompletion {

    private static final String TOPIC = "TOPIC";
    private static final List<String> WORDS_OF_THE_PROMPT = List.of("help", "exit");

    private final CommandLine commands;
    private final Supplier<Collection<String>> topics;

    ReplCompletion(CommandLine commands, Supplier<Collection<String>> topics) {
        this.commands = commands;
        this.topics = topics;
    }

    /** The candidates for the word that is begun, after those before it. */
    Collection<String> candidates(List<String> before, String begun) {
        CommandLine command = commands;
        int parameter = 0;
        for (String word : before) {
            CommandLine subcommand =
                    parameter == 0
                            ? command.getSubcommands().get(word.toLowerCase(Locale.ROOT))
                            : null;
            if (subcommand != null) {
                command = subcommand;
            } else if (!word.startsWith("-")) {
                parameter++;
            }
        }
        if (begun.startsWith("-")) {
            return options(command.getCommandSpec());
        }
        List<String> candidates = new ArrayList<>();
        if (parameter == 0) {
            candidates.addAll(command.getSubcommands().keySet());
            candidates.addAll(before.isEmpty() ? WORDS_OF_THE_PROMPT : List.of());
        }
        if (wantsTopic(command.getCommandSpec(), parameter)) {
            candidates.addAll(topics.get());
        }
        return candidates;
    }

    private static List<String> options(CommandSpec command) {
        return command.options().stream()
                .filter(option -> !option.hidden())
                .map(OptionSpec::longestName)
                .toList();
    }

    private static boolean wantsTopic(CommandSpec command, int parameter) {
        for (PositionalParamSpec parameters : command.positionalParameters()) {
            if (parameters.paramLabel().equals(TOPIC) && parameters.index().contains(parameter)) {
                return true;
            }
        }
        return false;
    }
}
