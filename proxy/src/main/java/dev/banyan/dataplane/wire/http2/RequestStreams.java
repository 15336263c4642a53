package dev.banyan.dataplane.wire.http2;

import dev.banyan.dataplane.exchange.ConnectionHost;
import dev.banyan.dataplane.exchange.Peer;
import dev.banyan.dataplane.loop.Loop;
import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.wire.ClientTimeouts;
import dev.banyan.dataplane.wire.http2.ClosedStreams.How;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import java.util.concurrent.TimeUnit;

/** A server's end: the requests of one client's connection, a stream and an exchange each. */
final class RequestStreams implements ConnectionEnd<ServerStream> {
    private static final long SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Http2ServerConnection connection;
    private final Session<ServerStream> session;
    private final Streams<ServerStream> streams;
    private final ConnectionHost host;
    private final Loop loop;
    private final ClientTimeouts timeouts;
    private final Patience patience;
    private final Allowances allowances;
    private final ClosedStreams closedStreams;
    private final int maxStreams;
    private final RequestHeads heads;
    private int lastStream;
    private long sweptNanos;

    RequestStreams(
            Http2ServerConnection connection,
            Session<ServerStream> session,
            ConnectionHost host,
            Loop loop,
            Peer peer,
            ClientTimeouts timeouts,
            Patience patience) {
        this.connection = connection;
        this.session = session;
        this.streams = session.streams();
        this.host = host;
        this.loop = loop;
        this.timeouts = timeouts;
        this.patience = patience;
        this.maxStreams = host.http2Limits().streams();
        this.closedStreams = new ClosedStreams(maxStreams);
        this.heads = new RequestHeads(this, session, host, loop, peer, timeouts);
        this.allowances = new Allowances(loop.coarseNanos(), maxStreams);
        this.sweptNanos = loop.coarseNanos();
    }

    /** The highest number of a stream that was served or refused. */
    int lastStream() {
        return lastStream;
    }

    /** While the connection drains, what the client opened before it could know is closed, not idle. */
    @Override
    public boolean isIdle(int id) {
        return id % 2 == 0 || (id > lastStream && connection.takesStreams());
    }

    // Requests begin.

    @Override
    public void headersElsewhere(int id, ByteBuf block, boolean endStream, boolean dependsOnItself) {
        if (id % 2 == 0) {
            connectionError(ConnectionError.protocol("a client's streams have odd numbers"));
        } else if (id <= lastStream) {
            headersOfClosed(id, block);
        } else if (!connection.takesStreams()) {
            session.fieldReader().skip(block);
        } else {
            newStream(id, block, endStream, dependsOnItself);
        }
    }

    private void newStream(int id, ByteBuf block, boolean endStream, boolean dependsOnItself) {
        patience.busy(loop.coarseNanos());
        allowances.earn(Misuse.PRIORITY_FLOOD, 2);
        allowances.earn(Misuse.WINDOW_UPDATE_FLOOD, 2);
        lastStream = id;
        if (streams.size() >= maxStreams) {
            refuse(id, block);
            return;
        }
        heads.read(id, block, endStream, dependsOnItself);
    }

    private void refuse(int id, ByteBuf block) {
        if (session.fieldReader().skip(block)) {
            reset(id, Http2Error.REFUSED_STREAM);
            if (session.peerKnowsOurs()) {
                spend(Misuse.TOO_MANY_STREAMS);
            }
        }
    }

    // Requests go on.

    /** Trailers. */
    @Override
    public void headers(ServerStream stream, ByteBuf block, boolean endStream) {
        if (!endStream) {
            if (session.fieldReader().skip(block)) {
                streamError(stream.id(), Http2Error.PROTOCOL_ERROR, "a second head follows the first");
            }
            return;
        }
        Head trailers = new Head();
        switch (session.fieldReader().readTrailers(block, trailers)) {
            case UNDECODABLE -> {}
            case MALFORMED, TOO_LARGE ->
                streamError(stream.id(), Http2Error.PROTOCOL_ERROR, "its trailers cannot be read");
            case READ -> {
                if (!stream.in().end(trailers.count() == 0 ? null : trailers)) {
                    streamError(
                            stream.id(), Http2Error.PROTOCOL_ERROR, "its content is shorter than its Content-Length");
                }
            }
        }
    }

    @Override
    public void reset(ServerStream stream, long errorCode) {
        boolean answered = stream.answered();
        close(stream, How.RESET_BY_PEER);
        if (!answered) {
            spend(Misuse.RAPID_RESET);
        }
    }

    // Frames that come late.

