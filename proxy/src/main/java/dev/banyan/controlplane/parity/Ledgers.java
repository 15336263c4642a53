package dev.banyan.controlplane.parity;

import dev.banyan.contract.RepeatedAnswer;
import dev.banyan.contract.SeenAnswer;
import dev.banyan.contract.ShadowPair;
import dev.banyan.contract.SkippedCheck;
import dev.banyan.controlplane.judging.Counted;
import dev.banyan.controlplane.judging.Interval;
import dev.banyan.controlplane.parity.compare.CompareRules;
import dev.banyan.controlplane.parity.compare.Comparer;
import dev.banyan.controlplane.parity.compare.Comparison;
import dev.banyan.controlplane.parity.compare.FieldCount;
import dev.banyan.routing.Route;
import dev.banyan.routing.RoutingTable;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What came of the pairs of all routes: compared by the rules in force, and counted. Written to by one thread, read by others. */
final class Ledgers {
    private static final int MOST_ROUTES = 1_000;

    /** 99.9%, where the route's ramp names no other. */
    private static final double USUAL_MOST_DIFFERENT = 0.001;

    /** How many fields an answer has is counted in the first of a route, and then in one of so many, of all routes together. */
    private static final int COUNTED_ONCE_IN = 256;

    private final Map<String, RouteLedger> ledgers = new ConcurrentHashMap<>();
    private final Map<String, Compared> routes = new ConcurrentHashMap<>();
    private final Map<String, Sides> versions = new ConcurrentHashMap<>();
    private final Learnt learnt = new Learnt();
    private final Room room = new Room();
    private final EntityTags tags = new EntityTags();
    private final ParityMeters meters;

    /** Of all routes. Used by the thread alone. */
    private long pairs;

    /** When the latest pair was over, in seconds since 1970: so late it is for those who only count. */
    private volatile long latest;

    /** Which versions both sides of a route are of. */
    private record Sides(Versions legacy, Versions modern) {}

    /**
     * A route, and what is counted of it.
     *
     * @param old whether a version answered that another has replaced: what it says speaks for nobody
     */
    record Open(Compared route, RouteLedger ledger, boolean old) {
        /** Whether a pair differs in more than noise and what is known. */
        boolean isDoubtful(ShadowPair pair, Comparison.Different different) {
            return ledger.differsInMoreThanNoise(pair, different, route.knownAt(pair.second()), route.tellsNoise());
        }
    }

    Ledgers(MeterRegistry registry) {
        meters = new ParityMeters(registry, this::shares);
    }

    void inForce(RoutingTable table) {
        ledgers.values().removeIf(ledger -> {
            boolean gone = !table.routes().containsKey(ledger.route());
            if (gone) {
                ledger.forget();
            }
            return gone;
        });
        meters.retain(table.routes().keySet());
        routes.keySet().retainAll(table.routes().keySet());
        versions.keySet().retainAll(table.routes().keySet());
        learnt.retain(table.routes().keySet());
        table.base().routes().forEach((id, route) -> {
            Compared before = routes.get(id);
            Compared now = Compared.of(route, table, before);
            routes.put(id, now);
            if (before != null && !before.legacy().equals(now.legacy())) {
                forgetNoise(id);
            }
        });
    }

    private void forgetNoise(String id) {
        @Nullable RouteLedger ledger = ledgers.get(id);
        if (ledger != null) {
            ledger.forgetNoise();
        }
        learnt.forget(id);
    }

    void remember(NoiseStore keeper) {
        learnt.remember(keeper);
    }

    long repeatsKnown(String route) {
        return learnt.repeats(route);
    }

    void keepIfDue() {
        learnt.keepIfDue(this::noises);
    }

    void keep() {
        learnt.keep(this::noises);
    }

    private Map<String, NoiseStore.Kept> noises() {
        Map<String, NoiseStore.Kept> all = new TreeMap<>();
        ledgers.forEach((id, ledger) -> {
            @Nullable Compared route = routes.get(id);
            if (route != null) {
                all.put(id, ledger.noise(legacyOf(route)));
            }
        });
        return all;
    }

    /** The rules by which a route is compared now; empty: there is no such route. */
    Optional<CompareRules> rules(String route) {
        return Optional.ofNullable(routes.get(route)).map(known -> known.rulesAt(latest));
    }

    /** Opens the ledger of a pair; null: there is no such route any more, or there are too many. */
    @Nullable
    Open open(ShadowPair pair) {
        Compared route = routes.get(pair.route());
        if (route == null) {
            return null;
        }
        boolean old = isOfOldVersion(pair, route);
        @Nullable RouteLedger ledger = ledger(route);
        latest = pair.second();
        return ledger == null ? null : new Open(route, ledger, old);
    }

    /** Which legacy it is whose noise was learnt: another version differs in other fields. */
    private String legacyOf(Compared route) {
        Sides sides = versions.get(route.id());
        String version = sides == null ? "" : sides.legacy().latest();
        return version.isEmpty() ? route.legacy() : route.legacy() + " version " + version;
    }

