package dev.banyan.dataplane.wire.http2;

import io.netty.handler.codec.http2.Http2Error;

/**
 * What makes a whole connection impossible (RFC 9113, 5.4.1).
 *
 * @param detail a sentence for whoever looks into a trace
 */
record ConnectionError(Http2Error code, String detail) {

    static ConnectionError protocol(String detail) {
        return new ConnectionError(Http2Error.PROTOCOL_ERROR, detail);
    }

    static ConnectionError frameSize(String detail) {
        return new ConnectionError(Http2Error.FRAME_SIZE_ERROR, detail);
    }

    static ConnectionError flowControl(String detail) {
        return new ConnectionError(Http2Error.FLOW_CONTROL_ERROR, detail);
    }
}
