package dev.banyan.dataplane.mirror;

import dev.banyan.dataplane.exchange.Exchange;
import dev.banyan.dataplane.exchange.KeyHash;
import dev.banyan.dataplane.exchange.Witness;
import dev.banyan.dataplane.exchange.Witnesses;
import dev.banyan.dataplane.message.Ascii;
import dev.banyan.dataplane.message.FieldLine;
import dev.banyan.dataplane.message.Framing;
import dev.banyan.dataplane.message.Head;
import dev.banyan.dataplane.message.rules.WebSocketRules;
import dev.banyan.routing.Route;
import dev.banyan.routing.RouteInForce;
import dev.banyan.routing.Share;
import dev.banyan.routing.Side;
import dev.banyan.routing.decide.Decision;
import dev.banyan.routing.decide.Router;
import dev.banyan.routing.decide.Sent;
import dev.banyan.routing.decide.SentToEither;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Which requests of one route are copied. A copy is made of what the other side may be asked once more: safe requests, and unsafe ones
 * only where the route lists their methods and says that modern may take copies of writes; those go to modern alone, and never to who
 * owns the data.
 */
final class Shadowed implements Witnesses {
    private static final int WHOLE = Share.ALL.basisPoints();

    /** After so many repeats their share falls, as one over their number; to one in a hundred. */
    private static final double OFTEN = 300;

    private static final double LEAST_REPEATED = 0.01;
    private static final byte[] COOKIE = Ascii.bytes("cookie");

    private final RouteInForce route;
    private final InForce inForce;
    private final Router router;
    private final Map<Side, AskedSide> sides;
    private final Mirroring mirroring;

    /** @param sides both sides */
    Shadowed(RouteInForce route, InForce inForce, Router router, Map<Side, AskedSide> sides, Mirroring mirroring) {
        this.route = route;
        this.inForce = inForce;
        this.router = router;
        this.sides = sides;
        this.mirroring = mirroring;
    }

    @Override
    public @Nullable Witness of(Exchange exchange) {
        Decision decision = exchange.course().decision();
        if (decision == null) {
            return null;
        }
        Route.Shadow shadow = route.route().shadow();
        Witness copied = isChosen(route.shadowShare()) ? copied(exchange, decision) : null;
        if (!decision.safe()) {
            return together(
                    copied,
                    shadow.readback()
                            .filter(rules -> mayBeReadBack(exchange.head()))
                            .map(rules -> writtenThenRead(exchange, decision, rules)));
        }
        boolean asNobody = isChosen(shadow.anonymous());
        boolean asTestUser = !asNobody && isChosen(shadow.probe());
        return together(
                copied, Optional.ofNullable(asNobody || asTestUser ? asStranger(exchange, decision, asNobody) : null));
    }

    /** Only what both sides should hold; nothing where it may not be asked twice. */
    private boolean mayBeReadBack(Head head) {
        return route.owner().filter(owner -> owner == Side.MODERN).isEmpty()
                && !mirroring.wrote().contains(route.id())
                && mayRepeatCookies(head);
    }

    private boolean mayRepeatCookies(Head head) {
        return mirroring.rules().repeatsCookies() || head.joined(COOKIE, ";") == null;
    }

    private static @Nullable Witness together(@Nullable Witness copied, Optional<Witness> more) {
        if (copied == null) {
            return more.orElse(null);
        }
        return more.<Witness>map(other -> new Together(List.of(copied, other))).orElse(copied);
    }

    private static boolean isChosen(Share share) {
        return share.basisPoints() > 0 && ThreadLocalRandom.current().nextInt(WHOLE) < share.basisPoints();
    }

    private @Nullable Witness copied(Exchange exchange, Decision decision) {
        AskedSide other =
                getsCopies(decision.side().other()) ? sides.get(decision.side().other()) : null;
        if (other == null || !mayBeAskedAgain(exchange.head(), decision)) {
            return null;
        }
        Sent sent = router.sentTo(decision.side().other(), exchange.view());
        if (sent == null) {
            return unmade(Unmade.NOT_SERVED);
        }
        Unmade why = whyNot(exchange, other);
        if (why != null) {
            return unmade(why);
        }
        // By its other name, too: a form's _method, or a header, may make another method of it.
        return route.route().shadow().methods().contains(sent.method())
                ? new Copied(
                        KeptRequest.of(exchange, decision, inForce),
                        new Copied.Asked(other, sent),
                        answering(exchange, decision),
                        learnsNoise(),
                        mirroring)
                : null;
    }

