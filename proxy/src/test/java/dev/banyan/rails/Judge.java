package dev.banyan.rails;

import dev.banyan.routing.PathRules;
import dev.banyan.routing.Side;
import dev.banyan.routing.decide.Decision;
import dev.banyan.routing.decide.Reason;
import dev.banyan.routing.decide.Routed;
import dev.banyan.routing.decide.Router;
import dev.banyan.routing.match.NormalPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Holds Banyan's decision about a request against what Rails does with the same bytes.
 *
 * <p>Rails neither decodes a path before it looks for the action nor resolves dot segments; Banyan does both first (product.md, Matching),
 * since who sends {@code /%61pi} means {@code /api}. So a path that this changes is asked of Rails in both spellings, and either will do.
 */
final class Judge {
    private static final long NOW = 1_767_225_600L;

    private final RailsConnection rails;
    private final Monolith stage;
    private final Router router;
    private final Map<String, Integer> counts = new TreeMap<>();
    private final List<String> complaints = new ArrayList<>();

    Judge(RailsConnection rails, Monolith stage) {
        this.rails = rails;
        this.stage = stage;
        this.router = stage.router();
    }

    /** How many requests ended in which way. */
    Map<String, Integer> counts() {
        return counts;
    }

    /** What is wrong with the decisions so far. */
    List<String> complaints() {
        return complaints;
    }

    void judge(Asked asked) {
        Taken direct = rails.ask(asked);
        if (direct.status() == 500) {
            // A body that Rack fails on, such as one in an unknown charset: nobody's action.
            count("rails fails");
            return;
        }
        Routed routed = router.route(asked.view(), NOW);
        if (routed instanceof Routed.Refused refused) {
            count("refused " + refused.status() + " " + refused.reason());
            refused(asked, direct, normalised(asked, direct), refused);
        } else if (routed instanceof Routed.To to) {
            Decision decision = to.decision();
            count(decision.routeId() + " to " + decision.side().word());
            decided(asked, direct, normalised(asked, direct), decision);
        } else {
            complain(asked, direct, "nothing was decided");
        }
    }

    /** What Rails takes the normal spelling for; the same as the original where that is normal but for slashes. */
    private Taken normalised(Asked asked, Taken direct) {
        String raw = asked.view().rawPath();
        NormalPath normal = NormalPath.of(raw, PathRules.RAILS);
        if (!(normal instanceof NormalPath.Usable path) || path.path().equals(raw)) {
            return direct;
        }
        return rails.ask(asked.sent(asked.method(), path.path(), false));
    }

    private void refused(Asked asked, Taken direct, Taken normalised, Routed.Refused refused) {
        String format = normalised.params().get("format");
        boolean dotted = asked.view().rawPath().matches(".*(\\.|%2[eE]).*");
        if (refused.status() == 406 && (!dotted || (normalised.ran() != null && "json".equals(format)))) {
            complain(asked, normalised, "406 for a format that modern serves");
        }
        if (refused.status() == 413) {
            complain(asked, normalised, "413 for a small form");
        }
        boolean strange = asked.view()
                .rawPath()
                .matches(
                        "(?i).*(\\.\\.|\\.%2e|%2e\\.|%2e%2e|\\.;|%5c|%00|%[^0-9a-f]|%.?$|%.[^0-9a-f]|#|;|%3b|%2e;|\\.%2f|%2e%2f|%2f\\.|%2f%2e|%2e%3b|[\\x80-\\xff]).*");
        // Rails answers 400 or 404 to what is no UTF-8, by whether a parameter of the route that it looks at holds it.
        boolean neverRuns = !isUtf8(asked) && direct.ran() == null && normalised.ran() == null;
        if (refused.status() == 400 && normalised.status() != 400 && !strange && !neverRuns) {
            complain(asked, normalised, "400 for a path that is like any other");
        }
    }

    private static boolean isUtf8(Asked asked) {
        return NormalPath.of(asked.view().rawPath(), PathRules.RAILS) instanceof NormalPath.Usable path
                && NormalPath.isUtf8(path.path());
    }

    private void decided(Asked asked, Taken direct, Taken normalised, Decision decision) {
        String route = decision.route() == null ? null : decision.routeId();
        String byDirect = migrated(Monolith.routeOf(direct, direct.ran()));
        String byNormal = migrated(Monolith.routeOf(normalised, normalised.ran()));
        if (byDirect != null && !byDirect.equals(route) && !Objects.equals(byNormal, migrated(route))) {
            complain(asked, direct, "Rails runs an action of " + byDirect + ", decided as " + decision);
        }
        if (decision.side() == Side.MODERN) {
            toModern(asked, direct, normalised, decision);
        } else {
            toLegacy(asked, direct, normalised, decision);
        }
    }

    private static @Nullable String migrated(@Nullable String route) {
        return "search".equals(route) ? null : route;
    }

    private void toModern(Asked asked, Taken direct, Taken normalised, Decision decision) {
        boolean asItCame = decision.routeId().equals(Monolith.routeOf(direct, direct.routed()));
        boolean asNormal = decision.routeId().equals(Monolith.routeOf(normalised, normalised.routed()));
        if (!asItCame && !asNormal) {
            complain(asked, direct, "Rails does not take it for an action of " + decision.routeId());
            return;
        }
        Taken meant = asNormal ? normalised : direct;
        Taken canonical =
                rails.ask(asked.sent(decision.sent().method(), decision.sent().path(), true));
        // What /** covers is left whole; and a name that may hold dots ends in .json to Rails where Banyan sees a
        // format.
        boolean keepsSuffix =
                decision.routeId().equals("files") || decision.routeId().equals("packages");
        if (!Objects.equals(canonical.routed(), meant.routed())
                || (!keepsSuffix && !canonical.params().equals(meant.names()))
                || !Objects.equals(canonical.method(), meant.method())
                || !decision.sent().dropMethodOverride()) {
            complain(asked, meant, "modern gets another request: " + decision + ", which Rails takes for " + canonical);
        }
    }

    private void toLegacy(Asked asked, Taken direct, Taken normalised, Decision decision) {
        Asked sent = asked.sent(
                decision.sent().method(),
                decision.sent().path(),
                decision.sent().dropMethodOverride());
        Taken taken = rails.ask(sent);
        String runs = migrated(Monolith.routeOf(taken, taken.ran()));
        boolean mayRun = stage == Monolith.LEGACY_ANSWERS
                || (stage == Monolith.MODERN_ANSWERS && decision.reason() == Reason.FORMAT);
        if (runs != null && !mayRun) {
            complain(
                    asked,
                    direct,
                    "the old code of " + runs + " runs for " + sent.target() + ", decided as " + decision);
        }
        if (!Objects.equals(taken.ran(), direct.ran()) && !Objects.equals(taken.ran(), normalised.ran())) {
            complain(asked, direct, "legacy gets another request: " + sent.target() + ", which it takes for " + taken);
        }
    }

    private void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    private void complain(Asked asked, Taken taken, String what) {
        StringBuilder text = new StringBuilder();
        for (char c : asked.wire().toCharArray()) {
            text.append(c < ' ' || c > '~' ? "\\x%02x".formatted((int) c) : c);
        }
        complaints.add(stage + ": " + what + "\n    " + taken + "\n    "
                + text.toString().replace("\\x0d\\x0a", "\\r\\n") + "\n");
    }
}
