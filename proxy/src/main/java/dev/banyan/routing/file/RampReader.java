package dev.banyan.routing.file;

import dev.banyan.routing.Route.Gates;
import dev.banyan.routing.Route.Ramp;
import dev.banyan.routing.Share;
import dev.banyan.yaml.Keys;
import dev.banyan.yaml.Scalars;
import dev.banyan.yaml.Section;
import dev.banyan.yaml.Shown;
import dev.banyan.yaml.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the plan that raises a canary. */
final class RampReader {
    private static final Keys KEYS = Keys.of("a ramp", "steps", "hold", "gates", "on-failure");
    private static final Keys GATES = Keys.of("gates", "errors", "p99", "parity")
            .withHints(Map.of("latency", "write p99", "error-rate", "write errors"));
    private static final String STEPS_FIX = "write rising shares such as [ 1%, 5%, 25%, 50%, 100% ]";
    private static final int MAX_STEPS = 100;

    private RampReader() {}

    static Optional<Ramp> read(Value value) {
        return value.section(KEYS, "write { steps: [ 1%, 10%, 100% ], gates: { errors: +0.5% } }")
                .map(RampReader::read);
    }

    private static Ramp read(Section section) {
        if (!section.isMeant("steps")) {
            section.value().wrong("has no steps", STEPS_FIX);
        }
        if (!section.isMeant("gates")) {
            section.value()
                    .doubtful(
                            "has no gates, so every step passes once it has held",
                            "write gates: { errors: +0.5%, p99: 1.3x, parity: 99.9% }");
        }
        return new Ramp(
                section.get("steps").map(RampReader::steps).orElse(List.of()),
                section.get("hold")
                        .flatMap(value -> Scalars.duration(value, Duration.ofSeconds(1), Duration.ofDays(14)))
                        .orElse(Ramp.DEFAULT_HOLD),
                section.get("gates").map(RampReader::gates).orElse(NO_GATES),
                section.get("on-failure")
                        .flatMap(value -> Scalars.word(
                                value, Map.of("rollback", Ramp.OnFailure.ROLLBACK, "hold", Ramp.OnFailure.HOLD)))
                        .orElse(Ramp.OnFailure.ROLLBACK));
    }

    private static final Gates NO_GATES = new Gates(Optional.empty(), Optional.empty(), Optional.empty());

    private static List<Share> steps(Value value) {
        List<Value> items = value.items(STEPS_FIX);
        if (value.isList() && items.isEmpty()) {
            value.wrong("is an empty list", STEPS_FIX);
        }
        if (items.size() > MAX_STEPS && value.refused(items.size() + " are too many", "write at most " + MAX_STEPS)) {
            return List.of();
        }
        List<Share> steps = new ArrayList<>();
        for (Value item : items) {
            Shares.read(item).ifPresent(step -> {
                if (!isRefused(item, step, steps)) {
                    steps.add(step);
                }
            });
        }
        return steps;
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

    private static Gates gates(Value value) {
        Optional<Section> section =
                value.section(GATES, "write { errors: +0.5%, p99: 1.3x, parity: 99.9% }, or some of them");
        if (section.isEmpty()) {
            return NO_GATES;
        }
        if (section.get().positions().isEmpty()) {
            value.doubtful("is empty, so every step passes once it has held", "write at least errors: +0.5%");
        }
        return new Gates(
                section.get().get("errors").flatMap(RampReader::excess),
                section.get()
                        .get("p99")
                        .flatMap(p99 -> Scalars.decimal(
                                p99,
                                "x",
                                1,
                                100,
                                "write from 1x to 100x: how many times legacy's p99 it may be, such as 1.3x")),
                section.get().get("parity").flatMap(RampReader::parity));
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

    private static Optional<Share> parity(Value value) {
        return Shares.read(value)
                .filter(share -> !share.equals(Share.NONE)
                        || !value.refused(
                                "0% would let everything pass",
                                "write the least share of equal answers, such as 99.9%"));
    }
}
