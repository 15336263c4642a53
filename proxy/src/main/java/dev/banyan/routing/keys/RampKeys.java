package dev.banyan.routing.keys;

import static dev.banyan.routing.keys.Kinds.SHARE;
import static dev.banyan.routing.keys.Kinds.duration;
import static dev.banyan.routing.keys.Kinds.oneOf;
import static dev.banyan.routing.keys.Schema.component;
import static dev.banyan.routing.keys.Schema.schema;

import dev.banyan.routing.Route.Gates;
import dev.banyan.routing.Route.Ramp;
import dev.banyan.routing.Share;
import dev.banyan.routing.keys.Kind.Description;
import dev.banyan.yaml.Scalars;
import dev.banyan.yaml.Section;
import dev.banyan.yaml.Shown;
import dev.banyan.yaml.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The plan that raises a canary. */
final class RampKeys {
    private static final int MAX_STEPS = 100;
    private static final String STEPS_FIX = "write rising shares such as [ 1%, 5%, 25%, 50%, 100% ]";
    private static final Gates NO_GATES = new Gates(Optional.empty(), Optional.empty(), Optional.empty());
    private static final Map<String, Object> TEXT = schema("type", "string");

    private static final Kind<List<Share>> STEPS = new Many<>(
            RampKeys::steps,
            Share::toString,
            Share::percent,
            false,
            false,
            new Description(
                    "[ SHARE, ... ]",
                    Schema.list(SHARE.described().schema(), "minItems", 1, "maxItems", MAX_STEPS),
                    Schema.list(component("Percent"))));

    private static final Kind<Share> EXCESS = new Scalar<>(
            RampKeys::excess,
            share -> "+" + share,
            share -> "+" + share,
            new Description(
                    "+SHARE",
                    Schema.pattern(
                            "^\\+0*(100(\\.0{1,9})?|[0-9]{1,2}(\\.[0-9]{1,2}0{0,7})?)%$", "examples", List.of("+0.5%")),
                    TEXT));

    private static final Kind<Double> TIMES = new Scalar<>(
            value -> Scalars.decimal(
                    value, "x", 1, 100, "write from 1x to 100x: how many times legacy's p99 it may be, such as 1.3x"),
            times -> Kinds.decimal(times) + "x",
            times -> Kinds.decimal(times) + "x",
            new Description(
                    "NUMBERx", Schema.pattern("^[0-9]{1,9}(\\.[0-9]{1,9})?x$", "examples", List.of("1.3x")), TEXT));

    private static final Kind<Share> PARITY = new Scalar<>(
            value -> Shares.readSome(
                    value, "0% would let everything pass", "write the least share of equal answers, such as 99.9%"),
            Share::toString,
            Share::toString,
            new Description("SHARE", SHARE.described().schema(), TEXT));

    private static final Kind<String> FIELD_NAME = Kinds.text(
            value -> value.text("write a header's name such as X-Version").filter(name -> {
                boolean usable = Names.isToken(name) && name.length() <= 100;
                return usable || !value.refused(Shown.text(name) + " is no header name", "write one such as X-Version");
            }),
            "HEADER",
            Schema.pattern("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$", "maxLength", 100));

    private static final KeyTable.Builder<Gates> GATES =
            KeyTable.of("gates", "write { errors: +0.5%, p99: 1.3x, parity: 99.9% }, or some of them");

    // spotless:off (one line per key)
    private static final Key<Gates, Optional<Share>> ERRORS = GATES.maybe("errors", EXCESS, Gates::errors, "+0.5%", "How much more than legacy's modern's share of errors may be.");
    private static final Key<Gates, Optional<Double>> P99 = GATES.maybe("p99", TIMES, Gates::p99, "1.3x", "How many times legacy's p99 modern's may be.");
    private static final Key<Gates, Optional<Share>> EQUAL = GATES.maybe("parity", PARITY, Gates::parity, "99.9%", "The least share of equal answers.");
    // spotless:on

    private static final KeyTable<Gates> ALL_GATES = GATES.hints(
                    Map.of("latency", "write p99", "error-rate", "write errors"))
            .checkedBy(RampKeys::checkGates)
            .madeBy(given -> new Gates(given.get(ERRORS), given.get(P99), given.get(EQUAL)));

