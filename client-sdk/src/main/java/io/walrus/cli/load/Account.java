package io.walrus.cli.load;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * What became of every entry of a run, by client and sequence: acknowledged, or perhaps written.
 *
 * <p>Each client's part is written on its own event loop only; it may be read when the load is
 * over.
 */
public final class Account {

    private static final class Part {
        private final BitSet acked = new BitSet();
        private final BitSet unknown = new BitSet();
    }

    private final long run;
    private final List<Part> parts = new ArrayList<>();

    Account(long run, int clients) {
        this.run = run;
        for (int i = 0; i < clients; i++) {
            parts.add(new Part());
        }
    }

    long run() {
        return run;
    }

    int clients() {
        return parts.size();
    }

    void acknowledged(int client, int sequence) {
        parts.get(client).acked.set(sequence);
    }

    void perhapsWritten(int client, int sequence) {
        parts.get(client).unknown.set(sequence);
    }

    BitSet acked(int client) {
        return parts.get(client).acked;
    }

    BitSet unknown(int client) {
        return parts.get(client).unknown;
    }
}
