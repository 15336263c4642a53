package dev.banyan.dataplane.forward;

import dev.banyan.dataplane.exchange.Exchange;
import dev.banyan.dataplane.exchange.GrpcStatus;
import dev.banyan.dataplane.exchange.LocalAnswer;
import dev.banyan.dataplane.exchange.UpstreamFailure;
import dev.banyan.dataplane.exchange.UpstreamFailure.Kind;
import dev.banyan.dataplane.exchange.UpstreamStream;
import dev.banyan.dataplane.guard.Permits;
import dev.banyan.dataplane.loop.Loop;
import dev.banyan.dataplane.observe.AttemptMeters;
import dev.banyan.dataplane.upstream.EndpointHandle;
import dev.banyan.dataplane.upstream.Freshness;
import dev.banyan.dataplane.upstream.UpstreamHandle;
import dev.banyan.dataplane.wire.FieldLine;
import dev.banyan.dataplane.wire.Framing;
import dev.banyan.dataplane.wire.Head;
import dev.banyan.dataplane.wire.OutgoingHead;
import dev.banyan.routing.Methods;
import dev.banyan.routing.Route;
import dev.banyan.routing.Side;
import dev.banyan.routing.Upstream;
import dev.banyan.routing.decide.Decision;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Carries one exchange to its upstream and the answer back: breaker, permit, connection, attempts; and, where modern failed, to legacy.
 * What may be sent again is said by {@link RetryRules}, when legacy may answer instead by {@link FallbackRules}.
 */
public final class Forwarder implements Permits.Applicant, Exchange.Forwarding, Loop.Swept {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final FieldLine[] NO_FIELDS = {};
    private static final int CONTINUE = 100;
    private static final int SERVER_ERROR = 500;
    private static final int UNAVAILABLE = 503;

    private final Exchange exchange;
    private final Alternative alternative;
    private final AttemptMeters meters;
    private Way way;
    private Permits.@Nullable Ticket ticket;
    private @Nullable Attempt attempt;
    private @Nullable EndpointHandle failedEndpoint;
    private int retriesLeft;
    private boolean mayFail; // the breaker waits for a result
    private boolean admitted;
    private boolean sent;
    private boolean seen; // an upstream may have looked at it, in an attempt that has ended
    private boolean sentAgain;
    private boolean afresh; // over a connection of its own
    private boolean interimSeen;
    private boolean call; // of gRPC: a result comes with the trailers
    private boolean over;
    private @Nullable Deadline deadline;
    private int slot;

    private Forwarder(Exchange exchange, Way way, Alternative alternative, AttemptMeters meters) {
        this.exchange = exchange;
        this.way = way;
        this.alternative = alternative;
        this.meters = meters;
    }

    /** Returns at once. The exchange ends later, exactly once. */
    public static void forward(Exchange exchange, Way way, Alternative alternative, AttemptMeters meters) {
        Forwarder forwarder = new Forwarder(exchange, way, alternative, meters);
        exchange.forwardedBy(forwarder);
        forwarder.enter();
    }

    /** Only what may be sent twice is kept: what may run twice, and what an upstream of HTTP/2 may say it did not look at. */
    private static long heldBytes(Way way) {
        Decision decision = way.decision();
        boolean canSayUnseen = way.upstream().settings().protocol() != Upstream.Protocol.HTTP1;
        if (!canSayUnseen && !Methods.isIdempotent(decision.sentMethod())) {
            return 0;
        }
        return decision.route() == null
                ? Route.DEFAULT_HOLD_BODY_BYTES
                : decision.route().route().holdBodyBytes();
    }

    // The guard.

    private void enter() {
        UpstreamHandle upstream = way.upstream();
        exchange.body().keep(heldBytes(way));
        retriesLeft = upstream.settings().retries().attempts();
        upstream.budget().request();
        endBy(Deadline.of(exchange, upstream.settings().timeouts()));
        if (!upstream.breaker().admits()) {
            notAdmitted(Kind.BREAKER_OPEN, "was not asked: too many requests have failed lately");
            return;
        }
        mayFail = true;
        upstream.permits().acquire(exchange.loop().eventLoop(), this, queued -> ticket = queued);
    }

    @Override
    public void admitted() {
        admitted = true;
        ticket = null;
        connect();
    }

    @Override
    public void refused(Permits.Refusal refusal) {
        ticket = null;
        breakerUnused();
        notAdmitted(
                refusal == Permits.Refusal.QUEUE_FULL ? Kind.QUEUE_FULL : Kind.QUEUE_TIMEOUT,
                "has as many requests under way as it may");
    }

