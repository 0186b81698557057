package io.walrus.node.routing;

import io.walrus.metadata.CursorPosition;
import io.walrus.metadata.LeaderRotation;
import io.walrus.metadata.MetadataCommand;
import io.walrus.metadata.MetadataCommand.Placement;
import io.walrus.metadata.MetadataService;
import io.walrus.metadata.Outcome;
import io.walrus.metadata.ReadRule;
import io.walrus.metadata.RefusalCode;
import io.walrus.metadata.TopicMetadata;
import io.walrus.protocol.Command;
import io.walrus.protocol.ErrorCode;
import io.walrus.protocol.Reply;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** Changes of topics that the whole cluster agrees on. Any thread; nothing blocks. */
final class TopicChanges {

    private final MetadataService metadata;
    private final Supplier<Set<Integer>> liveNodes;
    private final int topicsMax;

    /** Topics that are being created through this node, and who leads the last of them. */
    private int creations;

    private int lastLeader;

    TopicChanges(MetadataService metadata, Supplier<Set<Integer>> liveNodes, int topicsMax) {
        this.topicsMax = topicsMax;
        this.metadata = metadata;
        this.liveNodes = liveNodes;
    }

    /**
     * Creates a topic; also fine if it exists. A topic that this node still shows may have been
     * deleted through another one a moment ago, so the node catches up before it believes that.
     */
    void register(String topic, Consumer<Reply> answer) {
        if (isKnown(topic)) {
            metadata.catchUp().thenAccept(isUpToDate -> registerKnown(topic, isUpToDate, answer));
        } else {
            create(topic, answer);
        }
    }

    private void registerKnown(String topic, boolean isUpToDate, Consumer<Reply> answer) {
        if (!isUpToDate) {
            answer.accept(cannotAsk());
        } else if (isKnown(topic)) {
            answer.accept(Reply.ok());
        } else {
            create(topic, answer);
        }
    }

    /** The limit is held against this node's view: what is created at the same moment passes. */
    private void create(String topic, Consumer<Reply> answer) {
        int count = metadata.view().topics().size();
        if (count >= topicsMax) {
            answer.accept(
                    new Reply.Err(
                            ErrorCode.AT_LIMIT,
                            ("the cluster has %d topics, and this node creates none beyond %d;"
                                            + " delete some, or start it with a higher"
                                            + " --topics-max")
                                    .formatted(count, topicsMax)));
            return;
        }
        if (liveNodes.get().isEmpty()) {
            answer.accept(new Reply.Err(ErrorCode.NO_LEADER, "no node is live yet; try again"));
            return;
        }
        NextLeader.chosen(metadata, () -> createOnce(topic))
                .thenAccept(outcome -> answer.accept(registered(topic, outcome)));
    }

    private CompletionStage<Outcome> createOnce(String topic) {
        OptionalInt leader = beginCreation();
        if (leader.isEmpty()) {
            return CompletableFuture.completedStage(
                    new Outcome.Refused(
                            RefusalCode.NO_LEADER, "a node that takes new topics", "none"));
        }
        return metadata.propose(
                        new MetadataCommand.CreateTopic(topic, Placement.single(leader.getAsInt())))
                .thenApply(
                        outcome -> {
                            endCreation();
                            return outcome;
                        });
    }

    /** Who leads the next topic: the rotation goes on behind what is under way and not seen yet. */
    private synchronized OptionalInt beginCreation() {
        Set<Integer> live = liveNodes.get();
        OptionalInt leader =
                creations == 0
                        ? LeaderRotation.initial(metadata.view(), live)
                        : LeaderRotation.next(lastLeader, live);
        if (leader.isPresent()) {
            creations++;
            lastLeader = leader.getAsInt();
        }
        return leader;
    }

    private synchronized void endCreation() {
        creations--;
    }

    private Reply registered(String topic, Outcome outcome) {
        return outcome.isApplied() || isKnown(topic)
                ? Reply.ok()
                : refusal(outcome, "the topic may exist, REGISTER again is safe");
    }

    /** Removes that life of the topic, and no later one. */
    void delete(TopicMetadata topic, Consumer<Reply> answer) {
        metadata.propose(new MetadataCommand.DeleteTopic(topic.name(), topic.id()))
                .thenAccept(outcome -> answer.accept(deleted(topic, outcome)));
    }

