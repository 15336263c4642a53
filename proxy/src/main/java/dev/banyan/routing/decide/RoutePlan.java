package dev.banyan.routing.decide;

import dev.banyan.routing.Freeze;
import dev.banyan.routing.PathRules;
import dev.banyan.routing.Route;
import dev.banyan.routing.RouteInForce;
import dev.banyan.routing.Share;
import dev.banyan.routing.Side;
import dev.banyan.routing.StickBy;
import dev.banyan.routing.match.Found;
import dev.banyan.routing.match.Rewriting;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A route in force, with everything that deciding asks of it made ready once for a table. */
final class RoutePlan {
    final RouteInForce inForce;
    final Route route;
    final @Nullable String legacy;
    final @Nullable String modern;
    /** The side that takes unsafe requests; null if it is decided as for reads. */
    final @Nullable Side owner;

    final boolean frozen;
    final boolean frozenWithWrites;
    final int canaryBasisPoints;
    /** Keys in their canonical form. */
    final Set<String> pilots;

    private final StickBy[] stickBy;
    final boolean sticksByCookie;
    final long fenceSeconds;
    final String fenceTag;
    private final boolean rails;

    /** @param fenceTag how its cohort is called in the fence's cookie */
    RoutePlan(RouteInForce inForce, PathRules rules, String fenceTag) {
        this.inForce = inForce;
        this.route = inForce.route();
        this.legacy = route.legacy().orElse(null);
        this.modern = route.modern().orElse(null);
        this.owner = inForce.owner().orElse(null);
        this.frozen = inForce.freeze().isPresent();
        this.frozenWithWrites = inForce.freeze().filter(Freeze::withWrites).isPresent();
        this.canaryBasisPoints = inForce.canary().basisPoints();
        this.pilots = route.pilots().stream().map(StickyKey::canonical).collect(Collectors.toUnmodifiableSet());
        this.stickBy = route.stickBy().stream().map(RoutePlan::inLowerCase).toArray(StickBy[]::new);
        this.sticksByCookie = route.stickBy().stream().anyMatch(StickBy.Cookie.class::isInstance);
        this.fenceSeconds = secondsRoundedUp(route.fence());
        this.fenceTag = fenceTag;
        this.rails = rules == PathRules.RAILS;
    }

    private static StickBy inLowerCase(StickBy source) {
        return source instanceof StickBy.Header header
                ? new StickBy.Header(header.name().toLowerCase(Locale.ROOT))
                : source;
    }

    private static long secondsRoundedUp(Duration duration) {
        return duration.plusNanos(999_999_999).toSeconds();
    }

    /** Where keys are taken from, headers by their name in lower case. Not to be changed. */
    StickBy[] stickBy() {
        return stickBy;
    }

    boolean hasBothSides() {
        return legacy != null && modern != null;
    }

    /** Whether the canary alone sends some users here and some there. */
    boolean isSplitByCanary() {
        return hasBothSides() && !frozen && canaryBasisPoints > 0 && canaryBasisPoints < Share.ALL.basisPoints();
    }

    boolean isSplit() {
        return isSplitByCanary() || (hasBothSides() && !frozen && canaryBasisPoints == 0 && !pilots.isEmpty());
    }

    /** Whether an unsafe request goes to modern whatever else holds. */
    boolean modernOwnsWrites() {
        return legacy == null || (owner == Side.MODERN && modern != null && !frozenWithWrites);
    }

    boolean modernServes(@Nullable String suffix) {
        return suffix == null || route.formats().contains(suffix);
    }

    /** The request as a side gets it; null if the route has no such side, or if modern does not serve the suffix. */
    @Nullable
    Sent sentTo(Side side, Found found, String wireMethod, String effectiveMethod, String normalPath) {
        if (side == Side.LEGACY) {
            return legacy == null ? null : new Sent(legacy, wireMethod, normalPath, null, false);
        }
        String suffix = found.suffix();
        if (modern == null || !modernServes(suffix)) {
            return null;
        }
        String path = route.rewrite()
                .map(rewrite -> Rewriting.rewritten(rewrite, found))
                .orElse(found.canonicalPath());
        return new Sent(modern, effectiveMethod, path, suffix == null ? null : FormatSuffix.mediaType(suffix), rails);
    }
}
