package io.walrus.cli.load;

/**
 * What a load is.
 *
 * @param topic where it goes; must exist
 * @param clients how many connections
 * @param inFlight how many requests each has waiting for a reply at most
 * @param entryBytes how large each entry that is put is
 * @param batch how many entries a request that gets asks for
 * @param ratePerSecond how many requests a second all clients send together; 0 for no limit
 * @param durationMillis when to stop; {@link #UNLIMITED} for never
 * @param requestsMax how many requests to send; {@link #UNLIMITED} for no limit
 * @param isKeepingAccount whether what was acknowledged or taken is remembered, a bit or two an
 *     entry
 */
public record LoadOptions(
        String topic,
        int clients,
        int inFlight,
        int entryBytes,
        int batch,
        long ratePerSecond,
        long durationMillis,
        long requestsMax,
        boolean isKeepingAccount) {

    /** No end but the other one. */
    public static final long UNLIMITED = Long.MAX_VALUE;

    /** How many of the requests this client sends. */
    long requestsOf(int client) {
        if (requestsMax == UNLIMITED) {
            return UNLIMITED;
        }
        return requestsMax / clients + (client < requestsMax % clients ? 1 : 0);
    }

    /** The time from one request of a client to its next; 0 for no limit. */
    double nanosApart() {
        return ratePerSecond == 0 ? 0 : 1e9 * clients / ratePerSecond;
    }
}
