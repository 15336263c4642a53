package dev.banyan.routing.file;

import dev.banyan.routing.PathPattern;
import dev.banyan.routing.RequestMatch;
import dev.banyan.routing.RequestMatch.Condition;
import dev.banyan.routing.Route;
import dev.banyan.routing.Route.Fallback;
import dev.banyan.routing.Route.Gates;
import dev.banyan.routing.Route.Ramp;
import dev.banyan.routing.Route.Shadow;
import dev.banyan.routing.Share;
import dev.banyan.yaml.Scalars;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Writes one route. */
final class RouteText {
    private RouteText() {}

    static void write(Route route, YamlBlock block) {
        block.lines("match", route.match().stream().map(RouteText::match).toList());
        route.legacy().ifPresent(id -> block.text("legacy", id));
        route.modern().ifPresent(id -> block.text("modern", id));
        if (!route.cohort().equals(route.modern().orElse(route.id()))) {
            block.text("cohort", route.cohort());
        }
        route.writes().ifPresent(writes -> block.raw("writes", UpstreamText.word(writes)));
        route.rewrite().map(PathPattern::toString).ifPresent(path -> block.text("rewrite", path));
        policies(route, block);
    }

    /** What every route has, said or not. */
    static void policies(Route route, YamlBlock block) {
        share(block, "canary", route.canary());
        if (block.says(route.pilots(), List.of())) {
            block.texts("pilots", route.pilots());
        }
        if (block.says(route.stickBy(), StickByReader.DEFAULT)) {
            block.texts(
                    "stick-by", route.stickBy().stream().map(Object::toString).toList());
        }
        if (block.says(route.fence(), Route.DEFAULT_FENCE)) {
            block.raw("fence", Scalars.text(route.fence()));
        }
        fallback(route.fallback(), block);
        if (block.says(route.formats(), Set.of("json"))) {
            block.texts("formats", List.copyOf(route.formats()));
        }
        block.block("shadow", shadow -> shadow(route.shadow(), shadow));
        route.ramp().ifPresent(ramp -> block.block("ramp", section -> ramp(ramp, section)));
        if (block.says(route.holdBodyBytes(), Route.DEFAULT_HOLD_BODY_BYTES)) {
            block.raw("hold-body", Scalars.sizeText(route.holdBodyBytes()));
        }
    }

    private static String match(RequestMatch match) {
        if (match.host().isEmpty() && match.headers().isEmpty() && match.query().isEmpty()) {
            return YamlBlock.quoted(
                    (match.methods().isEmpty() ? "" : String.join(",", match.methods()) + " ") + match.path());
        }
        List<String> parts = new ArrayList<>();
        if (!match.methods().isEmpty()) {
            parts.add("methods: " + YamlBlock.flow(List.copyOf(match.methods())));
        }
        parts.add("path: " + YamlBlock.quoted(match.path().toString()));
        match.host().ifPresent(host -> parts.add("host: " + YamlBlock.quoted(host)));
        conditions("headers", match.headers(), parts);
        conditions("query", match.query(), parts);
        return "{ " + String.join(", ", parts) + " }";
    }

    private static void conditions(String key, List<Condition> conditions, List<String> parts) {
        if (!conditions.isEmpty()) {
            parts.add(key + ": { "
                    + String.join(
                            ", ", conditions.stream().map(RouteText::condition).toList()) + " }");
        }
    }

    private static String condition(Condition condition) {
        return YamlBlock.doubleQuoted(condition.name()) + ": "
                + condition.value().map(YamlBlock::doubleQuoted).orElse("null");
    }

    private static void fallback(Fallback fallback, YamlBlock block) {
        if (!fallback.enabled()) {
            block.raw("fallback", "off");
        } else if (block.says(fallback, Fallback.DEFAULT)) {
            block.block("fallback", section -> section.raw("statuses", numbers(fallback.statuses())));
        }
    }

    private static String numbers(Set<Integer> numbers) {
        return numbers.stream().map(String::valueOf).toList().toString();
    }

    private static void shadow(Shadow shadow, YamlBlock block) {
        share(block, "share", shadow.share());
        if (block.says(shadow.of(), Shadow.Of.MODERN)) {
            block.raw("of", UpstreamText.word(shadow.of()));
        }
        if (block.says(shadow.methods(), Shadow.OFF.methods())) {
            block.texts("methods", List.copyOf(shadow.methods()));
        }
        if (block.says(shadow.writesAreSafe(), false)) {
            block.raw("writes-are-safe", String.valueOf(shadow.writesAreSafe()));
        }
        share(block, "noise", shadow.noise());
        if (block.says(shadow.settle(), Duration.ZERO)) {
            block.raw("settle", Scalars.text(shadow.settle()));
        }
        if (block.says(shadow.ignore(), List.of())) {
            block.texts("ignore", shadow.ignore());
        }
        if (block.says(shadow.unordered(), List.of())) {
            block.texts("unordered", shadow.unordered());
        }
        shadow.tolerance().ifPresent(tolerance -> block.raw("tolerance", decimal(tolerance)));
        if (block.says(shadow.values(), false)) {
            block.raw("values", String.valueOf(shadow.values()));
        }
    }

    private static void ramp(Ramp ramp, YamlBlock block) {
        block.raw("steps", ramp.steps().toString());
        // Most routes have no ramp, so its own defaults are not among those of all routes.
        block.raw("hold", Scalars.text(ramp.hold()));
        block.block("gates", gates -> gates(ramp.gates(), gates));
        block.raw("on-failure", UpstreamText.word(ramp.onFailure()));
    }

    private static void gates(Gates gates, YamlBlock block) {
        gates.errors().ifPresent(errors -> block.raw("errors", "+" + errors));
        gates.p99().ifPresent(times -> block.raw("p99", decimal(times) + "x"));
        gates.parity().ifPresent(parity -> block.raw("parity", parity.toString()));
    }

    private static void share(YamlBlock block, String key, Share share) {
        if (block.says(share, Share.NONE)) {
            block.raw(key, share.toString());
        }
    }

    /** Without an exponent, which the format has none of. */
    private static String decimal(double number) {
        return new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
    }
}
