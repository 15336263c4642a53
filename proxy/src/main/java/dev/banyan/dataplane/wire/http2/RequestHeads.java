package dev.banyan.dataplane.wire.http2;

import dev.banyan.dataplane.exchange.ConnectionHost;
import dev.banyan.dataplane.exchange.Exchange;
import dev.banyan.dataplane.exchange.Peer;
import dev.banyan.dataplane.loop.Loop;
import dev.banyan.dataplane.message.Framing;
import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.message.MessageError;
import dev.banyan.dataplane.message.rules.BodyPace;
import dev.banyan.dataplane.message.rules.RequestRules;
import dev.banyan.dataplane.wire.ClientTimeouts;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Reads the head of each request on a client's connection, and begins its stream and its exchange. */
final class RequestHeads {
    private static final int MAX_SPARE_HEADS = 8;

    private final RequestStreams requests;
    private final Session<ServerStream> session;
    private final ConnectionHost host;
    private final Loop loop;
    private final Peer peer;
    private final ClientTimeouts timeouts;
    private final Deque<Head> spareHeads = new ArrayDeque<>();

    RequestHeads(
            RequestStreams requests,
            Session<ServerStream> session,
            ConnectionHost host,
            Loop loop,
            Peer peer,
            ClientTimeouts timeouts) {
        this.requests = requests;
        this.session = session;
        this.host = host;
        this.loop = loop;
        this.peer = peer;
        this.timeouts = timeouts;
    }

    /** @param block valid during the call */
    void read(int id, ByteBuf block, boolean endStream, boolean dependsOnItself) {
        Head head = spareHead();
        switch (session.fieldReader().readRequest(block, head)) {
            case UNDECODABLE -> {}
            case MALFORMED -> malformed(id, session.fieldReader().error());
            case TOO_LARGE -> {
                open(id, head, -1, endStream, session.fieldReader().tooLarge());
                requests.spend(Misuse.HEADER_BOMB);
            }
            case READ -> {
                if (dependsOnItself) {
                    malformed(id, "a stream depends on itself");
                } else {
                    judge(id, head, endStream);
                }
            }
        }
    }

    private void judge(int id, Head head, boolean endStream) {
        MessageError error = RequestRules.apply(head);
        long announced = head.contentLength();
        if (endStream && announced > 0) {
            malformed(id, "its content is shorter than its Content-Length");
            return;
        }
        if (error == null && !endStream && announced < 0) {
            // How long it is, the last frame will tell.
            head.framed(Framing.CHUNKED, -1);
        }
        open(id, head, announced, endStream, error);
    }

    private void malformed(int id, String detail) {
        requests.streamError(id, Http2Error.PROTOCOL_ERROR, detail);
    }

    private void open(int id, Head head, long announcedBytes, boolean endStream, @Nullable MessageError error) {
        BodyPace pace = new BodyPace(timeouts.idle(), timeouts.bodyRate());
        pace.begin(loop.coarseNanos());
        ServerStream stream =
                new ServerStream(requests, session, id, host.http2Limits().streamWindowBytes(), head, pace);
        session.streams().add(stream);
        Exchange exchange = new Exchange(head, peer, loop, stream);
        stream.begin(exchange, announcedBytes, endStream);
        if (error != null) {
            host.refuse(exchange, error);
        } else {
            host.accept(exchange);
        }
    }

    // Heads are used again: a new one for each request would be the largest thing that it costs.

    private Head spareHead() {
        Head spare = spareHeads.poll();
        return spare == null ? new Head() : spare;
    }

    /** Nobody reads it any more. */
    void spare(Head head) {
        if (spareHeads.size() < MAX_SPARE_HEADS) {
            head.clear();
            spareHeads.add(head);
        }
    }
}
