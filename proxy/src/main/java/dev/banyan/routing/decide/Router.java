package dev.banyan.routing.decide;

import dev.banyan.routing.Methods;
import dev.banyan.routing.PathPattern;
import dev.banyan.routing.PathRules;
import dev.banyan.routing.RequestMatch;
import dev.banyan.routing.RequestView;
import dev.banyan.routing.RequestView.FormMethod;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Side;
import dev.banyan.routing.decide.WhoAnswers.Choice;
import dev.banyan.routing.match.Considered;
import dev.banyan.routing.match.FormMethodReader;
import dev.banyan.routing.match.Found;
import dev.banyan.routing.match.MethodOverride;
import dev.banyan.routing.match.NormalPath;
import dev.banyan.routing.match.PathFlaw;
import dev.banyan.routing.match.RailsMethods;
import dev.banyan.routing.match.Rewriting;
import dev.banyan.routing.match.RouteIndex;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One table, ready to be asked: the index over its matches, and the order of who answers. Immutable and thread-safe. */
public final class Router {
    private final RoutingTable table;
    private final boolean rails;
    private final RouteIndex index;
    private final Map<String, RoutePlan> plans;
    private final FenceCookie fences;
    private final WhoAnswers whoAnswers;
    private final SigningKeys keys;
    private final RandomGenerator random;

    /**
     * Makes the index and everything else that a request is to find ready.
     *
     * @param random for the ids of new sticky cookies; must be a secure one outside tests
     */
    public Router(RoutingTable table, SigningKeys keys, RandomGenerator random) {
        this(
                table,
                RouteIndex.of(table.base().routes().values(), table.base().paths()),
                plans(table, Map.of()),
                new FenceCookie(keys),
                keys,
                random);
    }

    private Router(
            RoutingTable table,
            RouteIndex index,
            Map<String, RoutePlan> plans,
            FenceCookie fences,
            SigningKeys keys,
            RandomGenerator random) {
        this.table = table;
        this.rails = table.base().paths() == PathRules.RAILS;
        this.index = index;
        this.plans = plans;
        this.fences = fences;
        this.keys = keys;
        this.random = random;
        this.whoAnswers = new WhoAnswers(fences, keys, random);
    }

    /** For another table: what was made ready for routes that are the same in both is kept. */
    public Router of(RoutingTable next) {
        boolean samePaths = next.base().paths() == table.base().paths();
        return new Router(
                next,
                next.base().equals(table.base())
                        ? index
                        : RouteIndex.of(
                                next.base().routes().values(), next.base().paths()),
                plans(next, samePaths ? plans : Map.of()),
                fences,
                keys,
                random);
    }

    private static Map<String, RoutePlan> plans(RoutingTable table, Map<String, RoutePlan> before) {
        Map<String, RoutePlan> plans = new HashMap<>();
        // A hash each: thousands of routes have a few cohorts.
        Map<String, String> fenceTags = new HashMap<>();
        table.routes().forEach((id, route) -> {
            RoutePlan was = before.get(id);
            plans.put(
                    id,
                    was != null && was.inForce.equals(route)
                            ? was
                            : new RoutePlan(
                                    route,
                                    table.base().paths(),
                                    fenceTags.computeIfAbsent(route.route().cohort(), FenceCookie::tagOf)));
        });
        return plans;
    }

    public RoutingTable table() {
        return table;
    }

    /** Where the request goes. Pure but for the random id of a new cookie. */
    public Routed route(RequestView request, long nowEpochSeconds) {
        return route(request, nowEpochSeconds, Steps.UNHEARD);
    }

    /** The same decision, with every step told. */
    public Explanation explain(RequestView request, long nowEpochSeconds) {
        Steps steps = Steps.heard();
        Routed outcome = route(request, nowEpochSeconds, steps);
        return new Explanation(outcome, steps.candidates(), steps.told());
    }

    /**
     * The request as the given side gets it, for a fallback or a shadow of one that {@link #route} sent to the other; null if no route
     * matches, or it has no such side, or modern does not serve the request's format.
     */
    public @Nullable Sent sentTo(Side side, RequestView request) {
        SentToEither sent = sentToEither(request);
        return sent == null ? null : sent.to(side);
    }

    /** The same for both sides, with what it matched; null if no route does. */
    public @Nullable SentToEither sentToEither(RequestView request) {
        if (!(NormalPath.of(request.rawPath(), table.base().paths()) instanceof NormalPath.Usable path)) {
            return null;
        }
        String effective = effectiveMethod(request, form(request));
        Found found = index.find(effective, path.path(), request, null);
        return found == null
                ? null
                : new SentToEither(
                        found.route().id(),
                        found.match(),
                        plan(found).sentTo(Side.LEGACY, found, request.method(), effective, path.path()),
                        plan(found).sentTo(Side.MODERN, found, request.method(), effective, path.path()));
    }

