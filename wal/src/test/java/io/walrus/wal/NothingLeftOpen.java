package io.walrus.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * After every test of this module the open files and the engines' threads are those from before it,
 * and after every class the mapped files are. A mapping ends with the garbage collection that finds
 * it out of reach, so one is asked for where mappings are left. JUnit finds this by its service
 * file.
 */
public final class NothingLeftOpen
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

    private static final System.Logger LOG = System.getLogger(NothingLeftOpen.class.getName());
    private static final Namespace ROOM = Namespace.create(NothingLeftOpen.class);
    private static final Duration WAIT = Duration.ofSeconds(60);

    @Override
    public void beforeAll(ExtensionContext tests) {
        if (!HeldOpen.isTold()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "NOT CHECKED in {0}: that open and mapped files are closed again; expected"
                            + " /proc/self, found none",
                    tests.getDisplayName());
        }
        tests.getStore(ROOM).put(HeldOpen.class, HeldOpen.mapped());
    }

    @Override
    public void beforeEach(ExtensionContext test) {
        test.getStore(ROOM).put(HeldOpen.class, HeldOpen.closable());
    }

    @Override
    public void afterEach(ExtensionContext test) {
        requireNoMore(test, HeldOpen::closable);
    }

    @Override
    public void afterAll(ExtensionContext tests) {
        requireNoMore(
                tests,
                () -> {
                    HeldOpen now = HeldOpen.mapped();
                    if (!now.moreThan(before(tests)).isEmpty()) {
                        System.gc();
                    }
                    return now;
                });
    }

    private static HeldOpen before(ExtensionContext context) {
        return context.getStore(ROOM).get(HeldOpen.class, HeldOpen.class);
    }

    private static void requireNoMore(ExtensionContext context, Supplier<HeldOpen> held) {
        HeldOpen before = before(context);
        if (held.get().moreThan(before).isEmpty()) {
            return;
        }
        Awaitility.await(context.getDisplayName())
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(50))
                .atMost(WAIT)
                .untilAsserted(
                        () ->
                                assertThat(held.get().moreThan(before))
                                        .as("left behind by " + context.getDisplayName())
                                        .isEmpty());
    }
}