    private void headersOfClosed(int id, ByteBuf block) {
        switch (closedStreams.how(id)) {
            case ENDED -> closedStream("HEADERS for a stream that is closed");
            case UNKNOWN -> connectionError(ConnectionError.protocol("a new stream's number is not the highest"));
            case RESET_BY_PEER -> {
                if (session.fieldReader().skip(block)) {
                    streamError(id, Http2Error.STREAM_CLOSED, "HEADERS for a stream that its client has reset");
                }
            }
            case RESET_BY_US -> {
                if (session.fieldReader().skip(block)) {
                    spend(Misuse.USELESS_FRAME_FLOOD);
                }
            }
        }
    }

    @Override
    public void dataOfClosed(int id) {
        if (id > lastStream) {
            return; // opened when the connection was draining
        }
        switch (closedStreams.how(id)) {
            case ENDED, UNKNOWN -> closedStream("DATA for a stream that is closed");
            case RESET_BY_PEER ->
                streamError(id, Http2Error.STREAM_CLOSED, "DATA for a stream that its client has reset");
            case RESET_BY_US -> spend(Misuse.USELESS_FRAME_FLOOD);
        }
    }

    private void closedStream(String detail) {
        connectionError(new ConnectionError(Http2Error.STREAM_CLOSED, detail));
    }

    // Frames of the connection.

    @Override
    public void settings() {
        // Taken on by what is sent.
    }

    @Override
    public void pingAcknowledged(long content) {
        if (!connection.pingAcknowledged(content)) {
            spend(Misuse.PING_FLOOD);
        }
    }

    /** The client opens no more streams; when it wants to close, it closes. */
    @Override
    public void goAway(int last) {
        spend(Misuse.USELESS_FRAME_FLOOD);
    }

    // Mistakes.

    /** It costs us a request that is on its way already: so few are borne. */
    @Override
    public void streamError(int id, Http2Error error, String detail) {
        if (isIdle(id)) {
            // Which a frame about priorities leaves it (RFC 9113, 5.1): RST_STREAM would not be understood.
            connectionError(new ConnectionError(error, detail));
            return;
        }
        ServerStream stream = streams.get(id);
        if (stream != null) {
            close(stream, How.RESET_BY_US);
        }
        reset(id, error);
        spend(Misuse.MADE_YOU_RESET);
    }

    @Override
    public void connectionError(ConnectionError error) {
        connection.goAway(error.code(), error.detail());
    }

    @Override
    public void spend(Misuse kind) {
        if (!allowances.spend(kind, loop.coarseNanos())) {
            misused(kind);
        }
    }

    @Override
    public void misused(Misuse kind) {
        connection.misused(kind);
    }

    // Requests end.

    /** Of our own will: the answer can not be brought to its end. */
    void reset(ServerStream stream, Http2Error error) {
        if (streams.get(stream.id()) == stream) {
            close(stream, How.RESET_BY_US);
            reset(stream.id(), error);
            session.flushSoon();
        }
    }

    private void reset(int id, Http2Error error) {
        session.writer().reset(id, error);
        if (closedStreams.how(id) == How.UNKNOWN) {
            closedStreams.add(id, How.RESET_BY_US);
        }
    }

    /** The whole answer was written and its exchange has ended. */
    void answerHasLeft(ServerStream stream) {
        if (streams.get(stream.id()) != stream) {
            return;
        }
        if (stream.in().hasEnded()) {
            close(stream, How.ENDED);
        } else {
            // An answer before the request was whole: the rest is not wanted (RFC 9113, 8.1).
            reset(stream, Http2Error.NO_ERROR);
        }
        heads.spare(stream.head());
    }

    private void close(ServerStream stream, How how) {
        streams.remove(stream.id());
        closedStreams.add(stream.id(), how);
        patience.busy(loop.coarseNanos());
        stream.close();
        if (streams.isEmpty() && !connection.takesStreams()) {
            session.flushSoon();
        }
    }

    /** The connection serves no more. */
    void closeAll() {
        streams.removeAll().forEach(ServerStream::close);
    }

    /** Answers were sent: whoever takes them opens windows. */
    void sent() {
        allowances.earn(Misuse.WINDOW_UPDATE_FLOOD, 4 * session.outflow().takeDataFrames());
    }

    /** Asked now and then. */
    void sweep(long nowNanos) {
        if (streams.isEmpty()) {
            sweptNanos = nowNanos;
        }
        long sinceLast = nowNanos - sweptNanos;
        if (sinceLast <= SWEEP_NANOS) {
            return;
        }
        sweptNanos = nowNanos;
        for (ServerStream stream : streams.all()) {
            if (stream.out().isStalled(nowNanos, timeouts.idle().toNanos())) {
                host.misused(Misuse.STALLED_STREAM.word());
                reset(stream, Http2Error.CANCEL);
            } else {
                stream.sweep(sinceLast, nowNanos);
            }
        }
    }
}
