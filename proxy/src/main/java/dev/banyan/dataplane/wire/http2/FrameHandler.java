package dev.banyan.dataplane.wire.http2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import org.jspecify.annotations.Nullable;

/**
 * What frames mean for streams, windows and settings: the rules that hold at both ends of a connection (RFC 9113, 5 and 6). What they
 * mean for requests or answers is said by the {@link ConnectionEnd}.
 */
final class FrameHandler<S extends Stream> implements FrameListener {
    private final Session<S> session;
    private final Streams<S> streams;
    private final ConnectionEnd<S> role;
    private @Nullable S dataStream;
    private boolean dataIsEmpty;

    FrameHandler(Session<S> session, ConnectionEnd<S> role) {
        this.session = session;
        this.streams = session.streams();
        this.role = role;
    }

    // HEADERS, DATA, RST_STREAM.

    @Override
    public void headers(int id, ByteBuf block, boolean endStream, boolean dependsOnItself) {
        S stream = streams.get(id);
        if (stream == null) {
            role.headersElsewhere(id, block, endStream, dependsOnItself);
        } else if (!stream.in().hasEnded()) {
            streams.reached(stream);
            role.headers(stream, block, endStream);
        } else if (session.fieldReader().skip(block)) {
            role.streamError(id, Http2Error.STREAM_CLOSED, "HEADERS behind the end of the stream");
        }
    }

    @Override
    public void dataBegins(int id, int flowBytes, int contentBytes) {
        dataStream = null;
        dataIsEmpty = contentBytes == 0;
        if (!session.window().came(flowBytes)) {
            role.connectionError(ConnectionError.flowControl("more DATA than the connection's window allows"));
            return;
        }
        S stream = streams.get(id);
        if (stream != null && mayHaveData(stream, flowBytes)) {
            dataStream = stream;
            session.takenOn(flowBytes - contentBytes);
            stream.in().padding(flowBytes - contentBytes);
            return;
        }
        session.takenOn(flowBytes); // none of it is kept
        if (stream == null && mayHaveCome(id, "DATA")) {
            role.dataOfClosed(id);
        }
    }

    private boolean mayHaveData(S stream, int flowBytes) {
        if (stream.awaitsHead()) {
            role.streamError(stream.id(), Http2Error.PROTOCOL_ERROR, "content comes before its head");
        } else if (stream.in().hasEnded()) {
            role.streamError(stream.id(), Http2Error.STREAM_CLOSED, "DATA behind the end of the stream");
        } else if (!stream.in().came(flowBytes)) {
            role.streamError(stream.id(), Http2Error.FLOW_CONTROL_ERROR, "more content than its window allows");
        } else {
            return true;
        }
        return false;
    }

    @Override
    public void data(int id, ByteBuf piece) {
        S stream = dataStream;
        if (stream == null) {
            piece.release();
            return;
        }
        streams.reached(stream);
        if (!stream.content(piece)) {
            role.streamError(id, Http2Error.PROTOCOL_ERROR, "its content is longer than its Content-Length");
        }
    }

    @Override
    public void dataEnds(int id, boolean endStream) {
        S stream = dataStream;
        dataStream = null;
        if (!endStream) {
            if (dataIsEmpty) {
                role.spend(Misuse.EMPTY_DATA_FLOOD);
            }
        } else if (stream != null && !stream.in().end(null)) {
            role.streamError(id, Http2Error.PROTOCOL_ERROR, "its content is shorter than its Content-Length");
        }
    }

    @Override
    public void reset(int id, long errorCode) {
        S stream = streams.get(id);
        if (stream != null) {
            role.reset(stream, errorCode);
        } else if (mayHaveCome(id, "RST_STREAM")) {
            role.spend(Misuse.USELESS_FRAME_FLOOD);
        }
    }

    /** Whether the stream is closed, so that what comes may have been sent before its peer knew. */
    private boolean mayHaveCome(int id, String what) {
        if (role.isIdle(id)) {
            role.connectionError(ConnectionError.protocol(what + " for a stream that was never opened"));
            return false;
        }
        return true;
    }

    // WINDOW_UPDATE, SETTINGS.

    @Override
    public void windowUpdate(int id, int increment) {
        S stream = streams.get(id);
        if (id == 0) {
            if (!session.outflow().widen(increment)) {
                role.connectionError(ConnectionError.flowControl("the connection's window grows over 2^31-1"));
                return;
            }
        } else if (stream != null) {
            if (!stream.out().widen(increment)) {
                role.streamError(id, Http2Error.FLOW_CONTROL_ERROR, "its window grows over 2^31-1");
                return;
            }
        } else if (!mayHaveCome(id, "WINDOW_UPDATE")) {
            return;
        }
        role.spend(Misuse.WINDOW_UPDATE_FLOOD);
    }

    @Override
    public void setting(int id, long value) {
        ConnectionError error = session.peerSettings().take(id, value);
        if (error != null) {
            role.connectionError(error);
        }
    }

    @Override
    public void settingsEnd() {
        session.writer().settingsAcknowledged();
        role.spend(Misuse.SETTINGS_FLOOD);
        role.settings();
    }

    @Override
    public void settingsAcknowledged() {
        session.oursAreAcknowledged();
        role.spend(Misuse.SETTINGS_FLOOD);
    }

    // The others.

    @Override
    public void ping(long content) {
        session.writer().pingAcknowledged(content);
        role.spend(Misuse.PING_FLOOD);
    }

    @Override
    public void pingAcknowledged(long content) {
        role.pingAcknowledged(content);
    }

    @Override
    public void goAway(int lastStream, long errorCode) {
        role.goAway(lastStream);
    }

    @Override
    public void priority(int id) {
        // Deprecated (RFC 9113, 5.3.2): every stream has its turn.
        role.spend(Misuse.PRIORITY_FLOOD);
    }

    @Override
    public void unknown() {
        role.spend(Misuse.USELESS_FRAME_FLOOD);
    }

    // Mistakes that the reader finds.

    @Override
    public void streamError(int id, Http2Error error, String detail) {
        role.streamError(id, error, detail);
    }

    @Override
    public void connectionError(ConnectionError error) {
        role.connectionError(error);
    }

    @Override
    public void misused(Misuse kind) {
        role.misused(kind);
    }
}
