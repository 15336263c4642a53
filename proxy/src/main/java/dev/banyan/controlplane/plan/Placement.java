package dev.banyan.controlplane.plan;

import dev.banyan.contract.RecentRequests.Decided;
import dev.banyan.routing.Freeze;
import dev.banyan.routing.RouteInForce;
import dev.banyan.routing.Share;
import dev.banyan.routing.Side;
import dev.banyan.routing.StickBy;
import dev.banyan.routing.decide.Reason;
import java.util.Optional;

/** Which side a kind of request goes to, by one route as it is in one table: what the router decides, asked for many users at once. */
record Placement(RouteInForce route) {

    /** Of users with this bucket. */
    Side ofBucket(int bucket, boolean safe) {
        return byTable(safe).orElseGet(() -> bucket < route.canary().basisPoints() ? Side.MODERN : Side.LEGACY);
    }

    /** Of safe requests of one user. A pilot is at modern whatever the canary. */
    Side ofPilotOrBucket(boolean pilot, int bucket) {
        return pilot ? byTable(true).orElse(Side.MODERN) : ofBucket(bucket, true);
    }

    /** Of requests that were decided without a bucket; empty: it would take one to tell. */
    Optional<Side> ofOther(Decided decided) {
        return byTable(decided.safe())
                .or(() -> bySigned(decided))
                .or(this::byWholeCanary)
                .or(() -> byNobody(decided));
    }

    /** What the route decides for everybody. */
    private Optional<Side> byTable(boolean safe) {
        if (route.route().legacy().isEmpty()) {
            return Optional.of(Side.MODERN);
        }
        if (route.route().modern().isEmpty()) {
            return Optional.of(Side.LEGACY);
        }
        if (route.freeze().filter(Freeze::withWrites).isPresent()) {
            return Optional.of(Side.LEGACY);
        }
        if (!safe && route.owner().isPresent()) {
            return route.owner();
        }
        return route.freeze().map(freeze -> Side.LEGACY);
    }

    private static Optional<Side> bySigned(Decided decided) {
        return switch (decided.reason()) {
            case FORMAT, FENCED, FORCED, PILOT -> Optional.of(decided.side());
            default -> Optional.empty();
        };
    }

    private Optional<Side> byWholeCanary() {
        if (route.canary().equals(Share.ALL)) {
            return Optional.of(Side.MODERN);
        }
        return route.canary().equals(Share.NONE) ? Optional.of(Side.LEGACY) : Optional.empty();
    }

    /** Who has no key, and will get none, stays with legacy. */
    private Optional<Side> byNobody(Decided decided) {
        boolean getsKey = route.route().stickBy().stream().anyMatch(StickBy.Cookie.class::isInstance);
        return decided.reason() == Reason.CANARY && !getsKey ? Optional.of(Side.LEGACY) : Optional.empty();
    }

    /** Whether users of both sides are told apart by their buckets. */
    boolean isSplit() {
        return byTable(true).isEmpty() && byWholeCanary().isEmpty();
    }

    /** The part of all users whose safe requests go to modern. */
    double modernShare() {
        return byTable(true)
                .map(side -> side == Side.MODERN ? 1.0 : 0.0)
                .orElseGet(() -> route.canary().basisPoints() / (double) Share.ALL.basisPoints());
    }
}
