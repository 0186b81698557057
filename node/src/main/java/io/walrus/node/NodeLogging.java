package io.walrus.node;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/**
 * Sends the log of the process to a file, or to standard error, where a person reads only what
 * matters.
 */
final class NodeLogging {

    private static final String PATTERN = "%d{HH:mm:ss.SSS} %-5level %logger{0} - %msg%n%ex{full}";

    private NodeLogging() {}

    /** Warnings only: for commands, and for a node without a log file. */
    static void toStandardError() {
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        warnOnStandardError(context);
    }

    /** For a context that is not configured yet. */
    static void warnOnStandardError(LoggerContext context) {
        var console = new ConsoleAppender<ILoggingEvent>();
        console.setTarget("System.err");
        start(context, console, Level.WARN, Level.ERROR);
    }

    static void toFile(Path logFile) throws IOException {
        Path parent = logFile.toAbsolutePath().getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            throw new IOException("--log-file: no such directory: " + parent);
        }
        var file = new FileAppender<ILoggingEvent>();
        file.setFile(logFile.toString());
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        start(context, file, Level.INFO, Level.WARN);
    }

    private static void start(
            LoggerContext context,
            OutputStreamAppender<ILoggingEvent> appender,
            Level ours,
            Level raft) {
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(ours);
        context.getLogger("com.alipay").setLevel(raft);
        var encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(PATTERN);
        encoder.start();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.start();
        root.addAppender(appender);
    }
}