    /**
     * The path that a pattern makes of the names that the request's match caught.
     *
     * @return null if that match lacks one of them
     */
    public @Nullable String filledIn(PathPattern pattern, RequestView request) {
        if (!(NormalPath.of(request.rawPath(), table.base().paths()) instanceof NormalPath.Usable path)) {
            return null;
        }
        Found found = index.find(effectiveMethod(request, form(request)), path.path(), request, null);
        return found != null && Rewriting.hasAll(pattern, found.match().path())
                ? Rewriting.rewritten(pattern, found)
                : null;
    }

    /**
     * The whole Set-Cookie value that fences a client to the side its unsafe request went to; null if the route needs no fence.
     * {@link Decision#fenceCookie} is this for the decided side; a fallback to the other needs another.
     */
    public @Nullable String fenceCookie(String routeId, Side side, RequestView request, long nowEpochSeconds) {
        RoutePlan plan = plans.get(routeId);
        if (plan == null || !plan.hasBothSides() || plan.fenceSeconds <= 0) {
            return null;
        }
        var fence = new FenceCookie.Fence(plan.fenceTag, side, nowEpochSeconds + plan.fenceSeconds);
        return fences.adding(fence, request.cookies(), nowEpochSeconds, request.tls());
    }

    /** The sticky key of a request to that route, as far as it has one; null: nobody can tell who it belongs to. */
    public @Nullable String user(String routeId, RequestView request) {
        RoutePlan plan = plans.get(routeId);
        return plan == null ? null : whoAnswers.user(plan, request);
    }

    private Routed route(RequestView request, long now, Steps steps) {
        NormalPath normal = NormalPath.of(request.rawPath(), table.base().paths());
        if (normal instanceof NormalPath.Refused refused) {
            steps.tell("path: refused, %s", refused.detail());
            return badPath(refused.detail());
        }
        NormalPath.Usable path = (NormalPath.Usable) normal;
        steps.tell("path: %s%s", path.path(), path.path().equals(request.rawPath()) ? "" : ", normalised");
        FormMethod form = form(request);
        if (form instanceof FormMethod.NotHeld) {
            long mattering = formBytesThatMatter(path, request);
            if (mattering >= 0) {
                steps.tell("method: depends on the form's _method, which nobody has read yet");
                return new Routed.NeedsForm(mattering);
            }
        }
        if (form instanceof FormMethod.TooLarge && mayReachWriteOfModern(path, request)) {
            steps.tell(
                    "method: unknown, the form is too large to look for _method, and modern owns what it could reach");
            return formTooLarge();
        }
        String effective = effectiveMethod(request, form);
        steps.tell("method: %s%s", effective, effective.equals(request.method()) ? "" : ", by override");
        return routeMatched(request, effective, path, now, steps);
    }

    private static Routed badPath(String detail) {
        return new Routed.Refused(400, "bad-path", detail);
    }

    private static Routed formTooLarge() {
        return new Routed.Refused(
                413,
                "form-too-large",
                "The form is too large to tell its _method. Send the method itself, or a smaller form.");
    }

    private Routed routeMatched(
            RequestView request, String effective, NormalPath.Usable usable, long now, Steps steps) {
        String path = usable.path();
        Found found = index.find(effective, path, request, considered(steps));
        String withoutParameters = usable.withoutParameters();
        if (withoutParameters != null) {
            Found other = index.find(effective, withoutParameters, request, null);
            if (!routeId(found).equals(routeId(other))) {
                steps.tell(
                        "path: refused, it reaches route %s with its ;parameters and route %s without",
                        routeId(found), routeId(other));
                return badPath(PathFlaw.PARAMETERS.detail());
            }
        }
        boolean safe = Methods.isSafe(request.method()) && Methods.isSafe(effective);
        if (found == null) {
            boolean resolved = !path.equals(request.rawPath()) && NormalPath.hasDotSegment(request.rawPath());
            steps.tell(
                    "route: none matches, so %s, the default, gets it %s",
                    table.base().defaultUpstream(), resolved ? "normalised, since it has dot segments" : "as it came");
            return new Routed.To(byDefault(request, safe, resolved ? path : request.rawPath()));
        }
        if (rails && !NormalPath.isUtf8(path)) {
            steps.tell("path: refused, its escapes are no UTF-8");
            return badPath(PathFlaw.NO_UTF8.detail());
        }
        steps.tell("route: %s, by %s", found.route().id(), found.match().path());
        RoutePlan plan = plan(found);
        Choice choice = whoAnswers.choose(plan, request, safe, found.suffix(), now, steps);
        Sent sent = plan.sentTo(choice.side(), found, request.method(), effective, path);
        if (sent == null) {
            steps.tell("format: modern does not serve .%s, and legacy may not answer", String.valueOf(found.suffix()));
            return new Routed.Refused(
                    406,
                    "format-not-served",
                    "There is no ." + found.suffix() + " of this; send one of " + plan.route.formats()
                            + ", or no suffix.");
        }
        steps.tell("sent: %s %s to %s", sent.method(), sent.path(), sent.upstream());
        String fence = safe ? null : fenceCookie(plan.route.id(), choice.side(), request, now);
        return new Routed.To(decision(plan, found.match(), choice, sent, safe, fence));
    }

