package dev.banyan.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import dev.banyan.output.LogFile;
import dev.banyan.output.LogLines;
import dev.banyan.output.LogLinesAppender;
import dev.banyan.output.StandardStream;
import dev.banyan.settings.LogLevel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.slf4j.LoggerFactory;

/**
 * A server's own log: lines for a log collector, and what it says to whoever started it. No thread that logs waits for the output
 * ({@link LogLines}). A configuration of Logback's own, named by {@code -Dlogback.configurationFile}, takes its place.
 */
final class ServerLog implements AutoCloseable {
    private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX, UTC} %-5level %logger{0} %msg%n";
    private static final String CONFIGURED = "logback.configurationFile";

    /** For the last lines of a process that ends. */
    private static final Duration FAREWELL = Duration.ofSeconds(1);

    private final LogLines lines;

    private ServerLog(WritableByteChannel out, InstantSource clock) {
        this.lines = new LogLines(
                "banyan-log",
                out,
                missing -> bytes("%s WARN  ServerLog dropped lines of this log, because nobody took them lines=%d%n"
                        .formatted(clock.instant().truncatedTo(ChronoUnit.MILLIS), missing)));
    }

    /** To standard error; standard output carries the access log. */
    static ServerLog toStandardError(LogLevel level, InstantSource clock) {
        ServerLog log = new ServerLog(StandardStream.err(), clock);
        log.takeOver(Level.WARN, Level.valueOf(level.name()));
        return log;
    }

    /** To a file, so that the terminal shows only what the demo prints. */
    static ServerLog toFile(LogFile file, InstantSource clock) {
        ServerLog log = new ServerLog(file, clock);
        log.takeOver(Level.INFO, Level.INFO);
        return log;
    }

    /** @param libraries of those, what somebody should act on */
    private void takeOver(Level libraries, Level ours) {
        if (System.getProperty(CONFIGURED) != null
                || !(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            return;
        }
        context.reset();
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(PATTERN);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.start();
        LogLinesAppender appender = new LogLinesAppender(encoder, lines);
        appender.setContext(context);
        appender.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(libraries);
        root.addAppender(appender);
        context.getLogger("dev.banyan").setLevel(ours);
    }

    /** A line for whoever started the process. */
    void say(String line) {
        lines.add(bytes(line + System.lineSeparator()));
    }

    /** Lines that were lost since the start. */
    long dropped() {
        return lines.dropped();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Lets the last lines get away, for a second at most. */
    @Override
    public void close() {
        lines.close(FAREWELL);
    }
}