    private static final KeyTable.Builder<Ramp> RAMP =
            KeyTable.of("a ramp", "write { steps: [ 1%, 10%, 100% ], gates: { errors: +0.5% } }");

    // spotless:off (one line per key)
    private static final Key<Ramp, List<Share>> RISING = RAMP.required("steps", STEPS, Ramp::steps, "[ 1%, 5%, 25%, 50%, 100% ]", "The shares that it goes through, rising.");
    private static final Key<Ramp, Duration> HOLD = RAMP.key("hold", duration(Duration.ofSeconds(1), Duration.ofDays(14)), Ramp::hold, Ramp.DEFAULT_HOLD, "30m", "How long each step holds.");
    private static final Key<Ramp, Gates> PASSED = RAMP.key("gates", ALL_GATES, Ramp::gates, NO_GATES, "{ errors: +0.5% }", "What each step must pass.");
    private static final Key<Ramp, Ramp.OnFailure> ON_FAILURE = RAMP.key("on-failure", oneOf(Ramp.OnFailure.class), Ramp::onFailure, Ramp.OnFailure.ROLLBACK, "hold", "Go back to the share before, or stay.");
    private static final Key<Ramp, Optional<String>> VERSION_HEADER = RAMP.maybe("version-header", FIELD_NAME, Ramp::versionHeader, "X-Version", "A field of answers in which each side says of which version it is: what is known of another version does not count.");
    // spotless:on

    static final KeyTable<Ramp> TABLE = RAMP.checkedBy(RampKeys::check)
            .schema(schema("required", List.of("steps")))
            .saidInFull()
            .madeBy(given -> new Ramp(
                    given.said(RISING).orElse(List.of()),
                    given.get(HOLD),
                    given.get(PASSED),
                    given.get(ON_FAILURE),
                    given.get(VERSION_HEADER)));

    private RampKeys() {}

    private static void check(Ramp ramp, Section section) {
        if (!section.isMeant(RISING.name())) {
            section.value().wrong("has no steps", STEPS_FIX);
        }
        if (!section.isMeant(PASSED.name())) {
            section.value()
                    .doubtful(
                            "has no gates, so every step passes once it has held",
                            "write gates: { errors: +0.5%, p99: 1.3x, parity: 99.9% }");
        }
    }

    private static void checkGates(Gates gates, Section section) {
        if (section.positions().isEmpty()) {
            section.value().doubtful("is empty, so every step passes once it has held", "write at least errors: +0.5%");
        }
    }

    private static Optional<List<Share>> steps(Value value) {
        List<Value> items = value.items(STEPS_FIX);
        if (value.isList() && items.isEmpty()) {
            value.wrong("is an empty list", STEPS_FIX);
        }
        if (items.size() > MAX_STEPS && value.refused(items.size() + " are too many", "write at most " + MAX_STEPS)) {
            return Optional.empty();
        }
        List<Share> steps = new ArrayList<>();
        for (Value item : items) {
            Shares.read(item).ifPresent(step -> {
                if (!isRefused(item, step, steps)) {
                    steps.add(step);
                }
            });
        }
        return Optional.of(steps);
    }

    private static boolean isRefused(Value item, Share step, List<Share> before) {
        if (step.equals(Share.NONE)) {
            return item.refused("0% is where every ramp begins, not a step", STEPS_FIX);
        }
        return !before.isEmpty()
                && step.compareTo(before.get(before.size() - 1)) <= 0
                && item.refused(
                        step + " is not more than the step before it, " + before.get(before.size() - 1), STEPS_FIX);
    }

    private static Optional<Share> excess(Value value) {
        String fix = "write how much more than legacy's it may be, such as +0.5%";
        return value.scalar(fix).flatMap(text -> {
            if (!text.startsWith("+")) {
                value.wrong(
                        Shown.text(text) + " is no excess over legacy's share of errors",
                        text.matches("[0-9.]+%") ? "write +" + text : fix);
                return Optional.empty();
            }
            return Shares.read(value, text.substring(1), fix);
        });
    }
}