    private static @Nullable Considered considered(Steps steps) {
        return steps.areHeard() ? steps::passedOver : null;
    }

    private static String routeId(@Nullable Found found) {
        return found == null ? RoutingTable.DEFAULT_ROUTE : found.route().id();
    }

    private RoutePlan plan(Found found) {
        return Objects.requireNonNull(plans.get(found.route().id()));
    }

    private Decision byDefault(RequestView request, boolean safe, String path) {
        return new Decision(
                null,
                null,
                Side.LEGACY,
                Reason.DEFAULT,
                WhoAnswers.NO_BUCKET,
                null,
                safe,
                new Sent(table.base().defaultUpstream(), request.method(), path, null, false),
                List.of(),
                null,
                false);
    }

    private static Decision decision(
            RoutePlan plan, RequestMatch match, Choice choice, Sent sent, boolean safe, @Nullable String fence) {
        String cookie = choice.setCookie();
        return new Decision(
                plan.inForce,
                match,
                choice.side(),
                choice.reason(),
                choice.bucket(),
                choice.stickyKey(),
                safe,
                sent,
                cookie == null ? List.of() : List.of(cookie),
                fence,
                choice.split());
    }

    /** What the request's form says; {@code None} where Rails would not look. */
    private FormMethod form(RequestView request) {
        return rails && MethodOverride.appliesTo(request) && FormMethodReader.isForm(request.header("content-type"))
                ? request.formMethod()
                : NO_FORM;
    }

    private static final FormMethod NO_FORM = new FormMethod.None();

    private String effectiveMethod(RequestView request, FormMethod form) {
        // A form nobody can look into is decided as it came, a header notwithstanding: the form might have beaten it.
        return rails && MethodOverride.appliesTo(request) && !(form instanceof FormMethod.TooLarge)
                ? MethodOverride.effective(request, form)
                : request.method();
    }

    /**
     * How much of the form is to be looked into, because it could send the request to another route, or tell modern another method: the
     * most that a route which it could reach holds. Negative: whatever it says changes nothing.
     */
    private long formBytesThatMatter(NormalPath.Usable path, RequestView request) {
        long bytes = formBytesThatMatter(path.path(), request);
        String withoutParameters = path.withoutParameters();
        return withoutParameters == null ? bytes : Math.max(bytes, formBytesThatMatter(withoutParameters, request));
    }

    private long formBytesThatMatter(String path, RequestView request) {
        Found asPost = index.find("POST", path, request, null);
        long bytes = asPost == null ? 0 : asPost.route().holdBodyBytes();
        boolean matters = false;
        for (String verb : MethodOverride.VERBS) {
            Found found = index.find(verb, path, request, null);
            if (found == null) {
                // LINK is no method to Rails: with it, who has nothing but legacy answers 405 either way.
                matters |= asPost != null && (plan(asPost).modern != null || RailsMethods.isKnown(verb));
            } else {
                matters |= asPost == null || plan(found) != plan(asPost) || plan(found).modern != null;
                bytes = Math.max(bytes, found.route().holdBodyBytes());
            }
        }
        return matters ? bytes : -1;
    }

    /** Whether some override would make the request a write that modern owns: then legacy must not get it. */
    private boolean mayReachWriteOfModern(NormalPath.Usable path, RequestView request) {
        String withoutParameters = path.withoutParameters();
        return mayReachWriteOfModern(path.path(), request)
                || (withoutParameters != null && mayReachWriteOfModern(withoutParameters, request));
    }

    private boolean mayReachWriteOfModern(String path, RequestView request) {
        for (String verb : MethodOverride.VERBS) {
            // As a POST it is decided as a POST, whatever comes of that.
            if (!verb.equals("POST") && !Methods.isSafe(verb)) {
                Found found = index.find(verb, path, request, null);
                if (found != null && plan(found).modernOwnsWrites()) {
                    return true;
                }
            }
        }
        return false;
    }
}
