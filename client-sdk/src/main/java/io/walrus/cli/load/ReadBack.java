package io.walrus.cli.load;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.walrus.client.Place;
import io.walrus.client.TopicReaderOptions;
import io.walrus.client.WalrusClient;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Reads a topic again from where a load began, and holds it against the load's account: what was
 * acknowledged must be there once, what is unknown at most once, and each client's entries in the
 * order it sent them. Entries of others are passed over.
 */
public final class ReadBack {

    private final Account account;
    private final List<BitSet> seen = new ArrayList<>();
    private final int[] lastSequence;
    private long doubled;
    private long outOfOrder;
    private long unasked;

    private ReadBack(Account account) {
        this.account = account;
        this.lastSequence = new int[account.clients()];
        for (int i = 0; i < account.clients(); i++) {
            seen.add(new BitSet());
            lastSequence[i] = -1;
        }
    }

    /** Reads from the place to the end; completes on the caller's context. */
    public static Future<Findings> run(
            WalrusClient client, String topic, Place from, Account account) {
        ReadBack readBack = new ReadBack(account);
        Promise<Findings> read = Promise.promise();
        client.reader(topic, new TopicReaderOptions().setStart(from).setEndingAtEnd(true))
                .exceptionHandler(read::tryFail)
                .endHandler(end -> read.tryComplete(readBack.findings()))
                .handler(entry -> readBack.see(entry.payload()));
        return read.future();
    }

    private void see(Buffer entry) {
        EntryStamp stamp = EntryStamp.of(entry);
        if (stamp == null || stamp.run() != account.run() || stamp.client() >= account.clients()) {
            return;
        }
        int client = stamp.client();
        int sequence = stamp.sequence();
        if (seen.get(client).get(sequence)) {
            doubled++;
            return;
        }
        seen.get(client).set(sequence);
        outOfOrder += sequence < lastSequence[client] ? 1 : 0;
        lastSequence[client] = Math.max(lastSequence[client], sequence);
        boolean isExpected =
                account.acked(client).get(sequence) || account.unknown(client).get(sequence);
        unasked += isExpected ? 0 : 1;
    }

    private Findings findings() {
        long found = 0;
        long lost = 0;
        for (int client = 0; client < account.clients(); client++) {
            found += seen.get(client).cardinality();
            BitSet missing = (BitSet) account.acked(client).clone();
            missing.andNot(seen.get(client));
            lost += missing.cardinality();
        }
        return new Findings(found, lost, doubled, outOfOrder, unasked, 0);
    }
}
