package dev.banyan.controlplane.parity;

import dev.banyan.contract.ReadBack;
import dev.banyan.contract.RepeatedAnswer;
import dev.banyan.contract.SeenAnswer;
import dev.banyan.contract.ShadowPair;
import dev.banyan.contract.ShadowReader;
import dev.banyan.contract.SkippedCheck;
import dev.banyan.controlplane.judging.Counted;
import dev.banyan.controlplane.judging.Interval;
import dev.banyan.controlplane.parity.compare.CompareRules;
import dev.banyan.controlplane.parity.compare.Comparer;
import dev.banyan.controlplane.parity.compare.Comparison;
import dev.banyan.controlplane.parity.compare.Difference;
import dev.banyan.controlplane.parity.compare.FieldCount;
import dev.banyan.routing.Flag;
import dev.banyan.routing.KnownDifference;
import dev.banyan.routing.Route;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Side;
import dev.banyan.routing.keys.UpstreamKeys;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * READ FIRST: what is known of whether modern's answers are right. Pairs come from event loops to a {@link ComparingThread}, which
 * compares them by the rules of their route's file and counts what came of it. Kept in memory, since the process began.
 */
public final class Parity implements ShadowReader, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Parity.class);

    private static final int MOST_ROUTES = 1_000;

    /** 99.9%, where the route's ramp names no other. */
    private static final double USUAL_MOST_DIFFERENT = 0.001;

    private static final Set<Integer> GONE = Set.of(404, 410);
    private static final int MOST_LOOKS = 3;

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

    private final ComparingThread thread;

    /** Which versions both sides of a route are of. */
    private record Sides(Versions legacy, Versions modern) {}

    /**
     * A route as it is compared now.
     *
     * @param legacy which upstream that is, as a file describes it
     * @param known what somebody has said to be known, whether or not it still holds
     * @param since the revision that made it what it is
     */
    private record Compared(
            Route route,
            String legacy,
            CompareRules rules,
            SortedMap<String, Flag<KnownDifference>> known,
            long since) {

        boolean tellsNoise() {
            return !route.shadow().noise().isOff();
        }

        Optional<String> versionHeader() {
            return route.ramp().flatMap(Route.Ramp::versionHeader);
        }

        /** Whether a difference is looked at again. */
        boolean settles() {
            return !route.shadow().settle().isZero();
        }

        CompareRules rulesAt(long second) {
            return rules.on(dayOf(second));
        }

        SortedMap<String, Flag<KnownDifference>> knownAt(long second) {
            LocalDate day = dayOf(second);
            if (known.values().stream().allMatch(flag -> flag.value().holdsOn(day))) {
                return known;
            }
            SortedMap<String, Flag<KnownDifference>> holding = new TreeMap<>(known);
            holding.values().removeIf(flag -> !flag.value().holdsOn(day));
            return holding;
        }
    }

    private Parity(MeterRegistry registry) {
        meters = new ParityMeters(registry, this::shares);
        thread = new ComparingThread(() -> learnt.keepIfDue(this::noises), () -> learnt.keep(this::noises));
    }

    /** Compares until it is closed. */
    public static Parity start(MeterRegistry registry) {
        Parity parity = new Parity(registry);
        parity.thread.start();
        return parity;
    }

    /** Follows the table, by the one publisher: what a route's file says now is what its answers are compared by. */
    public void inForce(RoutingTable table) {
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
            SortedMap<String, Flag<KnownDifference>> known =
                    table.flags().of(id).known();
            String legacy = legacy(route, table);
            if (before == null
                    || !before.route().equals(route)
                    || !before.legacy().equals(legacy)
                    || !before.known().equals(known)) {
                routes.put(id, new Compared(route, legacy, CompareRules.of(route), known, table.revision()));
            }
            if (before != null && !before.legacy().equals(legacy)) {
                forgetNoise(id);
            }
        });
    }

    private static String legacy(Route route, RoutingTable table) {
        return route.legacy()
                .flatMap(id -> Optional.ofNullable(table.base().upstreams().get(id)))
                .map(upstream -> upstream.id() + UpstreamKeys.TABLE.data(upstream))
                .orElse("");
    }

    private void forgetNoise(String id) {
        @Nullable RouteLedger ledger = ledgers.get(id);
        if (ledger != null) {
            ledger.forgetNoise();
        }
        learnt.forget(id);
    }

    /**
     * Takes up what was learnt of noise before, and keeps from now on what is.
     *
     * @param keeper written to by one process at a time
     */
    public void remember(NoiseStore keeper) {
        learnt.remember(keeper);
    }

    @Override
    public boolean read(ShadowPair pair) {
        return offer(pair, () -> compare(pair));
    }

    @Override
    public boolean read(RepeatedAnswer repeated) {
        return thread.offer(
                repeated.route(), repeated.requestId(), repeated.first(), repeated.second(), () -> learn(repeated));
    }

    @Override
    public boolean read(ReadBack written) {
        ShadowPair pair = written.pair();
        return offer(pair, () -> readBack(pair, written.deleted(), Optional.empty(), 1));
    }

    @Override
    public void read(SkippedCheck skipped) {
        SeenAnswer none = SeenAnswer.none("");
        if (!thread.offer(skipped.route(), skipped.requestId(), none, none, () -> skipped(skipped))) {
            LOG.error("a skipped check was found and could not be counted: {}", skipped);
        }
    }

    @Override
    public boolean resembles(String route, SeenAnswer one, SeenAnswer other, Consumer<Boolean> told) {
        return thread.offer(route, "", one, other, () -> {
            Compared compared = routes.get(route);
            told.accept(compared != null
                    && Comparer.compare(one, other, compared.rulesAt(latest)) instanceof Comparison.Matched);
        });
    }

    @Override
    public long repeatsKnown(String route) {
        return learnt.repeats(route);
    }

    private boolean offer(ShadowPair pair, Runnable compare) {
        return thread.offer(pair.route(), pair.requestId(), pair.legacy(), pair.modern(), compare);
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

    private void compare(ShadowPair pair) {
        Compared route = routes.get(pair.route());
        if (route == null) {
            return;
        }
        lookAtVersions(pair, route);
        @Nullable RouteLedger ledger = ledger(route);
        if (ledger == null) {
            return;
        }
        latest = pair.second();
        SeenAnswer copied = pair.answered() == Side.LEGACY ? pair.modern() : pair.legacy();
        if (copied.status() == 0) {
            ledger.failed(pair);
            meters.count(pair.route(), "failed");
            return;
        }
        Comparison comparison = compared(pair, route);
        if (pairs++ % COUNTED_ONCE_IN == 0 || ledger.isNew()) {
            ledger.compares(FieldCount.of(pair.legacy(), route.rulesAt(pair.second())));
        }
        boolean mayBeLate = route.settles()
                && comparison instanceof Comparison.Different different
                && ledger.mayBeLate(pair, different, route.knownAt(pair.second()), route.tellsNoise());
        if (mayBeLate) {
            lookAgain(pair, (Comparison.Different) comparison, route, ledger);
        } else {
            count(pair, comparison, route, ledger);
        }
    }

    /** Which legacy it is whose noise was learnt: another version differs in other fields. */
    private String legacyOf(Compared route) {
        Sides sides = versions.get(route.route().id());
        String version = sides == null ? "" : sides.legacy().latest();
        return version.isEmpty() ? route.legacy() : route.legacy() + " version " + version;
    }

    /** Looks at who answered, before it is looked at what. */
    private void lookAtVersions(ShadowPair pair, Compared route) {
        lookAtLegacy(pair.legacy(), route);
        @Nullable RouteLedger ledger = ledgers.get(pair.route());
        route.versionHeader().ifPresent(header -> {
            Versions modern = sides(route).modern();
            if (modern.isNew(pair.modern(), header) && ledger != null) {
                ledger.deployed(modern.latest(), pair);
            }
        });
    }

    private void lookAtLegacy(SeenAnswer legacy, Compared route) {
        route.versionHeader()
                .filter(header -> sides(route).legacy().isNew(legacy, header))
                .ifPresent(header -> forgetNoise(route.route().id()));
    }

    private Sides sides(Compared route) {
        return versions.computeIfAbsent(route.route().id(), id -> new Sides(new Versions(), new Versions()));
    }

    private Comparison compared(ShadowPair pair, Compared route) {
        CompareRules rules = route.rulesAt(pair.second());
        return tags.checked(pair, Comparer.compare(pair.legacy(), pair.modern(), rules), rules);
    }

    private void count(ShadowPair pair, Comparison comparison, Compared route, RouteLedger ledger) {
        meters.count(
                pair.route(),
                ledger.add(pair, comparison, route.knownAt(pair.second()), route.since(), route.tellsNoise()));
    }

    /** After a while; until then the pair is not counted at all. */
    private void lookAgain(ShadowPair pair, Comparison.Different first, Compared route, RouteLedger ledger) {
        ShadowPair read = pair.read();
        boolean looks = pair.secondLook().take(route.route().shadow().settle(), second -> {
            if (!offer(second, () -> settled(read, first, second, route, ledger))) {
                ledger.unsettled(read);
            }
        });
        if (!looks) {
            unsettled(pair, ledger);
        }
    }

    private void unsettled(ShadowPair pair, RouteLedger ledger) {
        ledger.unsettled(pair);
        meters.count(pair.route(), "undecided");
    }

    private void settled(
            ShadowPair pair, Comparison.Different first, ShadowPair second, Compared route, RouteLedger ledger) {
        boolean both = second.legacy().status() != 0 && second.modern().status() != 0;
        Comparison comparison = both ? compared(second, route) : new Comparison.NotCompared("unsettled");
        if (comparison instanceof Comparison.Matched) {
            ledger.late(pair, first);
            meters.count(pair.route(), "late");
        } else if (comparison instanceof Comparison.NotCompared) {
            unsettled(pair, ledger);
        } else {
            count(second, comparison, route, ledger);
        }
    }

    /**
     * What was written is looked for up to three times: what one side shows sooner than the other is late, and what modern does not show
     * in the end is lost.
     *
     * @param deleted it is as it should be that both say it is gone
     * @param first what differed when it was looked for the first time
     * @param look from 1 on
     */
    private void readBack(ShadowPair pair, boolean deleted, Optional<Comparison.Different> first, int look) {
        Compared route = routes.get(pair.route());
        @Nullable RouteLedger ledger = route == null ? null : ledger(route);
        if (route == null || ledger == null) {
            return;
        }
        latest = pair.second();
        Comparison comparison = deleted && isGoneFromBoth(pair) ? new Comparison.Matched() : compared(pair, route);
        boolean differs = comparison instanceof Comparison.Different different
                && ledger.mayBeLate(pair, different, route.knownAt(pair.second()), route.tellsNoise());
        if (comparison instanceof Comparison.Matched && first.isPresent()) {
            ledger.late(pair, first.get());
            meters.count(pair.route(), "late");
        } else if (!differs) {
            count(pair, comparison, route, ledger);
        } else if (look == MOST_LOOKS) {
            count(pair, lost((Comparison.Different) comparison), route, ledger);
        } else {
            Comparison.Different atFirst = first.orElse((Comparison.Different) comparison);
            readBackLater(
                    pair,
                    waitAfter(look, route),
                    next -> readBack(next, deleted, Optional.of(atFirst), look + 1),
                    ledger);
        }
    }

    private static boolean isGoneFromBoth(ShadowPair pair) {
        return GONE.contains(pair.legacy().status())
                && GONE.contains(pair.modern().status());
    }

    /** After settle it was looked for the first time; then after four and sixteen times as long since the write. */
    private static Duration waitAfter(int look, Compared route) {
        return route.route()
                .shadow()
                .readback()
                .map(readback -> readback.settle().multipliedBy(look == 1 ? 4 - 1 : 16 - 4))
                .orElse(Duration.ZERO);
    }

    private void readBackLater(ShadowPair pair, Duration wait, Consumer<ShadowPair> then, RouteLedger ledger) {
        ShadowPair read = pair.read();
        boolean looks = pair.secondLook().take(wait, next -> {
            if (!offer(next, () -> then.accept(next))) {
                ledger.unsettled(read);
            }
        });
        if (!looks) {
            unsettled(pair, ledger);
        }
    }

    private static Comparison.Different lost(Comparison.Different different) {
        return new Comparison.Different(
                different.differences().stream()
                        // That its value looks different, too, is no second loss.
                        .filter(each -> each.kind() != Difference.Kind.SHAPE)
                        .map(each -> new Difference(each.field(), Difference.Kind.LOST, each.legacy(), each.modern()))
                        .toList(),
                different.more());
    }

    private void skipped(SkippedCheck skipped) {
        Compared route = routes.get(skipped.route());
        @Nullable RouteLedger ledger = route == null ? null : ledger(route);
        if (ledger != null) {
            ledger.skipped(skipped);
            meters.count(skipped.route(), "check-skipped");
        }
    }

    /** Null if there are too many. */
    private @Nullable RouteLedger ledger(Compared route) {
        String id = route.route().id();
        RouteLedger ledger = ledgers.get(id);
        if (ledger != null || ledgers.size() >= MOST_ROUTES) {
            return ledger;
        }
        Noise noise = learnt.of(id, legacyOf(route));
        return ledgers.computeIfAbsent(id, unused -> new RouteLedger(id, room, noise));
    }

    private void learn(RepeatedAnswer repeated) {
        Compared route = routes.get(repeated.route());
        if (route == null || repeated.second().status() == 0) {
            return;
        }
        lookAtLegacy(repeated.first(), route);
        @Nullable RouteLedger ledger = ledger(route);
        if (ledger == null) {
            return;
        }
        CompareRules rules = route.rulesAt(latest);
        Comparison comparison = Comparer.compare(repeated.first(), repeated.second(), rules);
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

    private static LocalDate dayOf(long second) {
        return LocalDate.ofInstant(Instant.ofEpochSecond(second), ZoneOffset.UTC);
    }

    /**
     * What is known of a route.
     *
     * @param since only answers of this revision and later ones, of whatever version modern was; empty: since the route is what it is, and
     *     modern is of its present version
     * @param now for what is known until a day
     * @param window only answers of so long, in steps of ten minutes while they are fresh, of an hour or a day later; empty: of seven days
     * @return empty if there is no such route
     */
    public Optional<RouteParity> of(String id, OptionalLong since, Instant now, Optional<Duration> window) {
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

    /** Waits until what was learnt is kept. */
    @Override
    public void close() {
        thread.close();
    }
}
