package dev.banyan.dataplane.forward;

import dev.banyan.contract.ExchangeRecord.AttemptRecord;
import dev.banyan.contract.ExchangeRecord.Fault;
import dev.banyan.dataplane.exchange.Exchange;
import dev.banyan.dataplane.exchange.LocalAnswer;
import dev.banyan.dataplane.exchange.UpstreamFailure;
import dev.banyan.dataplane.message.FieldLine;
import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.observe.AttemptMeters;
import dev.banyan.dataplane.upstream.EndpointHandle;
import dev.banyan.dataplane.upstream.Freshness;
import dev.banyan.routing.Methods;
import dev.banyan.routing.decide.Decision;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way of an exchange to its upstream, attempt by attempt; and, where modern failed, to legacy. It acts, and is the only one that
 * does: what it holds of an upstream is its {@link Stay}, one request to one endpoint an {@link Attempt}, how one failed an
 * {@link AttemptEnd}; what comes next is said by {@link RetryRules} and {@link FallbackRules}, from what is known.
 */
public final class Forwarder implements Exchange.Forwarding, Stay.Guest {
    private static final FieldLine[] NO_FIELDS = {};
    static final int SERVER_ERROR = 500;

    private final Exchange exchange;
    private final Alternative alternative;
    private final AttemptMeters meters;
    private Way way;
    private Stay stay;
    private @Nullable Attempt attempt;
    private @Nullable EndpointHandle failedEndpoint;
    private long began; // the attempt, with its wait for a permit
    private int retriesLeft;
    private boolean sentAgain;
    private boolean afresh; // over a connection of its own
    private boolean maybeSeen; // by the upstream, in an attempt that has ended
    private boolean reachedClient;

    private Forwarder(Exchange exchange, Way way, Alternative alternative, AttemptMeters meters) {
        this.exchange = exchange;
        this.way = way;
        this.stay = new Stay(this, exchange, way.upstream());
        this.alternative = alternative;
        this.meters = meters;
    }

    /** Returns at once. The exchange ends later, exactly once. */
    public static void forward(Exchange exchange, Way way, Alternative alternative, AttemptMeters meters) {
        Forwarder forwarder = new Forwarder(exchange, way, alternative, meters);
        exchange.forwardedBy(forwarder);
        forwarder.enter(exchange.course().dispatched());
    }

    /** 1. The upstream's guard: its breaker, and a permit, which may have to be waited for. */
    private void enter(long now) {
        exchange.body().keep(BodyRules.bytesToKeep(way));
        retriesLeft = way.upstream().settings().retries().attempts();
        began = now;
        stay.enter();
    }

    @Override
    public void admitted() {
        if (!exchange.course().fallbackReason().isEmpty()) {
            meters.fellBack(way.decision().routeId(), exchange.course().fallbackReason());
        }
        ask();
    }

    @Override
    public void notAdmitted(AttemptEnd.NotAsked outcome) {
        record(outcome);
        if (!exchange.course().fallbackReason().isEmpty()) {
            meters.notFallenBack(
                    way.decision().routeId(), exchange.course().fallbackReason(), "legacy-" + outcome.word());
        }
        if (!fellBack(outcome)) {
            giveUp(outcome);
        }
    }

    /** 2. An attempt: a connection to one of the endpoints, then the request over it. */
    private void ask() {
        Freshness freshness = afresh
                ? Freshness.NEW
                : BodyRules.mayBeSentTwice(way, exchange.body()) ? Freshness.ANY : Freshness.JUST_USED;
        Attempt next = new Attempt(this);
        attempt = next;
        way.upstream().take(exchange.loop(), freshness, way.decision().stickyKey(), failedEndpoint, next);
    }

    /** 3. Its answer goes to the client, unless the status is one for which legacy's does. */
    boolean fellBackFrom(Attempt answering, Head head, AttemptEnd.ErrorStatus error) {
        maybeSeen = true;
        Way legacy = wayToLegacy(error);
        if (legacy == null) {
            return false;
        }
        record(error);
        answering.tellResult(head);
        answering.drop(head);
        fallBack(legacy, error);
        return true;
    }

    /** It went well, as far as its head said. */
    void ended(Attempt answered, int status) {
        if (status < SERVER_ERROR) {
            record(answered.endpoint(), Fault.NONE, AttemptRecord.ANSWERED, status);
        } else {
            record(new AttemptEnd.ErrorStatus(status, answered.endpoint()));
        }
        attempt = null;
        stay.leave();
    }

    /** 4. Or it failed: the same upstream again, or legacy, or what we can say ourselves. */
    void failed(AttemptEnd.Failed failed) {
        Attempt over = attempt;
        attempt = null;
        record(failed);
        account(failed);
        if (askedAgain(failed) || fellBack(failed)) {
            return;
        }
        if (over != null && exchange.status() != 0) {
            stay.leave();
            over.breakOff(failed.failure(), detail(failed.failure()));
        } else {
            giveUp(failed);
        }
    }

    @Override
    public void outOfTime(Deadline limit) {
        Attempt under = attempt;
        Fault spender = under == null ? Fault.GUARD : Fault.UPSTREAM;
        EndpointHandle at = under == null ? null : under.endpoint();
        if (under != null) {
            under.cancel();
        }
        failed(new AttemptEnd.OutOfTime(limit.failure(), at, limit.ofClient() ? Fault.CLIENT : spender, at == null));
    }