    /**
     * Looks at who answered, before it is looked at what.
     *
     * @return whether a version answered that another has replaced: what it says speaks for nobody
     */
    private boolean isOfOldVersion(ShadowPair pair, Compared route) {
        Optional<String> header = route.versionHeader();
        if (header.isEmpty()) {
            return false;
        }
        Versions.Age legacy = lookAtLegacy(pair.legacy(), route);
        Versions modern = sides(route).modern();
        Versions.Age age = modern.of(pair.modern(), header.get());
        @Nullable RouteLedger ledger = ledgers.get(pair.route());
        if (age == Versions.Age.NEW && ledger != null) {
            ledger.deployed(modern.latest(), pair);
        }
        return age == Versions.Age.OLD || legacy == Versions.Age.OLD;
    }

    private Versions.Age lookAtLegacy(SeenAnswer legacy, Compared route) {
        Versions.Age age = route.versionHeader()
                .map(header -> sides(route).legacy().of(legacy, header))
                .orElse(Versions.Age.LATEST);
        if (age == Versions.Age.NEW) {
            forgetNoise(route.id());
        }
        return age;
    }

    private Sides sides(Compared route) {
        return versions.computeIfAbsent(route.id(), id -> new Sides(new Versions(), new Versions()));
    }

    Comparison compared(ShadowPair pair, Open open) {
        if (open.old()) {
            return new Comparison.NotCompared("old-version");
        }
        CompareRules rules = open.route().rulesAt(pair.second());
        Comparison comparison = tags.checked(pair, Comparer.compare(pair.legacy(), pair.modern(), rules), rules);
        if (pairs++ % COUNTED_ONCE_IN == 0 || open.ledger().isNew()) {
            open.ledger().compares(FieldCount.of(pair.legacy(), rules));
        }
        return comparison;
    }

    void count(ShadowPair pair, Comparison comparison, Open open) {
        Compared route = open.route();
        meters.count(
                pair.route(),
                open.ledger().add(pair, comparison, route.knownAt(pair.second()), route.since(), route.tellsNoise()));
    }

    void failed(ShadowPair pair, Open open) {
        open.ledger().failed(pair);
        meters.count(pair.route(), "failed");
    }

    void late(ShadowPair pair, Comparison.Different first, Open open) {
        open.ledger().late(pair, first);
        meters.count(pair.route(), "late");
    }

    void unsettled(ShadowPair pair, Comparison.Different different, Open open) {
        open.ledger().unsettled(pair, different, open.route().tellsNoise());
        meters.count(pair.route(), "undecided");
    }

    void skipped(SkippedCheck skipped) {
        Compared route = routes.get(skipped.route());
        @Nullable RouteLedger ledger = route == null ? null : ledger(route);
        if (ledger != null) {
            ledger.skipped(skipped);
            meters.count(skipped.route(), "check-skipped");
        }
    }

    /** Null if there are too many. */
    private @Nullable RouteLedger ledger(Compared route) {
        String id = route.id();
        RouteLedger ledger = ledgers.get(id);
        if (ledger != null || ledgers.size() >= MOST_ROUTES) {
            return ledger;
        }
        Noise noise = learnt.of(id, legacyOf(route));
        return ledgers.computeIfAbsent(id, unused -> new RouteLedger(id, room, noise));
    }

    void learn(RepeatedAnswer repeated) {
        Compared route = routes.get(repeated.route());
        if (route == null || repeated.second().status() == 0) {
            return;
        }
        lookAtLegacy(repeated.first(), route);
        lookAtLegacy(repeated.second(), route);
        boolean twoVersions = route.versionHeader()
                .filter(header ->
                        !repeated.first().first(header).equals(repeated.second().first(header)))
                .isPresent();
        @Nullable RouteLedger ledger = ledger(route);
        if (ledger == null || twoVersions) {
            // Two versions differ from each other, not one from itself.
            return;
        }
        Comparison comparison = Comparer.compare(repeated.first(), repeated.second(), route.rulesAt(latest));
        learnt.learnt(repeated.route(), ledger.addRepeated(repeated.match(), comparison));
    }

    private ParityMeters.Shares shares(String id) {
        @Nullable Compared route = routes.get(id);
        @Nullable RouteLedger ledger = ledgers.get(id);
        return route == null || ledger == null
                ? ParityMeters.Shares.of(Counted.NONE, Interval.UNKNOWN)
                : ledger.shares(
                        route.since(), latest - Slots.KEPT.toSeconds(), route.knownAt(latest), route.tellsNoise());
    }

    /** See {@link Parity#of}. */
    Optional<RouteParity> of(String id, OptionalLong since, Instant now, Optional<Duration> window) {
        @Nullable Compared route = routes.get(id);
        if (route == null) {
            return Optional.empty();
        }
        RouteLedger ledger = ledgers.getOrDefault(id, new RouteLedger(id, room, new Noise()));
        return Optional.of(ledger.since(
                since.orElse(route.since()),
                since.isPresent(),
                now.minus(window.orElse(Slots.KEPT)).getEpochSecond(),
                mostDifferent(route.route()),
                route.knownAt(now.getEpochSecond()),
                route.tellsNoise()));
    }

    private static double mostDifferent(Route route) {
        return route.ramp()
                .flatMap(ramp -> ramp.gates().parity())
                .map(parity -> 1 - parity.percent().doubleValue() / 100)
                .filter(share -> share > 0)
                .orElse(USUAL_MOST_DIFFERENT);
    }
}
