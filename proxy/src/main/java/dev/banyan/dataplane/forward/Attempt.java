package dev.banyan.dataplane.forward;

import dev.banyan.contract.ExchangeRecord.Fault;
import dev.banyan.dataplane.exchange.AnswerSink;
import dev.banyan.dataplane.exchange.Exchange;
import dev.banyan.dataplane.exchange.GrpcStatus;
import dev.banyan.dataplane.exchange.UpstreamFailure;
import dev.banyan.dataplane.exchange.UpstreamStream;
import dev.banyan.dataplane.message.FieldLine;
import dev.banyan.dataplane.message.Framing;
import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.message.OutgoingHead;
import dev.banyan.dataplane.upstream.EndpointHandle;
import dev.banyan.dataplane.upstream.Lease;
import dev.banyan.dataplane.upstream.Taker;
import dev.banyan.routing.Upstream;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to one endpoint, from the wait for a connection on, and its answer on the way back. An answer that legacy's
 * has taken the place of is read to its end and dropped, if it is short, so that the connection can be used again.
 */
final class Attempt implements Taker, AnswerSink {
    private static final int MAX_DROPPED_BYTES = 64 * 1024;
    private static final int MAX_DROPPING_SECONDS = 5;
    private static final int CONTINUE = 100;

    private final Forwarder forwarder;
    private @Nullable UpstreamStream stream;
    private @Nullable Lease lease;
    private @Nullable HeldAnswer held;
    private boolean call; // of gRPC: how it went is said by the trailers
    private boolean dropped;
    private boolean cancelled;
    private boolean over;
    private int droppedBytes;

    Attempt(Forwarder forwarder) {
        this.forwarder = forwarder;
    }

    /** Null until it is connected. */
    @Nullable
    EndpointHandle endpoint() {
        return lease == null ? null : lease.endpoint();
    }

    private Exchange exchange() {
        return forwarder.exchange();
    }

    // The request.

    @Override
    public void connected(UpstreamStream connected, Lease place) {
        stream = connected;
        lease = place;
        if (cancelled) {
            cancel();
        } else {
            send(connected, place.endpoint());
        }
    }

    private void send(UpstreamStream connected, EndpointHandle endpoint) {
        Exchange exchange = exchange();
        Way way = forwarder.way();
        Upstream.Timeouts timeouts = way.upstream().settings().timeouts();
        exchange.course().sending();
        letCallRest(way);
        connected.begin(
                RequestFields.of(exchange, way.decision(), endpoint.authority()),
                this,
                timeouts.response().toNanos(),
                timeouts.idle().toNanos());
        exchange.body().attach(connected);
        if (!exchange.body().complete()) {
            // Behind what the client's connection has read already, so that head and first bytes leave together.
            exchange.loop().eventLoop().execute(connected::flushRequest);
        }
    }

    /** A call's messages come when there is something to say. Over HTTP/1 no call can be meant: it stays a body that must keep coming. */
    private void letCallRest(Way way) {
        if (exchange().isCall() && way.upstream().settings().protocol() != Upstream.Protocol.HTTP1) {
            exchange().client().bodyMayRest();
        }
    }

    @Override
    public void requestWritableAgain() {
        if (!dropped) {
            exchange().client().readBody(true);
        }
    }

    // The answer.

    @Override
    public void interim(Head head) {
        if (dropped) {
            return;
        }
        if (head.status() != CONTINUE) {
            forwarder.reachedClient();
        }
        exchange().interim(AnswerFields.interim(head));
        pauseIfClientIsSlow();
    }

    @Override
    public void answerHead(Head head) {
        EndpointHandle endpoint = endpoint();
        if (!dropped && endpoint != null && !fellBack(head, endpoint)) {
            held = HeldAnswer.of(head);
        }
    }

    private boolean fellBack(Head head, EndpointHandle endpoint) {
        int status = head.status();
        return (status >= Forwarder.SERVER_ERROR
                        || FallbackRules.lists(forwarder.way().decision(), status))
                && forwarder.fellBackFrom(this, head, new AttemptEnd.ErrorStatus(status, endpoint));
    }

    /** Nothing was wrong with what has come so far: the client gets it. */
    private void passOnWhatIsHeld() {
        HeldAnswer good = held;
        if (good == null) {
            return;
        }
        held = null;
        Head head = good.head();
        tellResult(head);
        exchange().body().forget();
        tellStatus(head);
        OutgoingHead out = AnswerFields.of(exchange(), forwarder.way().decision(), head);
        for (FieldLine line : forwarder.way().debugFields()) {
            out.add(line);
        }
        exchange().answer(out, head);
        for (ByteBuf data = good.poll(); data != null; data = good.poll()) {
            exchange().answerData(data);
        }
        good.end();
    }

    /** How the attempt went, as far as the head says. */
    void tellResult(Head head) {
        EndpointHandle endpoint = endpoint();
        if (endpoint == null) {
            return;
        }
        if (head.status() >= Forwarder.SERVER_ERROR) {
            forwarder.stay().failed(endpoint, "status " + head.status());
        } else {
            begins(head, endpoint);
        }
    }

    private void begins(Head head, EndpointHandle endpoint) {
        call = exchange().isCall() && GrpcStatus.isSpokenIn(head);
        // A call may run for days, and a half-open breaker waits for few results: there, to begin is enough.
        if (!call
                || head.framing() == Framing.NONE
                || forwarder.way().upstream().breaker().halfOpen()) {
            went(endpoint, head);
        }
    }

    /** @param result what says how it went: trailers, or a head that says all */
    private void went(EndpointHandle endpoint, @Nullable Head result) {
        GrpcStatus said = call && result != null ? GrpcStatus.saidIn(result) : null;
        if (said != null && said.failsTheServer()) {
            forwarder.stay().failed(endpoint, "grpc-status " + said.number());
        } else {
            forwarder.stay().wentWell(endpoint);
        }
    }