    private void notAdmitted(Kind kind, String detail) {
        giveUpOrFallBack(new UpstreamFailure(kind, detail));
    }

    // The connection.

    private void connect() {
        Freshness freshness = mayBeSentTwice() ? Freshness.ANY : Freshness.JUST_USED;
        Attempt next = new Attempt(this);
        attempt = next;
        way.upstream()
                .take(
                        exchange.loop(),
                        afresh ? Freshness.NEW : freshness,
                        way.decision().stickyKey(),
                        failedEndpoint,
                        next);
    }

    void connected(Attempt connected, UpstreamStream stream, EndpointHandle endpoint) {
        sent = true;
        exchange.sending();
        letCallRest();
        stream.begin(
                RequestFields.of(exchange, way.decision(), endpoint.authority()),
                connected,
                way.upstream().settings().timeouts().response().toNanos(),
                way.upstream().settings().timeouts().idle().toNanos());
        exchange.body().attach(stream);
        if (!exchange.body().complete()) {
            // Behind what the client's connection has read already, so that head and first bytes leave together.
            exchange.loop().eventLoop().execute(stream::flushRequest);
        }
    }

    /** A call's messages come when there is something to say. Over HTTP/1 no call can be meant: it stays a body that must keep coming. */
    private void letCallRest() {
        if (GrpcStatus.isSpokenIn(exchange.head()) && way.upstream().settings().protocol() != Upstream.Protocol.HTTP1) {
            exchange.client().bodyMayRest();
        }
    }

    void connectFailed(UpstreamFailure failure, @Nullable EndpointHandle at) {
        attempt = null;
        failedEndpoint = at;
        breakerFailed(at, failure.kind().reason());
        afterFailure(failure, false);
    }

    // The answer.

    void interim(Head head) {
        // 100 tells nothing but to go on; others carry fields, and those of a first answer must not stand before a
        // second.
        interimSeen |= head.status() != CONTINUE;
        exchange.interim(AnswerFields.interim(head));
        pauseIfClientIsSlow();
    }

    /**
     * A WebSocket begins. It holds a connection, but is no work: its permit is for another request, and no deadline of a request holds
     * for it. Its endpoint goes on counting it.
     */
    void upgraded(Head head, Channel connection) {
        Attempt tunnelled = attempt;
        EndpointHandle endpoint = tunnelled == null ? null : tunnelled.endpoint();
        if (tunnelled == null || endpoint == null) {
            connection.close();
            return;
        }
        attempt = null;
        mayFail = false;
        way.upstream().succeeded(endpoint);
        exchange.body().forget();
        over();
        AtomicInteger open =
                meters.tunnels(way.decision().routeId(), way.decision().side());
        open.incrementAndGet();
        OutgoingHead out = AnswerFields.upgraded(way.decision(), head);
        for (FieldLine line : way.debugFields()) {
            out.add(line);
        }
        exchange.tunnel(out, connection, () -> {
            open.decrementAndGet();
            tunnelled.tunnelEnded();
            exchange.upstreamDone();
        });
    }

    void answerHead(Head head) {
        EndpointHandle endpoint = attempt == null ? null : attempt.endpoint();
        if (endpoint == null) {
            return;
        }
        if (head.status() < SERVER_ERROR) {
            call = GrpcStatus.isSpokenIn(exchange.head()) && GrpcStatus.isSpokenIn(head);
            // A call may run for days, and a half-open breaker waits for few results: there, to begin is enough.
            if (!call
                    || head.framing() == Framing.NONE
                    || way.upstream().breaker().halfOpen()) {
                answered(endpoint, head);
            }
        } else {
            breakerFailed(endpoint, "status " + head.status());
            if (isListed(head.status()) && fellBack("status-" + head.status())) {
                return;
            }
        }
        exchange.body().forget();
        OutgoingHead out = AnswerFields.of(exchange, way.decision(), head);
        for (FieldLine line : way.debugFields()) {
            out.add(line);
        }
        exchange.answer(out);
    }

    /** @param result what says how it went: trailers, or a head that says all */
    private void answered(EndpointHandle endpoint, @Nullable Head result) {
        GrpcStatus failure = call && result != null ? GrpcStatus.failureIn(result) : null;
        if (failure == null) {
            mayFail = false;
            way.upstream().succeeded(endpoint);
        } else {
            breakerFailed(endpoint, "grpc-status " + failure.number());
        }
    }

