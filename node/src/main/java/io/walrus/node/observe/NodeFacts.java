package io.walrus.node.observe;

/**
 * What does not change while a node runs.
 *
 * @param nodeId its id in the cluster
 * @param version of the program
 * @param clientAddress {@code host:port} of the client port
 * @param dataDir where its files are
 * @param fsync what an ack promises, as the option says it
 * @param startedMillis wall-clock time of its start, in milliseconds since 1970
 */
public record NodeFacts(
        int nodeId,
        String version,
        String clientAddress,
        String dataDir,
        String fsync,
        long startedMillis) {}
