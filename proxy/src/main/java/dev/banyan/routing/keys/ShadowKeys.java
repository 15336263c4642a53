package dev.banyan.routing.keys;

import static dev.banyan.routing.keys.Kinds.SHARE;
import static dev.banyan.routing.keys.Kinds.YES_NO;
import static dev.banyan.routing.keys.Kinds.duration;
import static dev.banyan.routing.keys.Kinds.many;
import static dev.banyan.routing.keys.Kinds.oneOf;
import static dev.banyan.routing.keys.Schema.named;
import static dev.banyan.routing.keys.Schema.schema;

import dev.banyan.routing.Methods;
import dev.banyan.routing.PathPattern;
import dev.banyan.routing.Route;
import dev.banyan.routing.Route.Shadow;
import dev.banyan.routing.Route.Shadow.ReadBack;
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
    /** Credentials are kept for 30 s at most, and asking takes time. */
    private static final Duration LONGEST_SETTLE = Duration.ofSeconds(20);

    /** So that the second look is in time, too. */
    private static final Duration LONGEST_FIRST_LOOK = Duration.ofSeconds(5);

    private static final int MAX_PATHS = 200;

    /** Names, indices and wildcards, as in {@code $.items[*].id}; no filters, which could cost anything. */
    static final String JSON_PATH = "\\$(\\.\\.?[\\p{L}_][\\p{L}\\p{N}_-]*|\\.\\*|\\[(\\*|[0-9]{1,9}|'[^'\\[\\]]+')])*";

    /** What its elements are told apart by may follow. */
    private static final Kind<List<String>> LISTS = paths(
            "[ JSON-PATH [by KEY], ... ]",
            "json-list",
            JSON_PATH + "( by [\\p{L}_][\\p{L}\\p{N}_-]*)?",
            "$.items by id",
            "write paths of lists from the root of the JSON, such as $.items, or $.items by id");

    private static final Kind<Double> TOLERANCE = new Scalar<>(
            value -> Scalars.decimal(value, "", 0, 1e9, "write a number such as 0.01"),
            Kinds::decimal,
            number -> number,
            new Kind.Description(
                    "NUMBER",
                    schema("type", "number", "minimum", 0, "maximum", 1_000_000_000),
                    schema("type", "number")));

    private static final Kind<Shadow.Noise> HOW_OFTEN_TWICE = new Scalar<>(
            ShadowKeys::noise,
            Shadow.Noise::toString,
            Shadow.Noise::toString,
            new Kind.Description(
                    "auto|SHARE|off",
                    schema(
                            "anyOf",
                            List.of(
                                    schema("enum", List.of("auto", "off")),
                                    SHARE.described().schema())),
                    schema("type", "string")));

    /** Of who may not see it: of none, a file says {@code off}. */
    private static final Kind<Share> OFTEN_OR_OFF = new Scalar<>(
            value -> value.isWord("off") ? Optional.of(Share.NONE) : SHARE.read(value),
            share -> share.equals(Share.NONE) ? "off" : SHARE.text(share),
            share -> share.equals(Share.NONE) ? "off" : SHARE.text(share),
            new Kind.Description(
                    "off|SHARE",
                    schema(
                            "anyOf",
                            List.of(schema("const", "off"), SHARE.described().schema())),
                    schema("type", "string")));

    private static final Shadow OFF = Shadow.OFF;
    private static final KeyTable.Builder<ReadBack> READ_BACK =
            KeyTable.of("readback", "write { path: \"/orders/{id}\" }, or off");
    private static final KeyTable.Builder<Shadow> SHADOW = KeyTable.of("shadow", "write { share: 10% }");

    // spotless:off (one line per key)
    private static final Key<Shadow, Share> SHARE_OF_REQUESTS = SHADOW.key("share", SHARE, Shadow::share, OFF.share(), "10%", "The share of requests that are copied.");
    private static final Key<Shadow, Shadow.Of> OF = SHADOW.key("of", oneOf(Shadow.Of.class), Shadow::of, OFF.of(), "both", "modern: modern is asked when legacy answered; both: the reverse too.");
    private static final Key<Shadow, Set<String>> METHODS = SHADOW.key("methods", MethodsReader.KIND, Shadow::methods, OFF.methods(), "[ GET ]", "Which are copied; unsafe ones need writes-are-safe: true.");
    private static final Key<Shadow, Boolean> WRITES_ARE_SAFE = SHADOW.key("writes-are-safe", YES_NO, Shadow::writesAreSafe, OFF.writesAreSafe(), "true", "The shadowed side may take copies of writes.");
    private static final Key<Shadow, Shadow.Noise> NOISE = SHADOW.key("noise", HOW_OFTEN_TWICE, Shadow::noise, OFF.noise(), "1%", "How many of the copied requests legacy is asked twice, to learn what differs by itself: auto is often at first, then ever less.");
    private static final Key<Shadow, Duration> SETTLE = SHADOW.key("settle", duration(Duration.ZERO, LONGEST_SETTLE), Shadow::settle, OFF.settle(), "5s", "After so long both sides are asked again what they answered differently; what is equal then was late. Somebody's credentials are kept for it.");
    private static final Key<Shadow, Shadow.Preset> PRESET = SHADOW.key("preset", oneOf(Shadow.Preset.class), Shadow::preset, OFF.preset(), "off", "rails: what Rails does differently each time, or writes in its own way, is no difference; off: it is.");
    private static final Key<Shadow, List<Route.Ignored>> IGNORE = SHADOW.key("ignore", IgnoreKeys.IGNORED, Shadow::ignore, OFF.ignore(), "[ $.generated_at ]", "What is not compared.");
    private static final Key<Shadow, List<String>> UNORDERED = SHADOW.key("unordered", LISTS, Shadow::unordered, OFF.unordered(), "[ $.items, $.tags by name ]", "Lists whose order does not matter, and what their elements are told apart by.");
    private static final Key<Shadow, Optional<Double>> NUMBERS = SHADOW.maybe("tolerance", TOLERANCE, Shadow::tolerance, "0.01", "How far numbers may lie apart.");
    private static final Key<Shadow, Share> ANONYMOUS = SHADOW.key("anonymous", OFTEN_OR_OFF, Shadow::anonymous, OFF.anonymous(), "0.1%", "The share of safe requests that are made once more without any credentials: what legacy refuses then, modern must not serve.");
    private static final Key<Shadow, Share> PROBE = SHADOW.key("probe", OFTEN_OR_OFF, Shadow::probe, OFF.probe(), "0.1%", "The share of safe requests that are made once more as the test user of the setting parity.probe-as: what legacy keeps from that user, modern must not serve.");
    private static final Key<ReadBack, Optional<PathPattern>> READ_PATH = READ_BACK.maybe("path", RouteKeys.PATH, ReadBack::path, "/profile", "Where it can be read, from the match's names: /orders/{id}; without it, and where the match lacks a name, where the answer's Location says.");
    private static final Key<ReadBack, Duration> READ_SETTLE = READ_BACK.key("settle", duration(Duration.ofMillis(10), LONGEST_FIRST_LOOK), ReadBack::settle, Duration.ofSeconds(1), "500ms", "It is looked for after so long, then after four and sixteen times as long, but not later than 28 s after the write: somebody's credentials are kept for it.");
    private static final Key<Shadow, Optional<ReadBack>> READBACK = SHADOW.key("readback", Maybe.orOff(READ_BACK.saidInFull().madeBy(given -> new ReadBack(given.get(READ_PATH), given.get(READ_SETTLE)))), Shadow::readback, OFF.readback(), "{ settle: 500ms }", "What was written is read at both sides, so that a write that modern lost is found; for routes whose writes reach both.");
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
                    given.get(PRESET),
                    given.get(IGNORE),
                    given.get(UNORDERED),
                    given.get(NUMBERS),
                    given.get(ANONYMOUS),
                    given.get(PROBE),
                    given.get(READBACK),
                    given.get(VALUES)));

    private ShadowKeys() {}

    private static void check(Shadow shadow, Section section) {
        Optional<String> unsafe = shadow.methods().stream()
                .filter(method -> !Methods.isSafe(method))
                .findFirst();
        if (unsafe.isEmpty()) {
            return;
        }
        if (!shadow.writesAreSafe()) {
            section.get(METHODS.name())
                    .ifPresent(value -> value.refused(
                            "a copied " + unsafe.get() + " would write a second time",
                            "leave out " + unsafe.get()
                                    + ", or say writes-are-safe: true if the other side may take it"));
        } else if (shadow.of() == Shadow.Of.BOTH) {
            section.get(OF.name())
                    .ifPresent(value -> value.refused(
                            "a copied " + unsafe.get() + " would be written to legacy a second time",
                            "write modern, or leave " + unsafe.get() + " out of methods"));
        }
    }

    private static Optional<Shadow.Noise> noise(Value value) {
        if (value.isWord("auto")) {
            return Optional.of(Shadow.Noise.AUTO);
        }
        if (value.isWord("off")) {
            return Optional.of(Shadow.Noise.OFF);
        }
        String fix = "write auto, off, or a share such as 5%";
        return value.scalar(fix).flatMap(text -> {
            if (!text.endsWith("%")) {
                value.wrong(Shown.text(text) + " says not how often", fix);
                return Optional.empty();
            }
            return SHARE.read(value).map(share -> new Shadow.Noise(false, share));
        });
    }

    private static Kind<List<String>> paths(String label, String name, String pattern, String example, String fix) {
        Pattern path = Pattern.compile(pattern);
        return many(
                value -> paths(value, path, fix),
                label,
                Schema.list(
                        named(
                                name,
                                Schema.pattern("^" + pattern + "$", "maxLength", 200, "examples", List.of(example))),
                        "maxItems",
                        MAX_PATHS));
    }

    private static Optional<List<String>> paths(Value value, Pattern pattern, String fix) {
        List<Value> items = value.items("write a list such as [ $.generated_at ]");
        if (items.size() > MAX_PATHS && value.refused(items.size() + " are too many", "write at most " + MAX_PATHS)) {
            return Optional.empty();
        }
        List<String> paths = new ArrayList<>();
        for (Value item : items) {
            item.text(fix).ifPresent(path -> {
                boolean rootless = pattern.matcher("$." + path).matches();
                if (pattern.matcher(path).matches() && path.length() <= 200
                        || !item.refused(
                                Shown.text(path) + " is no path", rootless ? "write $." + Shown.text(path) : fix)) {
                    paths.add(path);
                }
            });
        }
        return Optional.of(paths);
    }
}
