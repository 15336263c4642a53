package dev.banyan.dataplane.forward;

import dev.banyan.dataplane.exchange.AnswerSink;
import dev.banyan.dataplane.exchange.Exchange;
import dev.banyan.dataplane.exchange.LocalAnswer;
import dev.banyan.dataplane.exchange.UpstreamFailure;
import dev.banyan.dataplane.exchange.UpstreamStream;
import dev.banyan.dataplane.guard.Permits;
import dev.banyan.dataplane.upstream.LoopPool;
import dev.banyan.dataplane.upstream.LoopPool.Freshness;
import dev.banyan.dataplane.upstream.UpstreamHandle;
import dev.banyan.dataplane.wire.FieldLine;
import dev.banyan.dataplane.wire.Head;
import dev.banyan.dataplane.wire.OutgoingHead;
import dev.banyan.routing.Methods;
import dev.banyan.routing.decide.Decision;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Carries one exchange to its upstream and the answer back: permit, connection, attempts, failure. */
public final class Forwarder implements Permits.Applicant, LoopPool.Taker, AnswerSink, Exchange.Forwarding {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final FieldLine[] NO_FIELDS = {};

    private final Exchange exchange;
    private final Decision decision;
    private final UpstreamHandle upstream;
    private final List<FieldLine> debugFields;
    private Permits.@Nullable Ticket ticket;
    private LoopPool.@Nullable Lease lease;
    private @Nullable UpstreamStream stream;
    private boolean admitted;
    private boolean sent;
    private boolean sentAgain;
    private boolean over;

    private Forwarder(Exchange exchange, Decision decision, UpstreamHandle upstream, List<FieldLine> debugFields) {
        this.exchange = exchange;
        this.decision = decision;
        this.upstream = upstream;
        this.debugFields = debugFields;
    }

    /** Returns at once. The exchange ends later, exactly once. */
    public static void forward(
            Exchange exchange, Decision decision, UpstreamHandle upstream, List<FieldLine> debugFields) {
        Forwarder forwarder = new Forwarder(exchange, decision, upstream, debugFields);
        exchange.forwardedBy(forwarder);
        upstream.permits().acquire(exchange.loop().eventLoop(), forwarder, ticket -> forwarder.ticket = ticket);
    }

    // The guard.

    @Override
    public void admitted() {
        admitted = true;
        ticket = null;
        connect(mayBeSentAgain() ? Freshness.ANY : Freshness.JUST_USED);
    }

    @Override
    public void refused(String reason) {
        ticket = null;
        over();
        exchange.answer(
                LocalAnswer.unavailable(
                        reason, "upstream " + upstream.id() + " has as many requests under way as it may", RETRY_AFTER),
                debugLines());
    }

    // The connection.

    private void connect(Freshness freshness) {
        upstream.pool(exchange.loop()).take(freshness, this);
    }

    @Override
    public void connected(UpstreamStream next, LoopPool.Lease nextLease) {
        if (over) {
            nextLease.end();
            next.cancel();
            return;
        }
        stream = next;
        lease = nextLease;
        sent = true;
        exchange.sending();
        OutgoingHead head = RequestFields.of(exchange, decision, nextLease.endpoint());
        next.begin(
                head,
                this,
                upstream.settings().timeouts().response().toNanos(),
                upstream.settings().timeouts().idle().toNanos());
        exchange.body().attach(next);
        if (!exchange.body().complete()) {
            // Behind what the client's connection has read already, so that head and first bytes leave together.
            exchange.loop().eventLoop().execute(next::flushRequest);
        }
    }

    // The answer.

    @Override
    public void interim(Head head) {
        exchange.interim(AnswerFields.interim(head));
        pauseIfClientIsSlow();
    }

    @Override
    public void answerHead(Head head) {
        OutgoingHead out = AnswerFields.of(exchange, decision, head);
        for (FieldLine line : debugFields) {
            out.add(line);
        }
        exchange.answer(out);
    }

    @Override
    public void answerData(ByteBuf data) {
        exchange.answerData(data);
        pauseIfClientIsSlow();
    }

    private void pauseIfClientIsSlow() {
        if (!exchange.client().writable() && stream != null) {
            stream.readAnswer(false);
        }
    }

    @Override
    public void answerEnd(@Nullable Head trailers) {
        exchange.upstreamDone();
        over();
        exchange.answerEnd(trailers);
    }

    @Override
    public void answerPaused() {
        exchange.client().flush();
    }

    @Override
    public void clientWritable() {
        if (stream != null) {
            stream.readAnswer(true);
        }
    }

    @Override
    public void requestWritableAgain() {
        exchange.client().readBody(true);
    }

    // Failure.

    @Override
    public void failed(UpstreamFailure failure) {
        UpstreamStream failedStream = stream;
        endLease();
        if (failure.kind().endedByUpstream()) {
            exchange.upstreamDone();
        }
        if (over) {
            return;
        }
        if (staleConnection(failure, failedStream)) {
            sentAgain = true;
            connect(Freshness.NEW);
            return;
        }
        over();
        if (exchange.status() != 0) {
            exchange.cut(failure.kind().reason());
            return;
        }
        exchange.answer(
                LocalAnswer.of(
                        failure.kind().status(),
                        failure.kind().reason(),
                        "upstream " + upstream.id() + " " + failure.detail()),
                debugLines());
    }

    /**
     * Whether the peer was closing an idle connection just when it was used again: then, and only then, and only for a method that
     * may run twice, the request is sent once more, over a new connection (RFC 9110, 9.2.2; RFC 9112, 9.3.1).
     */
    private boolean staleConnection(UpstreamFailure failure, @Nullable UpstreamStream failedStream) {
        return failure.kind() == UpstreamFailure.Kind.CLOSED_BEFORE_ANSWER
                && failedStream != null
                && failedStream.reused()
                && !sentAgain
                && mayBeSentAgain();
    }

    /** A body is not kept, so a request with one goes over a connection that is surely open. */
    private boolean mayBeSentAgain() {
        return Methods.isIdempotent(decision.sentMethod()) && !exchange.body().expected();
    }

    private FieldLine[] debugLines() {
        List<FieldLine> lines = new ArrayList<>(debugFields);
        if (sent && decision.fenceCookie() != null) {
            lines.add(FieldLine.of("Set-Cookie", decision.fenceCookie()));
        }
        return lines.toArray(NO_FIELDS);
    }

    @Override
    public void clientGone() {
        UpstreamStream under = stream;
        boolean running = !over;
        over();
        if (running && under != null) {
            under.cancel();
        }
    }

    private void over() {
        if (over) {
            return;
        }
        over = true;
        endLease();
        if (ticket != null) {
            ticket.giveUp();
            ticket = null;
        }
        if (admitted) {
            upstream.permits().release();
        }
    }

    private void endLease() {
        stream = null;
        LoopPool.Lease held = lease;
        lease = null;
        if (held != null) {
            held.end();
        }
    }
}
