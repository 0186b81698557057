package io.walrus.node;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Every test of this module waits a minute for what it expects, where it names no time of its own:
 * a busy machine makes a test slow, and never red. JUnit finds this by its service file.
 */
public final class Patience implements BeforeAllCallback {

    private static final Duration WAIT = Duration.ofMinutes(1);

    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.setDefaultTimeout(WAIT);
    }
}
