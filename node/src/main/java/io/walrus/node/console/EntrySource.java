package io.walrus.node.console;

import io.walrus.protocol.Command;
import io.walrus.protocol.Reply;
import java.util.function.Consumer;

/** Reads entries by their place, wherever in the cluster they are; no cursor moves. */
@FunctionalInterface
public interface EntrySource {

    /** Answers once, on any thread. */
    void read(Command.Read command, Consumer<Reply> answer);
}
