package io.walrus.metadata;

/** What became of a proposal: it happened, it did not, or nobody can say yet. */
public sealed interface Outcome {

    /**
     * The command is in the replicated state, durable on a majority.
     *
     * @param version the state's version right after it
     * @param changed false if the state already was as the command wanted it
     */
    record Applied(long version, boolean changed) implements Outcome {}

    /**
     * The command did not happen and will not happen.
     *
     * @param code the kind of refusal
     * @param expected what the command expected
     * @param found what was found instead
     */
    record Refused(RefusalCode code, String expected, String found) implements Outcome {
        /** One line for an error reply or a log. */
        public String message() {
            return code + ": expected " + expected + ", found " + found;
        }
    }

    /**
     * No answer came in time: it may have happened, or may happen later. Look it up by {@link
     * ClusterMetadata#outcomeOf(ProposalId)} or by its effect; never repeat it blindly.
     */
    record Unknown(ProposalId id, String detail) implements Outcome {}

    /** Whether the command certainly is in the state. */
    default boolean isApplied() {
        return this instanceof Applied;
    }
}