    /** Null where it may not be asked again, or there is no test user. */
    private @Nullable Witness asStranger(Exchange exchange, Decision decision, boolean asNobody) {
        Head head = exchange.head();
        List<FieldLine> credentials =
                asNobody ? List.of() : mirroring.rules().testUser().get();
        // A query may be what legacy's refusal is about, and HEAD has nothing by which to tell a page to log in by.
        boolean mayBe = mayBeAskedAgain(head, decision)
                && head.query() == null
                && head.method().equals("GET")
                && (asNobody || !credentials.isEmpty())
                && !mirroring.wrote().contains(route.id());
        SentToEither sent = mayBe ? router.sentToEither(exchange.view()) : null;
        Copied.Asked legacy = sent == null ? null : asked(Side.LEGACY, sent);
        Copied.Asked modern = sent == null ? null : asked(Side.MODERN, sent);
        return legacy == null || modern == null
                ? null
                : new AskedAsStranger(
                        KeptRequest.of(exchange, decision, inForce),
                        credentials,
                        new AskedAsStranger.Sides(legacy, modern),
                        mirroring);
    }

    private Copied.@Nullable Asked asked(Side side, SentToEither to) {
        AskedSide askedSide = sides.get(side);
        Sent sent = to.to(side);
        return askedSide == null || sent == null ? null : new Copied.Asked(askedSide, sent);
    }

    private Witness writtenThenRead(Exchange exchange, Decision decision, Route.Shadow.ReadBack rules) {
        String named =
                rules.path().map(path -> router.filledIn(path, exchange.view())).orElse(null);
        long keyHash = KeyHash.of(router.user(route.id(), exchange.view()));
        return new WrittenThenRead(
                KeptRequest.of(exchange, decision, inForce), keyHash, router, rules, named, sides, mirroring);
    }

    private @Nullable Witness unmade(Unmade why) {
        mirroring.meters().unmade(route.id(), why);
        return null;
    }

    /** Legacy only with {@code of: both}. */
    private boolean getsCopies(Side side) {
        return side == Side.MODERN || route.route().shadow().of() == Route.Shadow.Of.BOTH;
    }

    /** The side that answers, to be asked once more; empty where it may not be. */
    private Optional<Copied.Asked> answering(Exchange exchange, Decision decision) {
        boolean mayBe = decision.safe() && mayRepeatCookies(exchange.head());
        return mayBe
                ? Optional.ofNullable(sides.get(decision.side())).map(same -> new Copied.Asked(same, decision.sent()))
                : Optional.empty();
    }

    /**
     * Whether legacy is asked this one twice: often as long as little is known, then ever less. A user has one repeat a minute; where
     * answers may have to settle, every second is left for that.
     */
    private boolean learnsNoise() {
        Route.Shadow.Noise noise = route.route().shadow().noise();
        double share = noise.isAuto()
                ? Math.max(
                        LEAST_REPEATED,
                        Math.min(1, OFTEN / (1.0 + mirroring.reader().repeatsKnown(route.id()))))
                : noise.share().basisPoints() / (double) WHOLE;
        double most = route.route().shadow().settle().isZero() ? 1 : 0.5;
        return ThreadLocalRandom.current().nextDouble() < Math.min(most, share);
    }

    private boolean mayBeAskedAgain(Head head, Decision decision) {
        return route.route().shadow().methods().contains(head.method())
                && !WebSocketRules.asks(head)
                && (decision.safe() || writesMayBeCopied(route.route().shadow(), decision));
    }

    private boolean writesMayBeCopied(Route.Shadow shadow, Decision decision) {
        return shadow.writesAreSafe()
                && shadow.of() == Route.Shadow.Of.MODERN
                && decision.side() == Side.LEGACY
                && route.owner().filter(owner -> owner == Side.LEGACY).isPresent();
    }

    private @Nullable Unmade whyNot(Exchange exchange, AskedSide other) {
        Head head = exchange.head();
        if (mirroring.wrote().contains(route.id())) {
            return Unmade.WROTE;
        }
        if (mirroring.rules().secrets().are(head.query())) {
            return Unmade.SECRET_QUERY;
        }
        if (head.framing() == Framing.LENGTH
                && head.contentLength() > mirroring.bounds().maxBytes()) {
            return Unmade.BODY_TOO_LARGE;
        }
        return other.clients().strains() ? Unmade.STRAINED : null;
    }
}