    /** What the call's client takes from the head, unless it is told more by trailers. */
    private void tellStatus(Head head) {
        if (!exchange().isCall() || GrpcStatus.isHiddenIn(head)) {
            return;
        }
        GrpcStatus said = call ? GrpcStatus.saidIn(head) : GrpcStatus.ofForeign(head.status());
        exchange().callEnds(said == null ? GrpcStatus.UNKNOWN : said);
    }

    @Override
    public void answerData(ByteBuf data) {
        if (!dropped) {
            pass(data);
            return;
        }
        droppedBytes += data.readableBytes();
        data.release();
        if (droppedBytes > MAX_DROPPED_BYTES) {
            cancel();
        }
    }

    private void pass(ByteBuf data) {
        HeldAnswer waiting = held;
        if (waiting == null) {
            exchange().answerData(data);
        } else if (waiting.add(data)) {
            return;
        } else {
            passOnWhatIsHeld();
        }
        pauseIfClientIsSlow();
    }

    private void pauseIfClientIsSlow() {
        if (!exchange().client().writable()) {
            readAnswer(false);
        }
    }

    void readAnswer(boolean wanted) {
        if (stream != null) {
            stream.readAnswer(wanted);
        }
    }

    @Override
    public void answerPaused() {
        if (held != null) {
            // Once it is known whether the connection's end was read as well.
            exchange().loop().eventLoop().execute(this::readWasGood);
        } else if (!dropped) {
            exchange().client().flush();
        }
    }

    private void readWasGood() {
        if (held != null && stream != null && stream.open()) {
            passOnWhatIsHeld();
            exchange().client().flush();
            pauseIfClientIsSlow();
        }
    }

    @Override
    public void answerEnd(@Nullable Head trailers) {
        passOnWhatIsHeld();
        EndpointHandle endpoint = endpoint();
        over = true;
        endLease();
        if (dropped) {
            return;
        }
        exchange().course().upstreamDone();
        if (forwarder.stay().owesResult() && endpoint != null) {
            went(endpoint, trailers);
        }
        GrpcStatus said = call && trailers != null ? GrpcStatus.saidIn(trailers) : null;
        if (said != null) {
            exchange().callEnds(said);
        }
        forwarder.ended(this, exchange().status());
        exchange().answerEnd(trailers);
    }

    /**
     * A WebSocket begins. It holds a connection, but is no work: its permit is for another request, and no deadline of a request holds
     * for it. Its endpoint goes on counting it.
     */
    @Override
    public void upgraded(Head head, Channel connection) {
        EndpointHandle endpoint = endpoint();
        if (dropped || cancelled || endpoint == null) {
            connection.close();
            return;
        }
        forwarder.stay().wentWell(endpoint);
        exchange().body().forget();
        forwarder.ended(this, head.status());
        Upgrade.begin(exchange(), forwarder.way(), forwarder.meters(), head, connection, this::endLease);
    }

    // Failure, and what is not wanted any more.

    /** No connection came about. */
    @Override
    public void failed(UpstreamFailure failure, @Nullable EndpointHandle at) {
        if (!cancelled) {
            forwarder.failed(new AttemptEnd.NotConnected(failure, at));
        }
    }

    @Override
    public void failed(UpstreamFailure failure) {
        EndpointHandle endpoint = endpoint();
        dropHeld();
        over = true;
        endLease();
        if (dropped) {
            return;
        }
        if (failure.kind().endedByUpstream()) {
            exchange().course().upstreamDone();
        }
        forwarder.failed(outcome(failure, endpoint));
    }

    private AttemptEnd.Failed outcome(UpstreamFailure failure, @Nullable EndpointHandle endpoint) {
        Deadline limit = forwarder.stay().clientsTimeIsOver();
        if (limit != null) {
            return new AttemptEnd.OutOfTime(limit.failure(), endpoint, Fault.CLIENT, false);
        }
        return exchange().status() == 0
                ? new AttemptEnd.NotAnswered(failure, endpoint, stream != null && stream.reused())
                : new AttemptEnd.BrokenOff(failure, endpoint);
    }

    /** The client has the head of its answer, and must not take a part for the whole. */
    void breakOff(UpstreamFailure failure, String detail) {
        String reason = failure.kind().reason();
        if (call) {
            GrpcStatus status = GrpcStatus.of(failure.kind().status());
            exchange().callEnds(status);
            exchange().cut(reason, status.trailers(detail));
        } else {
            exchange().cut(reason);
        }
    }

    /** Its answer is not wanted any more, but it has begun: the rest is waited for, if that is short and soon. */
    void drop(Head head) {
        dropped = true;
        endLease();
        if (head.framing() == Framing.LENGTH && head.contentLength() > MAX_DROPPED_BYTES) {
            cancel();
            return;
        }
        exchange().loop().eventLoop().schedule(this::dropNoMore, MAX_DROPPING_SECONDS, TimeUnit.SECONDS);
        readAnswer(true);
    }

    /** Once it is over its connection may carry another request. */
    private void dropNoMore() {
        if (!over) {
            cancel();
        }
    }

    /** Nothing of it is wanted. */
    void cancel() {
        dropHeld();
        cancelled = true;
        over = true;
        endLease();
        if (stream != null) {
            stream.cancel();
        }
    }

    private void dropHeld() {
        HeldAnswer unwanted = held;
        held = null;
        if (unwanted != null) {
            unwanted.end();
        }
    }

    private void endLease() {
        if (lease != null) {
            lease.end();
        }
    }
}
