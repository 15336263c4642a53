package dev.banyan.output;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.encoder.Encoder;

/**
 * Logback's way into {@link LogLines}. Logback's own AsyncAppender does not say what it dropped, and its appenders wait for whoever
 * reads.
 */
public final class LogLinesAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {
    private final Encoder<ILoggingEvent> encoder;
    private final LogLines lines;

    /** @param encoder started */
    public LogLinesAppender(Encoder<ILoggingEvent> encoder, LogLines lines) {
        this.encoder = encoder;
        this.lines = lines;
    }

    @Override
    protected void append(ILoggingEvent event) {
        lines.add(encoder.encode(event));
    }
}
