package io.walrus.cli.load;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.walrus.client.WalrusClient;
import java.util.List;

/** Takes entries under the shared cursor, one or a batch a request. */
final class GetOperation implements Operation {

    private static final int BATCH_BYTES_MAX = 1 << 20;

    private final LoadOptions options;
    private final Taken taken;

    GetOperation(LoadOptions options, Taken taken) {
        this.options = options;
        this.taken = taken;
    }

    @Override
    public Future<Outcome> send(WalrusClient client, int clientNumber, int sequence) {
        if (options.batch() > 1) {
            return client.getBatch(options.topic(), options.batch(), BATCH_BYTES_MAX)
                    .map(entries -> outcome(clientNumber, entries));
        }
        return client.get(options.topic())
                .map(
                        entry ->
                                entry.map(one -> outcome(clientNumber, List.of(one)))
                                        .orElse(NOTHING_THERE));
    }

    private Outcome outcome(int clientNumber, List<Buffer> entries) {
        long bytes = 0;
        for (Buffer entry : entries) {
            bytes += entry.length();
            if (options.isKeepingAccount()) {
                taken.add(clientNumber, entry);
            }
        }
        return entries.isEmpty() ? NOTHING_THERE : new Outcome(entries.size(), bytes);
    }
}
