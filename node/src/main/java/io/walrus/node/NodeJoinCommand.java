package io.walrus.node;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/**
 * {@code walrus node join ADDR}: the start of a node that joins, under the name of what it does.
 */
@Command(
        name = "join",
        description = "Run a node that joins the cluster of ADDR; the same as node --join ADDR.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class NodeJoinCommand extends NodeCommand {

    @ParentCommand private NodeCommand before;

    @Parameters(
            arity = "1",
            split = ",",
            paramLabel = "HOST:RAFTPORT",
            description = "The raft address of a member, or of several split by commas.")
    private List<String> members;

    private final PrintStream err;

    NodeJoinCommand(Map<String, String> environment, PrintStream out, PrintStream err) {
        super(environment, out, err);
        this.err = err;
    }

    @Override
    public Integer call() {
        if (namesMembers() || before.namesMembers()) {
            err.println(
                    "walrus node: join: members to join are given twice, as --join and behind 'join'; leave --join out and name them all behind 'join', split by commas");
            return 2;
        }
        inherit(before);
        return super.call();
    }

    /** Flags between {@code node} and {@code join} count too, those behind it win. */
    @Override
    void applyFlags(NodeOptions.Draft draft) {
        before.applyFlags(draft);
        super.applyFlags(draft);
        draft.join = List.copyOf(members);
    }
}
