package io.walrus.node;

import java.util.Map;
import java.util.function.Consumer;

/**
 * The settings that come from environment variables; they yield to flags and win over the
 * configuration file.
 */
final class NodeEnvironment {

    private final Map<String, String> environment;

    NodeEnvironment(Map<String, String> environment) {
        this.environment = environment;
    }

    void applyTo(NodeOptions.Draft draft) {
        number("WALRUS_MAX_SEGMENT_ENTRIES", 1, n -> draft.segmentEntriesMax = n);
        number("WALRUS_MAX_SEGMENT_BYTES", 1, n -> draft.segmentBytesMax = n);
        number("WALRUS_MONITOR_CHECK_MS", 10, n -> draft.monitorMillis = n);
        number("WALRUS_RPC_TIMEOUT_MS", 1, n -> draft.rpcTimeoutMillis = n);
        text("WALRUS_DATA_DIR", dir -> draft.dataDir = dir);
        text("WALRUS_INSTANCE_KEY", key -> draft.instanceKey = key);
        text("WALRUS_CLUSTER_SECRET", secret -> draft.clusterSecret = secret);
    }

    private void text(String name, Consumer<String> set) {
        String value = environment.get(name);
        if (value != null && !value.isBlank()) {
            set.accept(value);
        }
    }

    private void number(String name, long min, Consumer<Long> set) {
        text(
                name,
                value -> {
                    try {
                        long number = Long.parseLong(value.trim());
                        if (number >= min) {
                            set.accept(number);
                            return;
                        }
                    } catch (NumberFormatException notANumber) {
                        // told below, together with numbers that are too small
                    }
                    throw new IllegalArgumentException(
                            "environment variable %s: expected a number of %d or more, got '%s'"
                                    .formatted(name, min, value));
                });
    }
}