    private boolean isListed(int status) {
        Decision decision = way.decision();
        return decision.side() == Side.MODERN
                && decision.route() != null
                && decision.route().route().fallback().statuses().contains(status);
    }

    private boolean fellBack(String reason) {
        Way legacy = wayToLegacy(reason, false);
        if (legacy == null) {
            return false;
        }
        if (attempt != null) {
            attempt.drop();
        }
        fallBack(legacy, reason);
        return true;
    }

    void answerData(ByteBuf data) {
        exchange.answerData(data);
        pauseIfClientIsSlow();
    }

    private void pauseIfClientIsSlow() {
        if (!exchange.client().writable() && attempt != null) {
            attempt.readAnswer(false);
        }
    }

    void answerEnd(@Nullable Head trailers) {
        exchange.upstreamDone();
        EndpointHandle endpoint = attempt == null ? null : attempt.endpoint();
        if (mayFail && endpoint != null) {
            answered(endpoint, trailers);
        }
        attempt = null;
        over();
        exchange.answerEnd(trailers);
    }

    void answerPaused() {
        exchange.client().flush();
    }

    @Override
    public void clientWritable() {
        if (attempt != null) {
            attempt.readAnswer(true);
        }
    }

    void requestWritableAgain() {
        exchange.client().readBody(true);
    }

    // Failure.

    void attemptFailed(UpstreamFailure failure, @Nullable EndpointHandle at, boolean reused) {
        attempt = null;
        seen |= !failure.kind().unseen();
        if (failure.kind().endedByUpstream()) {
            exchange.upstreamDone();
        }
        Deadline limit = deadline;
        if (limit != null && !limit.ofUpstream() && limit.hasPassed(System.nanoTime())) {
            // A server knows its client's deadline, and may end the call by it a moment before we do.
            outOfTime(limit);
            return;
        }
        boolean stale = failure.kind() == Kind.CLOSED_BEFORE_ANSWER && reused;
        if (stale) {
            // It says that the connection had rested for too long, not that the endpoint fails: what comes next will
            // tell.
            breakerUnused();
        } else {
            breakerFailed(at, failure.kind().reason());
            failedEndpoint = at;
        }
        if (exchange.status() == 0) {
            afterFailure(failure, stale);
        } else {
            breakOff(failure);
        }
    }

    /** The client has the head already. */
    private void breakOff(UpstreamFailure failure) {
        over();
        if (call) {
            exchange.cut(
                    failure.kind().reason(),
                    GrpcStatus.of(failure.kind().status()).trailers(detail(failure)));
        } else {
            exchange.cut(failure.kind().reason());
        }
    }

    private void afterFailure(UpstreamFailure failure, boolean stale) {
        RetryRules.Verdict verdict = interimSeen ? RetryRules.Verdict.NOT_THIS_FAILURE : retry(failure, stale);
        if (verdict.again()) {
            meters.retried(way.upstream().id(), verdict.word());
            sendAgain(verdict);
        } else {
            meters.notRetried(way.upstream().id(), verdict.word());
            giveUpOrFallBack(failure);
        }
    }

    private RetryRules.Verdict retry(UpstreamFailure failure, boolean stale) {
        EndpointHandle at = failedEndpoint;
        RetryRules.Verdict verdict = new RetryRules(
                        failure.kind(),
                        Methods.isIdempotent(way.decision().sentMethod()),
                        exchange.body().canBeSentAgain(),
                        stale,
                        at != null && way.upstream().hasAnotherThan(at),
                        sentAgain,
                        retriesLeft)
                .judge();
        boolean inBudget = verdict == RetryRules.Verdict.RESEND
                || !verdict.again()
                || way.upstream().budget().withdraw(exchange.loop().coarseNanos());
        return inBudget ? verdict : RetryRules.Verdict.BUDGET_SPENT;
    }

    private void sendAgain(RetryRules.Verdict verdict) {
        if (!mayFail && !way.upstream().breaker().admits()) {
            giveUpOrFallBack(new UpstreamFailure(
                    Kind.BREAKER_OPEN, "was not asked again: too many requests have failed lately"));
            return;
        }
        mayFail = true;
        if (verdict == RetryRules.Verdict.RETRY) {
            retriesLeft--;
        } else if (verdict == RetryRules.Verdict.NOT_TAKEN) {
            retriesLeft--;
            afresh = true;
            exchange.body().rewind();
        } else {
            sentAgain = true;
            afresh = true;
            exchange.body().rewind();
        }
        connect();
    }

