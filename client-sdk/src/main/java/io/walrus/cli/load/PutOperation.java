package io.walrus.cli.load;

import io.vertx.core.Future;
import io.walrus.client.WalrusClient;
import io.walrus.client.WalrusClientException;

/** Appends stamped entries, and keeps the account of them if that is wanted. */
final class PutOperation implements Operation {

    private final LoadOptions options;
    private final Account account;
    private final Outcome done;

    PutOperation(LoadOptions options, Account account) {
        this.options = options;
        this.account = account;
        this.done = new Outcome(1, options.entryBytes());
    }

    @Override
    public Future<Outcome> send(WalrusClient client, int clientNumber, int sequence) {
        EntryStamp stamp = new EntryStamp(account.run(), clientNumber, sequence);
        Future<Void> put = client.put(options.topic(), stamp.entry(options.entryBytes()));
        if (options.isKeepingAccount()) {
            put =
                    put.onComplete(
                            ok -> account.acknowledged(clientNumber, sequence),
                            failure -> {
                                if (mayHaveHappened(failure)) {
                                    account.perhapsWritten(clientNumber, sequence);
                                }
                            });
        }
        return put.map(done);
    }

    private static boolean mayHaveHappened(Throwable failure) {
        return !(failure instanceof WalrusClientException known) || known.mayHaveHappened();
    }
}