    @Override
    public void clientGone() {
        Attempt under = attempt;
        record(under == null ? null : under.endpoint(), Fault.CLIENT, "client-gone", exchange.status());
        attempt = null;
        stay.leave();
        if (under != null) {
            under.cancel();
        }
    }

    // What is known.

    private void record(AttemptEnd outcome) {
        int status = outcome instanceof AttemptEnd.ErrorStatus error ? error.status() : exchange.status();
        record(outcome.at(), outcome.fault(), outcome.word(), status);
    }

    private void record(@Nullable EndpointHandle at, Fault fault, String outcome, int status) {
        exchange.course()
                .attempted(new AttemptRecord(
                        way.decision().side(),
                        way.upstream().id(),
                        at == null ? "" : at.authority(),
                        fault,
                        outcome,
                        status,
                        began,
                        exchange.course().age()));
    }

    private void account(AttemptEnd.Failed failed) {
        if (failed.fault() == Fault.UPSTREAM) {
            stay.failed(failed.at(), failed.word());
            failedEndpoint = failed.at();
        } else {
            stay.noResult();
        }
        if (failed.fault() == Fault.IDLENESS) {
            // No failure of the endpoint; but also the first sign of a process that was killed, whose kernel still
            // accepts.
            failedEndpoint = failed.at();
        }
        maybeSeen |= !failed.unseen();
    }

    private Circumstances circumstances() {
        EndpointHandle at = failedEndpoint;
        return new Circumstances(
                way.decision(),
                Methods.isIdempotent(way.decision().sent().method()),
                exchange.body().canBeSentAgain(),
                reachedClient || exchange.status() != 0,
                !maybeSeen,
                at != null && way.upstream().hasAnotherThan(at),
                sentAgain,
                retriesLeft);
    }

    // What is done.

    private boolean askedAgain(AttemptEnd.Failed failed) {
        RetryRules.Verdict verdict = affordable(RetryRules.judge(failed, circumstances()));
        if (!verdict.again()) {
            meters.notRetried(way.upstream().id(), verdict.word());
            return false;
        }
        meters.retried(way.upstream().id(), verdict.word());
        if (failed.unseen()) {
            retriesLeft--;
        } else {
            sentAgain = true;
        }
        if (!(failed instanceof AttemptEnd.NotConnected)) {
            afresh = true;
            exchange.body().rewind();
        }
        began = exchange.course().age();
        ask();
        return true;
    }

    /** Asked last: a leave that the breaker gives and a retry that the budget pays for are used. */
    private RetryRules.Verdict affordable(RetryRules.Verdict verdict) {
        if (!verdict.again()) {
            return verdict;
        }
        if (!stay.mayAttempt()) {
            return RetryRules.Verdict.BREAKER_OPEN;
        }
        boolean paid = !verdict.charged()
                || way.upstream().budget().withdraw(exchange.loop().coarseNanos());
        return paid ? verdict : RetryRules.Verdict.BUDGET_SPENT;
    }

    private boolean fellBack(AttemptEnd.Failed failed) {
        Way legacy = wayToLegacy(failed);
        if (legacy != null) {
            fallBack(legacy, failed);
        }
        return legacy != null;
    }

    private @Nullable Way wayToLegacy(AttemptEnd outcome) {
        Decision decision = way.decision();
        FallbackRules.Verdict verdict = FallbackRules.judge(outcome, circumstances());
        if (verdict == FallbackRules.Verdict.FALL_BACK) {
            Way legacy = alternative.toLegacy(exchange, decision);
            if (legacy != null) {
                return legacy;
            }
            verdict = FallbackRules.Verdict.FORMAT;
        }
        if (verdict != FallbackRules.Verdict.NOT_MODERN) {
            meters.notFallenBack(decision.routeId(), outcome.word(), verdict.word());
        }
        return null;
    }

    private void fallBack(Way legacy, AttemptEnd outcome) {
        stay.leave();
        exchange.course().fellBack(legacy.decision(), outcome.word());
        exchange.body().rewind();
        attempt = null;
        failedEndpoint = null;
        sentAgain = false;
        afresh = false;
        way = legacy;
        stay = new Stay(this, exchange, legacy.upstream());
        enter(exchange.course().age());
    }

    private void giveUp(AttemptEnd.Failed failed) {
        stay.leave();
        UpstreamFailure failure = failed.failure();
        String reason = failure.kind().reason();
        exchange.answer(
                failed instanceof AttemptEnd.NotAsked notAsked
                        ? LocalAnswer.unavailable(reason, detail(failure), notAsked.retryAfter())
                        : LocalAnswer.of(failure.kind().status(), reason, detail(failure)),
                fieldsOfLocalAnswer());
    }

    private String detail(UpstreamFailure failure) {
        return "upstream " + way.upstream().id() + " " + failure.detail();
    }

    private FieldLine[] fieldsOfLocalAnswer() {
        List<FieldLine> lines = new ArrayList<>(way.debugFields());
        String fence = way.decision().fenceCookie();
        if (exchange.course().sent() && fence != null) {
            lines.add(FieldLine.of("Set-Cookie", fence));
        }
        return lines.toArray(NO_FIELDS);
    }

    // What an attempt asks and tells.

    Exchange exchange() {
        return exchange;
    }

    Way way() {
        return way;
    }

    Stay stay() {
        return stay;
    }

    AttemptMeters meters() {
        return meters;
    }

    /** More than {@code 100 Continue}: fields of a first answer must not stand before a second. */
    void reachedClient() {
        reachedClient = true;
    }

    @Override
    public void clientWritable() {
        if (attempt != null) {
            attempt.readAnswer(true);
        }
    }
}
