package io.walrus.metadata;

import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The door to what the cluster agrees on: look at it, change it, hear of changes. */
public interface MetadataService {

    /**
     * The newest state this node has applied.
     *
     * <p>Any thread, no IO, no waiting. It may lag behind other nodes; it never goes back while the
     * service runs. Everything in it is committed on a majority.
     */
    ClusterMetadata view();

    /**
     * Asks the cluster to apply a command; works on every node, the leader is found.
     *
     * <p>Any thread. The stage always completes normally, within the proposal time-out, on a thread
     * of the service: do not block there. Applied means durable on a majority and visible in this
     * node's {@link #view()}. Refused means it never happens. Unknown means it may have happened.
     * Proposals of one node are not ordered among each other: await one before the next where order
     * matters.
     */
    CompletionStage<Outcome> propose(MetadataCommand command);

    /**
     * Brings this node's view up to the cluster's: once it completes with true, {@link #view()}
     * shows everything that was committed before this call, wherever it was proposed.
     *
     * <p>Any thread. Completes normally within the proposal time-out, on a thread of the service:
     * do not block there. False means that no leader could be asked in time; the view may lag
     * behind.
     */
    CompletionStage<Boolean> catchUp();

    /**
     * Calls the listener with the newest state after every change, one call at a time, in order;
     * several changes may come as one call. What was there before the call is not told.
     *
     * <p>Runs on a thread of the service: do not block there. Close the subscription to end it.
     */
    Subscription onChange(Consumer<ViewChange> listener);

    /** Ends with {@link #close()}, which waits for nothing and may be called twice. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
