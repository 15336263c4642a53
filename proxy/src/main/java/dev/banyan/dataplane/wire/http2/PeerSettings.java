package dev.banyan.dataplane.wire.http2;

import org.jspecify.annotations.Nullable;

/** What the peer has said by SETTINGS, and what follows from it for what is sent (RFC 9113, 6.5.2). */
final class PeerSettings {
    /** No less is recommended where nothing is said. */
    private static final int DEFAULT_STREAMS = 100;

    private final FrameWriter writer;
    private final Outflow outflow;
    private final Streams<?> streams;
    private int maxStreams = DEFAULT_STREAMS;

    PeerSettings(FrameWriter writer, Outflow outflow, Streams<?> streams) {
        this.writer = writer;
        this.outflow = outflow;
        this.streams = streams;
    }

    /** How many streams we may have open. */
    int maxStreams() {
        return maxStreams;
    }

    /** Takes a parameter on; null if it may be as it is. Those that nobody knows are ignored. */
    @Nullable
    ConnectionError take(int id, long value) {
        return switch (id) {
            case FrameType.SETTING_ENABLE_PUSH ->
                value > 1 ? ConnectionError.protocol("ENABLE_PUSH is neither 0 nor 1") : null;
            case FrameType.SETTING_MAX_CONCURRENT_STREAMS -> {
                maxStreams = (int) Math.min(value, Integer.MAX_VALUE);
                yield null;
            }
            case FrameType.SETTING_INITIAL_WINDOW_SIZE -> initialWindow(value);
            case FrameType.SETTING_MAX_FRAME_SIZE -> frameSize(value);
            default -> null;
        };
    }

    /** Streams that are open are changed by the difference, which may leave them less than nothing (RFC 9113, 6.9.2). */
    private @Nullable ConnectionError initialWindow(long value) {
        if (value > Integer.MAX_VALUE) {
            return ConnectionError.flowControl("INITIAL_WINDOW_SIZE is over 2^31-1");
        }
        int change = (int) value - outflow.initialWindow();
        outflow.initialWindow((int) value);
        return streams.widen(change) ? null : ConnectionError.flowControl("a stream's window grows over 2^31-1");
    }

    private @Nullable ConnectionError frameSize(long value) {
        if (value < FrameType.DEFAULT_FRAME_BYTES || value > FrameType.LARGEST_FRAME_BYTES) {
            return ConnectionError.protocol("MAX_FRAME_SIZE is not from 2^14 to 2^24-1");
        }
        writer.peerFrameBytes((int) value);
        return null;
    }
}
