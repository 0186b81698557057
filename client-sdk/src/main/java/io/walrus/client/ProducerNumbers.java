package io.walrus.client;

import io.walrus.protocol.Command;
import java.util.UUID;

/** Under which producer and number the next entries go. On the home context only. */
final class ProducerNumbers {

    private long producer = drawn();
    private long nextSequence;

    private static long drawn() {
        return UUID.randomUUID().getLeastSignificantBits() & Long.MAX_VALUE;
    }

    /** New ones, where no server expects those that came back. */
    void startAgain() {
        producer = drawn();
        nextSequence = 0;
    }

    Command.AppendNumbered number(OnceAppend append, String topic, int segment) {
        var numbered = append.numbered(topic, segment, producer, nextSequence);
        nextSequence += append.entries.size();
        return numbered;
    }
}
