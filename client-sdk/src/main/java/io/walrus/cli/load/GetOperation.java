package io.walrus.cli.load;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.walrus.client.WalrusClient;
import java.util.List;

/** Takes entries under the shared cursor, one or a batch a request. */
final class GetOperation implements Operation {

    private static final int BATCH_BYTES_MAX = 1 << 20;

    private final LoadOptions options;

    GetOperation(LoadOptions options) {
        this.options = options;
    }

    @Override
    public Future<Outcome> send(WalrusClient client, int clientNumber, int sequence) {
        if (options.batch() > 1) {
            return client.getBatch(options.topic(), options.batch(), BATCH_BYTES_MAX)
                    .map(GetOperation::outcome);
        }
        return client.get(options.topic())
                .map(entry -> entry.map(one -> outcome(List.of(one))).orElse(NOTHING_THERE));
    }

    private static Outcome outcome(List<Buffer> entries) {
        long bytes = 0;
        for (Buffer entry : entries) {
            bytes += entry.length();
        }
        return entries.isEmpty() ? NOTHING_THERE : new Outcome(entries.size(), bytes);
    }
}
