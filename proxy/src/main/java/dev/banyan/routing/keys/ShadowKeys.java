package dev.banyan.routing.keys;

import static dev.banyan.routing.keys.Kinds.HOUR;
import static dev.banyan.routing.keys.Kinds.SHARE;
import static dev.banyan.routing.keys.Kinds.YES_NO;
import static dev.banyan.routing.keys.Kinds.duration;
import static dev.banyan.routing.keys.Kinds.many;
import static dev.banyan.routing.keys.Kinds.oneOf;
import static dev.banyan.routing.keys.Schema.named;
import static dev.banyan.routing.keys.Schema.schema;

import dev.banyan.routing.Methods;
import dev.banyan.routing.Route.Shadow;
import dev.banyan.routing.Share;
import dev.banyan.yaml.Scalars;
import dev.banyan.yaml.Section;
import dev.banyan.yaml.Shown;
import dev.banyan.yaml.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What is copied to the other side, and how the answers are compared. */
final class ShadowKeys {
    private static final int MAX_PATHS = 200;

    /** Names, indices and wildcards, as in {@code $.items[*].id}; no filters, which could cost anything. */
    private static final Pattern JSON_PATH =
            Pattern.compile("\\$(?:\\.\\.?[\\p{L}_][\\p{L}\\p{N}_-]*|\\.\\*|\\[(?:\\*|[0-9]{1,9}|'[^'\\[\\]]+')])*");

    private static final Kind<List<String>> PATHS = many(
            ShadowKeys::paths,
            "[ JSON-PATH, ... ]",
            Schema.list(
                    named(
                            "json-path",
                            Schema.pattern(
                                    "^\\$(\\.\\.?[\\p{L}_][\\p{L}\\p{N}_-]*|\\.\\*|\\[(\\*|[0-9]{1,9}|'[^'\\[\\]]+')\\])*$",
                                    "maxLength",
                                    200,
                                    "examples",
                                    List.of("$.items[*].id"))),
                    "maxItems",
                    MAX_PATHS));

    private static final Kind<Double> TOLERANCE = new Scalar<>(
            value -> Scalars.decimal(value, "", 0, 1e9, "write a number such as 0.01"),
            Kinds::decimal,
            number -> number,
            new Kind.Description(
                    "NUMBER",
                    schema("type", "number", "minimum", 0, "maximum", 1_000_000_000),
                    schema("type", "number")));

    private static final Shadow OFF = Shadow.OFF;
    private static final KeyTable.Builder<Shadow> SHADOW = KeyTable.of("shadow", "write { share: 10% }");

    // spotless:off (one line per key)
    private static final Key<Shadow, Share> SHARE_OF_REQUESTS = SHADOW.key("share", SHARE, Shadow::share, OFF.share(), "10%", "The share of requests that are copied.");
    private static final Key<Shadow, Shadow.Of> OF = SHADOW.key("of", oneOf(Shadow.Of.class), Shadow::of, OFF.of(), "both", "modern: modern is asked when legacy answered; both: the reverse too.");
    private static final Key<Shadow, Set<String>> METHODS = SHADOW.key("methods", MethodsReader.KIND, Shadow::methods, OFF.methods(), "[ GET ]", "Which are copied; unsafe ones need writes-are-safe: true.");
    private static final Key<Shadow, Boolean> WRITES_ARE_SAFE = SHADOW.key("writes-are-safe", YES_NO, Shadow::writesAreSafe, OFF.writesAreSafe(), "true", "The shadowed side may take copies of writes.");
    private static final Key<Shadow, Share> NOISE = SHADOW.key("noise", SHARE, Shadow::noise, OFF.noise(), "1%", "The share for which the same side is asked twice, to learn what differs by itself.");
    private static final Key<Shadow, Duration> SETTLE = SHADOW.key("settle", duration(Duration.ZERO, HOUR), Shadow::settle, OFF.settle(), "5s", "After which a difference is looked at again.");
    private static final Key<Shadow, List<String>> IGNORE = SHADOW.key("ignore", PATHS, Shadow::ignore, OFF.ignore(), "[ $.generated_at ]", "What is not compared.");
    private static final Key<Shadow, List<String>> UNORDERED = SHADOW.key("unordered", PATHS, Shadow::unordered, OFF.unordered(), "[ $.items ]", "Lists whose order does not matter.");
    private static final Key<Shadow, Optional<Double>> NUMBERS = SHADOW.maybe("tolerance", TOLERANCE, Shadow::tolerance, "0.01", "How far numbers may lie apart.");
    private static final Key<Shadow, Boolean> VALUES = SHADOW.key("values", YES_NO, Shadow::values, OFF.values(), "true", "Samples keep values, not only paths and types.");
    // spotless:on

    static final KeyTable<Shadow> TABLE = SHADOW.hints(Map.of("percent", "write share", "sample", "write share"))
            .checkedBy(ShadowKeys::check)
            .madeBy(given -> new Shadow(
                    given.get(SHARE_OF_REQUESTS),
                    given.get(OF),
                    given.get(METHODS),
                    given.get(WRITES_ARE_SAFE),
                    given.get(NOISE),
                    given.get(SETTLE),
                    given.get(IGNORE),
                    given.get(UNORDERED),
                    given.get(NUMBERS),
                    given.get(VALUES)));

    private ShadowKeys() {}

    private static void check(Shadow shadow, Section section) {
        Optional<String> unsafe = shadow.methods().stream()
                .filter(method -> !Methods.isSafe(method))
                .findFirst();
        if (unsafe.isPresent() && !shadow.writesAreSafe()) {
            section.get(METHODS.name())
                    .ifPresent(value -> value.refused(
                            "a copied " + unsafe.get() + " would write a second time",
                            "leave out " + unsafe.get()
                                    + ", or say writes-are-safe: true if the other side may take it"));
        }
    }

    private static Optional<List<String>> paths(Value value) {
        String fix = "write paths from the root of the JSON, such as $.items[*].id";
        List<Value> items = value.items("write a list such as [ $.generated_at ]");
        if (items.size() > MAX_PATHS && value.refused(items.size() + " are too many", "write at most " + MAX_PATHS)) {
            return Optional.empty();
        }
        List<String> paths = new ArrayList<>();
        for (Value item : items) {
            item.text(fix).ifPresent(path -> {
                boolean rootless = JSON_PATH.matcher("$." + path).matches();
                if (JSON_PATH.matcher(path).matches() && path.length() <= 200
                        || !item.refused(
                                Shown.text(path) + " is no path", rootless ? "write $." + Shown.text(path) : fix)) {
                    paths.add(path);
                }
            });
        }
        return Optional.of(paths);
    }
}
