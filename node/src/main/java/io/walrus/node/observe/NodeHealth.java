package io.walrus.node.observe;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether a node can serve, in one sentence and with its reasons.
 *
 * @param ready true if it takes requests and may write
 * @param problems what stands in the way, each with what to do; empty if ready
 * @param sentence for a person
 */
public record NodeHealth(boolean ready, List<String> problems, String sentence) {

    public NodeHealth {
        problems = List.copyOf(problems);
    }

    /** Decides from what the node knows; no I/O. */
    public static NodeHealth of(Vitals node) {
        var problems = new ArrayList<String>();
        if (node.log().failed()) {
            problems.add(
                    "the log has failed: a sync did not succeed, nothing is acknowledged any more; "
                            + "look at the disk and restart the node");
        }
        if (!node.isServing()) {
            problems.add("the node is starting or stopping and does not serve yet");
        } else if (node.raft().leader() == 0) {
            problems.add(
                    "no metadata leader is known: start the missing nodes, or look at the network");
        } else if (node.leaseNanosLeft() <= 0) {
            problems.add(
                    "this node has no lease and may not write: the metadata leader does not hear it");
        }
        return new NodeHealth(problems.isEmpty(), problems, sentence(node, problems));
    }

    private static String sentence(Vitals node, List<String> problems) {
        String who = "Node " + node.facts().nodeId();
        if (!problems.isEmpty()) {
            return who + " is not ready: " + problems.get(0) + ".";
        }
        int live = node.liveNodes().size();
        int all = node.view().nodes().size();
        int topics = node.view().topics().size();
        return "%s is ready; %s; %d %s."
                .formatted(
                        who,
                        live >= all
                                ? all == 1
                                        ? "it is a cluster of one"
                                        : "all " + all + " nodes are there"
                                : (all - live) + " of " + all + " nodes are away",
                        topics,
                        topics == 1 ? "topic" : "topics");
    }
}
