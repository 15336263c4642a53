package dev.banyan.routing.keys;

import dev.banyan.routing.Methods;
import dev.banyan.routing.PathPattern;
import dev.banyan.routing.RequestMatch;
import dev.banyan.routing.Route;
import dev.banyan.routing.Route.Writes;
import dev.banyan.routing.Share;
import dev.banyan.routing.StickBy;
import dev.banyan.routing.Words;
import dev.banyan.yaml.Problems;
import dev.banyan.yaml.Scalars;
import dev.banyan.yaml.Section;
import dev.banyan.yaml.Value;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What the keys of a route say together. */
final class RouteChecks {
    private static final List<String> NEED_BOTH = List.of("canary", "pilots", "fallback", "shadow", "ramp", "fence");

    private final Route route;
    private final Section section;
    private final Problems problems;

    private RouteChecks(Route route, Section section) {
        this.route = route;
        this.section = section;
        this.problems = section.value().problems();
    }

    static void check(Route route, Section section) {
        if (!section.value().problems().areOfAccepted()) {
            new RouteChecks(route, section).complain();
        }
    }

    /**
     * Who takes unsafe requests: nobody where none match; with one side that side, as there is nobody else. Empty, too, if there are two
     * and nobody says which, or if which one is meant is not known.
     */
    static Optional<Writes> owner(
            List<RequestMatch> match, Optional<Writes> said, boolean hasLegacy, boolean hasModern) {
        if (match.stream().noneMatch(RequestMatch::coversUnsafe)) {
            return Optional.empty();
        }
        return said.or(() -> onlySide(hasLegacy, hasModern));
    }

    private static Optional<Writes> onlySide(boolean hasLegacy, boolean hasModern) {
        if (hasLegacy == hasModern) {
            return Optional.empty();
        }
        return Optional.of(hasLegacy ? Writes.LEGACY : Writes.MODERN);
    }

    private void complain() {
        if (!section.isMeant("match")) {
            problems.error(
                    section.value().at(),
                    section.value().name() + ": has no match",
                    "list what it matches, such as match: [ \"GET /api/accounts\" ]");
        }
        sides();
        if (section.isMeant("match") && route.match().isEmpty()) {
            // What it matches is not known, so nothing can be said of it.
            return;
        }
        writes();
        copiesOfWrites();
        readBack();
        ignoredForGood();
        uselessKeys();
        pilots();
        rewrite();
        fence();
        ramp();
    }

    private void sides() {
        if (!section.isMeant("legacy") && !section.isMeant("modern")) {
            problems.error(
                    section.value().at(),
                    section.value().name() + ": has neither legacy nor modern",
                    "name the upstream that answers today as legacy");
        }
        if (route.legacy().isPresent() && route.legacy().equals(route.modern())) {
            section.get("modern")
                    .ifPresent(value -> value.wrong(
                            route.modern().get() + " is the legacy side too",
                            "name two upstreams, or leave one side out"));
        }
        if (!section.isMeant("modern")) {
            section.get("canary")
                    .filter(value -> !route.canary().equals(Share.NONE))
                    .ifPresent(value -> value.wrong(
                            route.canary() + " of the users would go to modern, and there is no modern",
                            "name an upstream as modern, or remove canary"));
        }
    }

    private void writes() {
        if (!route.coversUnsafe()) {
            section.get("writes")
                    .ifPresent(value -> value.doubtful("no unsafe method matches, so nothing is written", "remove it"));
            return;
        }
        if (!section.isMeant("writes")
                && onlySide(section.isMeant("legacy"), section.isMeant("modern"))
                        .isEmpty()) {
            problems.error(
                    section.value().at(),
                    section.value().name() + ": has no writes, and " + firstUnsafe() + " takes unsafe methods",
                    "say who owns the data: writes: legacy, modern or either; or match safe methods only");
            return;
        }
        section.get("writes")
                .ifPresent(value -> route.writes().ifPresent(writes -> {
                    missingSide(writes)
                            .ifPresent(side -> value.wrong(
                                    Words.of(writes) + " needs the " + side + " side, and the route has none",
                                    "write " + (side.equals("legacy") ? "modern" : "legacy") + ", or name " + side));
                    if (writes == Writes.MODERN
                            && route.legacy().isPresent()
                            && route.modern().isPresent()
                            && !route.canary().equals(Share.ALL)) {
                        value.doubtful(
                                "modern takes all writes while canary " + route.canary()
                                        + " leaves readers on legacy, who see them late or never",
                                "raise the canary to 100% first");
                    }
                }));
    }

    /** Modern is told of writes by copies only while legacy alone takes them: it may not be told of its own. */
    private void copiesOfWrites() {
        Optional<String> unsafe = route.shadow().methods().stream()
                .filter(method -> !Methods.isSafe(method))
                .findFirst();
        route.writes()
                .filter(writes -> writes != Writes.LEGACY && unsafe.isPresent())
                .filter(writes -> route.legacy().isPresent() && route.modern().isPresent())
                .ifPresent(writes -> section.get("shadow")
                        .ifPresent(value -> value.wrong(
                                "a copied " + unsafe.orElseThrow() + " could be written twice with writes: "
                                        + Words.of(writes),
                                "leave it out of methods, or write writes: legacy")));
    }

