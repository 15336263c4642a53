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
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;
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

    /** Of legacy's answers that are held against its next. */
    private static final long MOST_BYTES_LOOKED_AT = 16L << 20;

    /** How many fields an answer has is counted in the first of a route, and then in one of so many, of all routes together. */
    private static final int COUNTED_ONCE_IN = 256;

    private final Map<String, RouteLedger> ledgers = new ConcurrentHashMap<>();
    private final Map<String, Compared> routes = new ConcurrentHashMap<>();
    private final Map<String, Sides> versions = new ConcurrentHashMap<>();
    private final Learnt learnt = new Learnt();
    private final Room room = new Room();
    private final EntityTags tags = new EntityTags();
    private final AtomicLong bytesLookedAt = new AtomicLong();
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
            told.accept(compared == null || Comparer.resemble(one, other, compared.rulesAt(latest)));
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
        boolean old = isOfOldVersion(pair, route);
        @Nullable RouteLedger ledger = ledger(route);
        if (ledger == null) {
            return;
        }
        latest = pair.second();
        if (old) {
            count(pair, new Comparison.NotCompared("old-version"), route, ledger);
            return;
        }
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
                && ledger.differsInMoreThanNoise(pair, different, route.knownAt(pair.second()), route.tellsNoise());
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
            forgetNoise(route.route().id());
        }
        return age;
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
            if (!offer(second, () -> settled(read, first, second))) {
                unsettled(read, first, route, ledger);
            }
        });
        if (!looks) {
            unsettled(pair, first, route, ledger);
        }
    }

    private void unsettled(ShadowPair pair, Comparison.Different different, Compared route, RouteLedger ledger) {
        ledger.unsettled(pair, different, route.tellsNoise());
        meters.count(pair.route(), "undecided");
    }

    private void settled(ShadowPair pair, Comparison.Different first, ShadowPair second) {
        Compared route = routes.get(pair.route());
        @Nullable RouteLedger ledger = route == null ? null : ledger(route);
        if (route == null || ledger == null) {
            return;
        }
        boolean both = second.legacy().status() != 0 && second.modern().status() != 0;
        Comparison comparison = both ? compared(second, route) : new Comparison.NotCompared("unsettled");
        if (comparison instanceof Comparison.Matched) {
            ledger.late(pair, first);
            meters.count(pair.route(), "late");
        } else if (comparison instanceof Comparison.NotCompared) {
            unsettled(pair, first, route, ledger);
        } else {
            count(second, comparison, route, ledger);
        }
    }

    /**
     * What a write looked like so far.
     *
     * @param first what differed when it was looked for the first time
     * @param always the fields that differed each time, and in which legacy stayed as it was
     * @param legacy what legacy said the last time
     */
    private record Looked(Comparison.Different first, Set<FieldKey> always, SeenAnswer legacy) {}

    /**
     * What was written is looked for up to three times: what one side shows sooner than the other is late, and what modern never shows,
     * while legacy goes on showing the same, is lost.
     *
     * @param deleted it is as it should be that both say it is gone
     * @param look from 1 on
     */
    private void readBack(ShadowPair pair, boolean deleted, Optional<Looked> before, int look) {
        Compared route = routes.get(pair.route());
        @Nullable RouteLedger ledger = route == null ? null : ledger(route);
        Optional<Duration> settle = route == null
                ? Optional.empty()
                : route.route().shadow().readback().map(Route.Shadow.ReadBack::settle);
        if (route == null || ledger == null || settle.isEmpty()) {
            return;
        }
        latest = pair.second();
        Comparison comparison = deleted && isGoneFromBoth(pair) ? new Comparison.Matched() : compared(pair, route);
        if (comparison instanceof Comparison.Matched && before.isPresent()) {
            ledger.late(pair, before.get().first());
            meters.count(pair.route(), "late");
        } else if (comparison instanceof Comparison.Different different
                && ledger.differsInMoreThanNoise(pair, different, route.knownAt(pair.second()), route.tellsNoise())) {
            Looked looked = looked(pair, different, before, route, ledger);
            if (look < MOST_LOOKS) {
                // After settle for the first time, then after four and sixteen times as long since the write.
                Duration wait = settle.get().multipliedBy(look == 1 ? 4 - 1 : 16 - 4);
                lookLater(
                        pair,
                        wait,
                        next -> readBack(next, deleted, Optional.of(looked), look + 1),
                        looked,
                        route,
                        ledger);
            } else if (looked.always().isEmpty()) {
                unsettled(pair, different, route, ledger);
            } else {
                count(pair, lost(pair, different, looked.always()), route, ledger);
            }
        } else {
            count(pair, comparison, route, ledger);
        }
    }

    private Looked looked(
            ShadowPair pair,
            Comparison.Different different,
            Optional<Looked> before,
            Compared route,
            RouteLedger ledger) {
        Set<FieldKey> differing = different.differences().stream()
                .filter(each -> each.kind() != Difference.Kind.SHAPE)
                .map(each -> FieldKey.of(pair.match(), each))
                .collect(Collectors.toSet());
        Set<FieldKey> always = new HashSet<>(ledger.thatLegacyKeeps(differing));
        before.ifPresent(earlier -> {
            always.retainAll(earlier.always());
            if (Comparer.compare(earlier.legacy(), pair.legacy(), route.rulesAt(pair.second()))
                    instanceof Comparison.Different moved) {
                moved.differences()
                        .forEach(each -> always.removeIf(key -> key.field().equals(each.field())));
            }
        });
        return new Looked(before.map(Looked::first).orElse(different), always, pair.legacy());
    }

    private void lookLater(
            ShadowPair pair,
            Duration wait,
            Consumer<ShadowPair> then,
            Looked looked,
            Compared route,
            RouteLedger ledger) {
        ShadowPair read = pair.read();
        long bytes = looked.legacy().body().length;
        boolean looks = bytesLookedAt.addAndGet(bytes) <= MOST_BYTES_LOOKED_AT
                && pair.secondLook().take(wait, next -> {
                    bytesLookedAt.addAndGet(-bytes);
                    if (!offer(next, () -> then.accept(next))) {
                        unsettled(read, looked.first(), route, ledger);
                    }
                });
        if (!looks) {
            bytesLookedAt.addAndGet(-bytes);
            unsettled(pair, looked.first(), route, ledger);
        }
    }

    private static boolean isGoneFromBoth(ShadowPair pair) {
        return GONE.contains(pair.legacy().status())
                && GONE.contains(pair.modern().status());
    }

    private static Comparison.Different lost(ShadowPair pair, Comparison.Different different, Set<FieldKey> always) {
        return new Comparison.Different(
                different.differences().stream()
                        .filter(each -> always.contains(FieldKey.of(pair.match(), each)))
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
        boolean old = lookAtLegacy(repeated.first(), route) == Versions.Age.OLD
                || lookAtLegacy(repeated.second(), route) == Versions.Age.OLD;
        @Nullable RouteLedger ledger = ledger(route);
        if (ledger == null || old) {
            // Two versions differ from each other, not one from itself.
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
