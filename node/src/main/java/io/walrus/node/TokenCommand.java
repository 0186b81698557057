package io.walrus.node;

import io.walrus.node.access.NewToken;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code walrus token}: makes a token for a client, and its entry for the tokens file. */
@Command(
        name = "token",
        description = {
            "Make a token for a client and print its entry for the tokens file of the nodes.",
            "PATTERN is a topic, or the beginning of topics and *; 'admin' on * also moves nodes."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class TokenCommand implements Callable<Integer> {

    @Parameters(paramLabel = "NAME", description = "What people call it, for messages.")
    private String name;

    @Option(
            names = "--read",
            paramLabel = "PATTERN",
            split = ",",
            description = "Topics it may read and take from.")
    private List<String> read = List.of();

    @Option(
            names = "--write",
            paramLabel = "PATTERN",
            split = ",",
            description = "Topics it may append to.")
    private List<String> write = List.of();

    @Option(
            names = "--admin",
            paramLabel = "PATTERN",
            split = ",",
            description = "Topics it may create, roll over and delete.")
    private List<String> admin = List.of();

    private final PrintStream out;
    private final PrintStream err;

    TokenCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() {
        if (read.isEmpty() && write.isEmpty() && admin.isEmpty()) {
            err.println("walrus token: expected a right: --read, --write or --admin PATTERN");
            return 2;
        }
        try {
            NewToken made = NewToken.of(name, read, write, admin);
            out.println(made.token());
            err.println("the line above is the token: give it to the client, it is kept nowhere");
            err.println("for the file of --tokens, in {\"tokens\": [ … ]}:");
            err.println(made.entry());
            return 0;
        } catch (IllegalArgumentException refused) {
            err.println("walrus token: " + refused.getMessage());
            return 2;
        }
    }
}
