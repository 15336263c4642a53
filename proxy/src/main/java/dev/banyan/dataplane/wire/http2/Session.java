package dev.banyan.dataplane.wire.http2;

import dev.banyan.dataplane.loop.Loop;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2Error;
import org.jspecify.annotations.Nullable;

/** What a connection has once, at either end: its writer, its compression, its windows, and when it is flushed. */
final class Session {
    /** So that a few streams whose takers are slow do not hold up the others. */
    private static final int WINDOW_BYTES = 1024 * 1024;

    private final Channel channel;
    private final Loop loop;
    private final FrameWriter writer;
    private final FieldBlockReader fieldReader = new FieldBlockReader();
    private final FieldBlockWriter fieldWriter = new FieldBlockWriter();
    private final Outflow outflow;
    private final InWindow window = new InWindow(WINDOW_BYTES);
    private final Runnable flushNow;
    private boolean reading;
    private boolean flushScheduled;

    /** A parameter that may not be as it is. */
    record BadSetting(Http2Error error, String detail) {}

    /** @param flushNow sends what streams may send, and flushes */
    Session(Channel channel, Loop loop, Runnable flushNow) {
        this.channel = channel;
        this.loop = loop;
        this.writer = new FrameWriter(channel);
        this.outflow = new Outflow(channel, loop, writer, fieldWriter);
        this.flushNow = () -> {
            flushScheduled = false;
            flushNow.run();
        };
    }

    FrameWriter writer() {
        return writer;
    }

    FieldBlockReader fieldReader() {
        return fieldReader;
    }

    FieldBlockWriter fieldWriter() {
        return fieldWriter;
    }

    Outflow outflow() {
        return outflow;
    }

    /** How much the peer may send on all streams together. */
    InWindow window() {
        return window;
    }

    /** Opens the connection's window as wide as it is meant to be; behind our SETTINGS. */
    void openWindow() {
        writer.windowUpdate(0, WINDOW_BYTES - FrameType.DEFAULT_WINDOW_BYTES);
    }

    /** So many bytes of DATA are done with: the peer may send as many again. */
    void takenOn(int bytes) {
        int back = bytes == 0 ? 0 : window.takenOn(bytes);
        if (back > 0) {
            writer.windowUpdate(0, back);
        }
    }

    /** Takes a parameter on that holds for the connection; null if it may be as it is. */
    @Nullable
    BadSetting setting(int id, long value) {
        switch (id) {
            case FrameType.SETTING_ENABLE_PUSH -> {
                if (value > 1) {
                    return new BadSetting(Http2Error.PROTOCOL_ERROR, "ENABLE_PUSH is neither 0 nor 1");
                }
            }
            case FrameType.SETTING_INITIAL_WINDOW_SIZE -> {
                if (value > Integer.MAX_VALUE) {
                    return new BadSetting(Http2Error.FLOW_CONTROL_ERROR, "INITIAL_WINDOW_SIZE is over 2^31-1");
                }
            }
            case FrameType.SETTING_MAX_FRAME_SIZE -> {
                if (value < FrameType.DEFAULT_FRAME_BYTES || value > FrameType.LARGEST_FRAME_BYTES) {
                    return new BadSetting(Http2Error.PROTOCOL_ERROR, "MAX_FRAME_SIZE is not from 2^14 to 2^24-1");
                }
                writer.peerFrameBytes((int) value);
            }
            default -> {}
        }
        return null;
    }

    /** While what was read is worked off, nothing is flushed: it all leaves together after that. */
    void reading(boolean reading) {
        this.reading = reading;
    }

    /** Flushes once all that the loop has at hand was worked off. */
    void flushSoon() {
        if (!reading && !flushScheduled) {
            flushScheduled = true;
            loop.eventLoop().execute(flushNow);
        }
    }

    ByteBuf allocate(int bytes) {
        return channel.alloc().buffer(bytes);
    }
}
