package dev.banyan.dataplane.wire.http2;

/** Numbers of frames, flags and settings (RFC 9113, 6). */
final class FrameType {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PUSH_PROMISE = 5;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int ACK = 0x1;
    static final int END_STREAM = 0x1;
    static final int END_HEADERS = 0x4;
    static final int PADDED = 0x8;
    static final int HAS_PRIORITY = 0x20;

    static final int SETTING_ENABLE_PUSH = 2;
    static final int SETTING_MAX_CONCURRENT_STREAMS = 3;
    static final int SETTING_INITIAL_WINDOW_SIZE = 4;
    static final int SETTING_MAX_FRAME_SIZE = 5;
    static final int SETTING_MAX_HEADER_LIST_SIZE = 6;

    static final int HEADER_BYTES = 9;
    static final int DEFAULT_FRAME_BYTES = 16_384;
    static final int LARGEST_FRAME_BYTES = (1 << 24) - 1;
    static final int DEFAULT_WINDOW_BYTES = 65_535;
    static final int MAX_STREAM = Integer.MAX_VALUE;

    private FrameType() {}
}
