package io.walrus.node;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.stream.Stream;

/**
 * What an application that brings the node and no configuration of Logback hears: warnings, on
 * standard error. Without it, Logback prints every debug message of every library.
 *
 * <p>Found by Logback as a service; any configuration of the application's own goes first.
 */
public final class QuietLogging extends ContextAwareBase implements Configurator {

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (isConfiguredElsewhere()) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        NodeLogging.warnOnStandardError(context);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private static boolean isConfiguredElsewhere() {
        ClassLoader classes = QuietLogging.class.getClassLoader();
        return System.getProperty("logback.configurationFile") != null
                || Stream.of("logback-test.xml", "logback.xml", "logback-test.scmo", "logback.scmo")
                        .anyMatch(name -> classes.getResource(name) != null);
    }
}