    private Reply deleted(TopicMetadata topic, Outcome outcome) {
        return outcome.isApplied() || !Stored.isShown(metadata.view(), Stored.topic(topic))
                ? Reply.ok()
                : refusal(outcome, "the topic may be deleted, look with STATE");
    }

    /** Moves a named cursor of the topic forward; the place is durable on most nodes then. */
    void commit(TopicMetadata topic, Command.Commit commit, Consumer<Reply> answer) {
        var place = new CursorPosition(commit.segment(), commit.offset());
        metadata.propose(
                        new MetadataCommand.CommitCursor(
                                topic.name(), topic.id(), commit.name(), place))
                .thenAccept(
                        outcome -> answer.accept(moved(topic, commit.name(), outcome, "COMMIT")));
    }

    /** Moves a named cursor of the topic from where it stands, back as well. */
    void seek(TopicMetadata topic, Command.Seek seek, Consumer<Reply> answer) {
        metadata.propose(
                        new MetadataCommand.MoveCursor(
                                topic.name(),
                                topic.id(),
                                seek.name(),
                                new CursorPosition(seek.segment(), seek.offset()),
                                new CursorPosition(seek.toSegment(), seek.toOffset())))
                .thenAccept(outcome -> answer.accept(moved(topic, seek.name(), outcome, "SEEK")));
    }

    private static Reply moved(TopicMetadata topic, String cursor, Outcome outcome, String verb) {
        if (outcome.isApplied()) {
            return Reply.ok();
        }
        if (outcome instanceof Outcome.Refused refused) {
            if (refused.code() == RefusalCode.CURSOR_MOVED) {
                return new Reply.Err(
                        ErrorCode.CURSOR_MOVED,
                        "cursor %s stands elsewhere: %s; ask CURSOR where"
                                .formatted(cursor, refused.message()));
            }
            if (refused.code() == RefusalCode.CURSOR_BEHIND) {
                return new Reply.Err(
                        ErrorCode.CURSOR_BACK,
                        "cursor %s never goes back by a commit (SEEK moves it back): %s"
                                .formatted(cursor, refused.message()));
            }
            if (refused.code() == RefusalCode.UNKNOWN_TOPIC) {
                return Reply.Err.unknownTopic(topic.name());
            }
        }
        return refusal(outcome, verb + " again is safe");
    }

    /** Sets what the topic's shared cursor promises; in force at its owner with its next view. */
    void setReads(TopicMetadata topic, Command.Reads reads, Consumer<Reply> answer) {
        metadata.propose(
                        new MetadataCommand.SetReads(
                                topic.name(), topic.id(), ReadRule.of(reads.rule())))
                .thenAccept(
                        outcome ->
                                answer.accept(
                                        outcome.isApplied()
                                                ? Reply.ok()
                                                : refusal(outcome, "READS again is safe")));
    }

    /** Looks at the topic's named cursors, after everything that was committed anywhere before. */
    void cursors(TopicMetadata topic, Consumer<Reply> answer, Function<TopicMetadata, Reply> look) {
        metadata.catchUp()
                .thenAccept(
                        isUpToDate ->
                                answer.accept(
                                        isUpToDate
                                                ? metadata.view()
                                                        .topic(topic.name())
                                                        .map(look)
                                                        .orElse(
                                                                Reply.Err.unknownTopic(
                                                                        topic.name()))
                                                : cannotAsk()));
    }

    private static Reply.Err cannotAsk() {
        return new Reply.Err(
                ErrorCode.NO_LEADER, "this node cannot ask the cluster at the moment; try again");
    }

    private boolean isKnown(String topic) {
        return metadata.view().topic(topic).isPresent();
    }

    private static Reply.Err refusal(Outcome outcome, String ifUnknown) {
        if (outcome instanceof Outcome.Refused refused) {
            ErrorCode code =
                    refused.code().retryable() ? ErrorCode.NO_LEADER : ErrorCode.BAD_REQUEST;
            return new Reply.Err(code, refused.message());
        }
        return new Reply.Err(ErrorCode.UNKNOWN, "the cluster did not answer in time; " + ifUnknown);
    }
}
