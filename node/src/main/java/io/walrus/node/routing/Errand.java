package io.walrus.node.routing;

import io.walrus.protocol.Command;
import io.walrus.protocol.Reply;
import java.util.function.Consumer;

/**
 * A request other than an append on its way to the node that can answer it.
 *
 * @param isRouted another node sent it here: it is answered or refused at once, never sent on
 * @param deadlineNanos until when it may wait for somebody who can answer
 */
record Errand(
        Command.OnTopic command, boolean isRouted, long deadlineNanos, Consumer<Reply> answer) {}