    /** What only one side holds cannot be looked for at both. */
    private void readBack() {
        if (route.shadow().readback().isEmpty()) {
            return;
        }
        section.get("shadow").ifPresent(value -> {
            if (!route.coversUnsafe()) {
                value.doubtful("readback: no unsafe method matches, so nothing is written", "remove readback");
            }
            if (route.writes().filter(Writes.MODERN::equals).isPresent()) {
                value.refused(
                        "readback: with writes: modern legacy does not hold what is written",
                        "remove readback, or write writes: either");
            }
            route.shadow()
                    .readback()
                    .flatMap(Route.Shadow.ReadBack::path)
                    .filter(path -> path.rest()
                            || !names(path).stream()
                                    .allMatch(name -> route.match().stream()
                                            .anyMatch(match ->
                                                    match.path().segments().contains(name))))
                    .ifPresent(path -> value.refused(
                            "readback: the path " + path + (path.rest() ? " has /**" : " has names that no match has"),
                            "use names of the route's matches, or leave path out: then the answer's Location says it"));
        });
    }

    /** A route is complete once modern is right, and of what nobody compares nobody knows. */
    private void ignoredForGood() {
        if (route.canary().equals(Share.ALL) && route.legacy().isPresent()) {
            route.shadow().ignore().stream()
                    .filter(ignored -> ignored.until().isEmpty())
                    .findFirst()
                    .ifPresent(ignored -> section.get("shadow")
                            .ifPresent(value -> value.doubtful(
                                    "all users are on modern, and " + ignored.field() + " is never compared",
                                    "give it an end: { field: \"" + ignored.field()
                                            + "\", until: DATE }, or compare it")));
        }
    }

    private String firstUnsafe() {
        return route.match().stream()
                .filter(RequestMatch::coversUnsafe)
                .findFirst()
                .map(match -> match + (match.methods().isEmpty() ? " (any method)" : ""))
                .orElse("its match");
    }

    private Optional<String> missingSide(Writes writes) {
        if (writes != Writes.MODERN && !section.isMeant("legacy")) {
            return Optional.of("legacy");
        }
        return writes != Writes.LEGACY && !section.isMeant("modern") ? Optional.of("modern") : Optional.empty();
    }

    private void uselessKeys() {
        String missing = section.isMeant("legacy") ? "modern" : "legacy";
        if (!section.isMeant("legacy") || !section.isMeant("modern")) {
            for (String key : NEED_BOTH) {
                boolean told = key.equals("canary") && missing.equals("modern");
                section.get(key)
                        .filter(value -> !told)
                        .ifPresent(value ->
                                value.doubtful("does nothing, the route has no " + missing + " side", "remove it"));
            }
        }
        if (!section.isMeant("modern")) {
            section.get("rewrite")
                    .ifPresent(value -> value.doubtful("does nothing, the route has no modern side", "remove it"));
        }
    }

    private void pilots() {
        section.get("pilots").ifPresent(value -> StickByKinds.checkPilots(value, route.pilots(), route.stickBy()));
    }

    private void rewrite() {
        Optional<Value> written = section.get("rewrite");
        if (written.isEmpty() || route.rewrite().isEmpty()) {
            return;
        }
        PathPattern path = route.rewrite().get();
        route.match().stream()
                .filter(match -> !match.path().segments().containsAll(names(path))
                        || path.rest() && !match.path().rest())
                .findFirst()
                .ifPresent(match -> written.get()
                        .refused(
                                "uses " + missing(path, match.path()) + ", which the match " + match.path()
                                        + " does not have",
                                "use only what every match of the route has"));
    }

    private static List<PathPattern.Segment> names(PathPattern path) {
        return path.segments().stream()
                .filter(segment -> segment instanceof PathPattern.Named)
                .toList();
    }

    private static String missing(PathPattern rewrite, PathPattern match) {
        for (PathPattern.Segment segment : names(rewrite)) {
            if (segment instanceof PathPattern.Named named && !match.segments().contains(named)) {
                return "{" + named.name() + "}";
            }
        }
        return "/**";
    }

    private void fence() {
        StickBy first = route.stickBy().get(0);
        boolean cookieless =
                first instanceof StickBy.Header || first instanceof StickBy.Ip || first instanceof StickBy.Request;
        if (cookieless
                && route.coversUnsafe()
                && route.legacy().isPresent()
                && route.modern().isPresent()
                && route.fence().compareTo(Duration.ZERO) > 0) {
            problems.warning(
                    section.at("stick-by"),
                    "stick-by: begins with " + first + ", so clients may keep no cookies, and the fence of "
                            + Scalars.text(route.fence()) + " after a write is a cookie",
                    "make sure that they keep cookies, or write fence: 0s if they may read what is older than their"
                            + " own write");
        }
    }

    private void ramp() {
        route.ramp()
                .filter(ramp -> ramp.gates().parity().isPresent()
                        && route.shadow().share().equals(Share.NONE))
                .ifPresent(ramp -> problems.warning(
                        section.at("ramp"),
                        "ramp: the gate parity has nothing to judge by while shadow.share is 0%",
                        "write shadow: { share: 10% }"));
    }
}
