package io.walrus;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * How long every test of this module waits for a condition when it does not say: long enough for a
 * machine that is busy with other builds. Loaded for each test class by JUnit itself.
 */
public final class Patience implements BeforeAllCallback {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.setDefaultTimeout(PATIENCE);
    }
}