    /** A body that is not kept cannot be sent twice, so a request with one goes over a connection that is surely open. */
    private boolean mayBeSentTwice() {
        return Methods.isIdempotent(way.decision().sentMethod())
                && (!exchange.body().expected() || exchange.body().fits(heldBytes(way)));
    }

    private void giveUpOrFallBack(UpstreamFailure failure) {
        Way legacy =
                wayToLegacy(failure.kind().reason(), !seen && failure.kind().unseen());
        if (legacy != null) {
            fallBack(legacy, failure.kind().reason());
        } else {
            giveUp(failure);
        }
    }

    private void giveUp(UpstreamFailure failure) {
        over();
        String detail = detail(failure);
        exchange.answer(
                failure.kind().status() == UNAVAILABLE
                        ? LocalAnswer.unavailable(failure.kind().reason(), detail, RETRY_AFTER)
                        : LocalAnswer.of(failure.kind().status(), failure.kind().reason(), detail),
                debugLines());
    }

    private String detail(UpstreamFailure failure) {
        return "upstream " + way.upstream().id() + " " + failure.detail();
    }

    private @Nullable Way wayToLegacy(String reason, boolean unseen) {
        Decision decision = way.decision();
        FallbackRules.Verdict verdict =
                new FallbackRules(decision, unseen, exchange.body().canBeSentAgain() && !interimSeen).judge();
        Way legacy = verdict == FallbackRules.Verdict.FALL_BACK ? alternative.toLegacy(exchange, decision) : null;
        if (legacy == null && verdict != FallbackRules.Verdict.NOT_MODERN) {
            meters.notFallenBack(
                    decision.routeId(), reason, verdict == FallbackRules.Verdict.FALL_BACK ? "format" : verdict.word());
        }
        return legacy;
    }

    private void fallBack(Way legacy, String reason) {
        meters.fellBack(way.decision().routeId(), reason);
        leave();
        exchange.fellBack(legacy.decision(), reason);
        exchange.body().rewind();
        way = legacy;
        attempt = null;
        failedEndpoint = null;
        sentAgain = false;
        afresh = false;
        enter();
    }

    private FieldLine[] debugLines() {
        List<FieldLine> lines = new ArrayList<>(way.debugFields());
        String fence = way.decision().fenceCookie();
        if (sent && fence != null) {
            lines.add(FieldLine.of("Set-Cookie", fence));
        }
        return lines.toArray(NO_FIELDS);
    }

    private void breakerFailed(@Nullable EndpointHandle at, String why) {
        mayFail = false;
        way.upstream().failed(at, why);
    }

    private void breakerUnused() {
        if (mayFail) {
            mayFail = false;
            way.upstream().breaker().unused();
        }
    }

    // The end.

    @Override
    public void clientGone() {
        Attempt under = attempt;
        attempt = null;
        over();
        if (under != null) {
            under.cancel();
        }
    }

    private void over() {
        if (!over) {
            over = true;
            leave();
        }
    }

    /** Nothing more is wanted of this upstream. */
    private void leave() {
        breakerUnused();
        if (deadline != null) {
            deadline = null;
            exchange.loop().forget(this);
        }
        if (ticket != null) {
            ticket.giveUp();
            ticket = null;
        }
        if (admitted) {
            admitted = false;
            way.upstream().permits().release();
        }
    }

    // The deadline for the whole.

    private void endBy(@Nullable Deadline limit) {
        deadline = limit;
        if (limit != null) {
            exchange.loop().watch(this);
        }
    }

    @Override
    public void sweep(long nowNanos) {
        Deadline limit = deadline;
        if (limit != null && limit.hasPassed(nowNanos)) {
            outOfTime(limit);
        }
    }

    private void outOfTime(Deadline limit) {
        Attempt under = attempt;
        attempt = null;
        UpstreamFailure failure = limit.failure();
        if (under != null && limit.ofUpstream()) {
            breakerFailed(under.endpoint(), failure.kind().reason());
        }
        if (under != null) {
            under.cancel();
        }
        if (exchange.status() != 0) {
            breakOff(failure);
        } else if (limit.ofUpstream()) {
            giveUpOrFallBack(failure);
        } else {
            giveUp(failure);
        }
    }

    @Override
    public int slot() {
        return slot;
    }

    @Override
    public void slot(int slot) {
        this.slot = slot;
    }
}
