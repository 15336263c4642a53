package dev.banyan.controlplane.parity;

import dev.banyan.contract.SecondLook;
import dev.banyan.contract.SeenAnswer;
import dev.banyan.contract.ShadowPair;
import dev.banyan.contract.SkippedCheck;
import dev.banyan.contract.UserSketch;
import dev.banyan.controlplane.judging.Counted;
import dev.banyan.controlplane.judging.Groups;
import dev.banyan.controlplane.judging.Interval;
import dev.banyan.controlplane.parity.compare.Comparison;
import dev.banyan.controlplane.parity.compare.Difference;
import dev.banyan.routing.Flag;
import dev.banyan.routing.KnownDifference;
import dev.banyan.routing.Side;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What came of one route's pairs, in bounded memory whatever they hold. Written by one thread, read by others. */
final class RouteLedger {
    private static final int ERAS = 1 << 16;
    private static final int MOST_PATTERNS = 100;
    private static final int MOST_WORDS = 10;
    private static final int MOST_MATCHES = 100;
    private static final int LONGEST_TYPE = 50;

    /** After so many pairs that differ it is judged anew what is noise; a person who asks is told what is so now. */
    private static final int JUDGED_EVERY = 50;

    private final String route;
    private final Room room;
    private final Slots<Cell> cells;
    private final DifferingFields fields;

    /** What differed at first, and was equal when both sides were asked again. */
    private final DifferingFields late;

    /** In how many pairs just these fields differed: so it can be told later how many differ in more than noise. */
    private final Map<Pattern, Slots<Long>> patterns = new LinkedHashMap<>();

    private final UserSketch users = new UserSketch();
    private final UserSketch targets = new UserSketch();
    private Noise noise;
    private Map<FieldKey, Standing> standings = Map.of();
    private long pairs;
    private long deploys;
    private long latestDeploy;
    private long latestRevision;
    private Optional<RouteParity.Deploy> deploy = Optional.empty();

    /**
     * What differed in a pair.
     *
     * @param known whether all of it was known when the pair came
     * @param unsettled whether both sides should have been asked again, and could not be
     */
    private record Pattern(Set<FieldKey> keys, boolean known, boolean unsettled) {
        /** That there is something else, for which there was no room. */
        static Pattern nameless(String match) {
            return new Pattern(Set.of(FieldKey.somewhere(match)), false, false);
        }

        /** There is one of a match at most, so it needs no room of its own. */
        boolean isNameless() {
            return keys.stream().allMatch(key -> key.field().isEmpty());
        }
    }

    /** What was counted in one stretch of time. */
    private static final class Cell {
        private final Groups compared = new Groups();
        private final SortedMap<String, Long> byMatch = new TreeMap<>();
        private final SortedMap<String, Long> byAnswer = new TreeMap<>();
        private final SortedMap<String, Long> notCompared = new TreeMap<>();
        private long failed;
        private long late;

        /** The sum, in a new one: the parts go on being counted. */
        Cell plus(Cell more) {
            Cell sum = new Cell();
            for (Cell each : List.of(this, more)) {
                sum.compared.add(each.compared);
                each.byMatch.forEach((match, count) -> add(sum.byMatch, MOST_MATCHES, match, count));
                each.byAnswer.forEach((what, count) -> add(sum.byAnswer, MOST_WORDS, what, count));
                each.notCompared.forEach((why, count) -> add(sum.notCompared, MOST_WORDS, why, count));
                sum.failed += each.failed;
                sum.late += each.late;
            }
            return sum;
        }

        void compared(ShadowPair pair, boolean differs) {
            compared.add(pair.keyHash(), differs);
            add(byMatch, MOST_MATCHES, pair.match(), 1);
            add(byAnswer, MOST_WORDS, kind(pair.legacy()), 1);
        }

        long all() {
            return Math.round(compared.counted().all());
        }

        void notCompared(String why) {
            add(notCompared, MOST_WORDS, why, 1);
        }

        /** The only way into a map of words: of more than so many, whoever says them, all others are one. */
        private static void add(Map<String, Long> counts, int most, String word, long count) {
            boolean fits = counts.size() < most || counts.containsKey(word);
            counts.merge(fits ? word : "other", count, Long::sum);
        }

        /** What legacy answers a request like this with: {@code 200 application/json}. */
        private static String kind(SeenAnswer answer) {
            String essence = answer.first("content-type").split(";", 2)[0].strip();
            return (answer.status() + " " + (essence.length() <= LONGEST_TYPE ? essence : "")).strip();
        }
    }

    /** How many pairs differ in what; of each match, too. */
    private static final class Sorted {
        private final SortedMap<String, Long> differentByMatch = new TreeMap<>();
        private long different;
        private long undecided;
        private long known;
        private long noisy;
    }

    /** @param noise what is known to differ by itself; written to from here on */
    RouteLedger(String route, Room room, Noise noise) {
        this.route = route;
        this.room = room;
        this.noise = noise;
        fields = new DifferingFields(room);
        late = new DifferingFields(room);
        cells = new Slots<>(room.cells(), Cell::new, Cell::plus);
    }

    String route() {
        return route;
    }

    /** Modern is of another version: what was counted of the one before does not speak for it. */
    synchronized void deployed(String version, ShadowPair pair) {
        deploys = Math.min(ERAS - 1, deploys + 1);
        // A pair may have waited while others of a later revision were counted.
        latestDeploy = era(Math.max(pair.revision(), latestRevision));
        deploy = Optional.of(new RouteParity.Deploy(version, Instant.ofEpochSecond(pair.second())));
    }

    /** A new one begins with each revision, and with each deploy. */
    private long era(long revision) {
        latestRevision = Math.max(latestRevision, revision);
        return revision * ERAS + deploys;
    }

    private static long firstEra(long revision) {
        return Math.min(revision, Long.MAX_VALUE / ERAS - 1) * ERAS;
    }

    /** The one from which on answers count that modern's present version gave under that revision or a later one. */
    private long since(long revision) {
        return Math.max(firstEra(revision), latestDeploy);
    }

    /**
     * Learns what differs by itself.
     *
     * @return how many repeats it has learnt from
     */
    synchronized long addRepeated(String match, Comparison comparison) {
        noise.add(match, comparison);
        return noise.repeats();
    }

    /** Whether nobody has said yet how many fields are compared. */
    synchronized boolean isNew() {
        return noise.isNew();
    }

    /** There are so many fields in one of its answers. */
    synchronized void compares(long count) {
        noise.compares(count);
    }

    /** @param upstream which legacy it is of */
    synchronized NoiseStore.Kept noise(String upstream) {
        return noise.kept(upstream);
    }

    synchronized void forgetNoise() {
        standings = Map.of();
        noise = new Noise();
    }

    /**
     * Counts what came of a pair.
     *
     * @param known what differs and is known to, by field
     * @param since the revision from which on answers are judged
     * @param judged whether noise is told apart from differences; else all are differences
     * @return what came of it, in a word of a fixed list
     */
    synchronized String add(
            ShadowPair pair,
            Comparison comparison,
            SortedMap<String, Flag<KnownDifference>> known,
            long since,
            boolean judged) {
        Cell cell = cells.at(era(pair.revision()), pair.second());
        if (comparison instanceof Comparison.NotCompared not) {
            cell.notCompared(not.why());
            return comparison.word();
        }
        covers(pair);
        if (!(comparison instanceof Comparison.Different found)) {
            cell.compared(pair, false);
            return comparison.word();
        }
        Comparison.Different different = judged ? noise.withForeignWords(pair.match(), found) : found;
        if (pairs++ % JUDGED_EVERY == 0) {
            standings = standings(since(since), 0, judged);
        }
        Set<FieldKey> keys = fields.add(pair, different, pairs, era(pair.revision()));
        boolean nothingElse = keys.stream().allMatch(key -> known.containsKey(key.field()));
        Standing standing = standing(keys, standings, judged);
        cell.compared(pair, !nothingElse && standing != Standing.NOISE);
        count(new Pattern(Set.copyOf(keys), nothingElse, false), pair);
        return nothingElse ? "known" : word(standing);
    }

    private static String word(Standing standing) {
        return switch (standing) {
            case DIFFERENT -> "different";
            case UNDECIDED -> "undecided";
            case LATE, NOISE -> "matched";
        };
    }

    private void covers(ShadowPair pair) {
        users.add(Long.toString(pair.keyHash()));
        targets.add(Long.toString(pair.targetHash()));
    }

    /** Whether a pair differs in more than noise and what is known: then it is worth a second look. */
    synchronized boolean differsInMoreThanNoise(
            ShadowPair pair,
            Comparison.Different different,
            SortedMap<String, Flag<KnownDifference>> known,
            boolean judged) {
        Set<FieldKey> keys = FieldKey.all(pair.match(), different);
        return !keys.stream().allMatch(key -> known.containsKey(key.field()))
                && standing(keys, standings, judged) != Standing.NOISE;
    }

    /**
     * Modern served what legacy refuses. One is enough, so it is told by itself, and counts in no share. Where it may have been a page to
     * log in by, it is a difference like others.
     */
    synchronized void skipped(SkippedCheck check) {
        Difference.Kind skipped =
                check.ofOwner() ? Difference.Kind.OWNERS_CHECK_SKIPPED : Difference.Kind.CHECK_SKIPPED;
        Difference.Kind kind = check.surely() ? skipped : Difference.Kind.VALUE;
        Difference difference =
                new Difference("access", kind, Integer.toString(check.legacy()), Integer.toString(check.modern()));
        SeenAnswer unseen = SeenAnswer.none("");
        ShadowPair pair = new ShadowPair(
                check.route(),
                check.match(),
                check.revision(),
                check.second(),
                0,
                0,
                check.requestId(),
                Side.LEGACY,
                unseen,
                unseen,
                SecondLook.NONE);
        fields.add(pair, new Comparison.Different(List.of(difference), false), pairs++, era(pair.revision()));
    }

    /** Of the fields that differ those that legacy is not known to differ in from itself: only these can be lost. */
    synchronized Set<FieldKey> thatLegacyKeeps(Set<FieldKey> keys) {
        return keys.stream().filter(key -> noise.of(key).bad() == 0).collect(Collectors.toSet());
    }

    /** Both sides said the same when they were asked again. */
    synchronized void late(ShadowPair pair, Comparison.Different first) {
        Cell cell = cells.at(era(pair.revision()), pair.second());
        covers(pair);
        cell.compared(pair, false);
        cell.late++;
        late.add(pair, first, pairs++, era(pair.revision()));
    }

    /** They differ, and could not be asked again. That proves nothing wrong, nor anything right unless all of it turns out to be noise. */
    synchronized void unsettled(ShadowPair pair, Comparison.Different different, boolean judged) {
        Cell cell = cells.at(era(pair.revision()), pair.second());
        covers(pair);
        cell.compared(pair, false);
        if (pairs++ % JUDGED_EVERY == 0) {
            standings = standings(since(pair.revision()), 0, judged);
        }
        Set<FieldKey> keys = FieldKey.all(pair.match(), different);
        count(new Pattern(keys, false, true), pair);
    }

    private void count(Pattern pattern, ShadowPair pair) {
        patterns.computeIfAbsent(
                        placed(pattern, pair.match()), unused -> new Slots<>(room.counts(), () -> 0L, Long::sum))
                .add(era(pair.revision()), pair.second(), 1L);
    }

    /** Itself if there is room, else what weighs most in it, else that there was something. */
    private Pattern placed(Pattern pattern, String match) {
        Pattern kept = pattern;
        if (patterns.size() >= MOST_PATTERNS && !patterns.containsKey(pattern)) {
            kept = new Pattern(
                    pattern.keys().stream()
                            .min(Comparator.comparing(key -> standings.getOrDefault(key, Standing.UNDECIDED)))
                            .map(Set::of)
                            .orElse(pattern.keys()),
                    pattern.known(),
                    pattern.unsettled());
        }
        boolean fits = kept.isNameless()
                || patterns.containsKey(kept)
                || patterns.size() < 2 * MOST_PATTERNS && Room.take(room.patterns());
        return fits ? kept : Pattern.nameless(match);
    }

    /** The other side gave no whole answer. */
    synchronized void failed(ShadowPair pair) {
        cells.at(era(pair.revision()), pair.second()).failed++;
    }

    /** Gives back what it kept. */
    synchronized void forget() {
        fields.forget();
        late.forget();
        room.patterns().addAndGet((int) patterns.keySet().stream()
                .filter(pattern -> !pattern.isNameless())
                .count());
        patterns.values().forEach(Slots::forget);
        patterns.clear();
        cells.forget();
    }

    /** What is held of each field that differs. */
    private Map<FieldKey, Standing> standings(long era, long from, boolean judged) {
        SortedMap<String, Long> compared = cells.since(era, from).byMatch;
        Map<FieldKey, Standing> held = new HashMap<>();
        fields.counts(
                era,
                from,
                (key, count) -> held.put(
                        key,
                        judged && !key.kind().isOfTheWorst()
                                ? Standing.of(
                                        new Counted(count, Math.max(count, compared.getOrDefault(key.match(), 0L))),
                                        noise.of(key),
                                        noise.fields())
                                : Standing.DIFFERENT));
        return held;
    }

    /** What weighs most of what differs. How a value looks counts only where the value itself is known to be noise. */
    private static Standing standing(Set<FieldKey> keys, Map<FieldKey, Standing> standings, boolean judged) {
        Standing unknown = judged ? Standing.UNDECIDED : Standing.DIFFERENT;
        return keys.stream()
                .filter(key -> isOfWeight(key, standings))
                .map(key -> key.kind().isOfTheWorst() ? Standing.DIFFERENT : standings.getOrDefault(key, unknown))
                .reduce(Standing.NOISE, Standing::and);
    }

    private static boolean isOfWeight(FieldKey key, Map<FieldKey, Standing> standings) {
        return key.kind() != Difference.Kind.SHAPE || standings.get(key.ofValue()) == Standing.NOISE;
    }

    private Sorted sorted(
            long era,
            long from,
            SortedMap<String, Flag<KnownDifference>> known,
            Map<FieldKey, Standing> held,
            boolean judged) {
        Sorted sorted = new Sorted();
        patterns.forEach((pattern, counts) -> {
            long count = counts.since(era, from);
            Standing standing = standing(pattern.keys(), held, judged);
            if (pattern.known() || standing != Standing.NOISE && isKnown(pattern.keys(), known, held)) {
                sorted.known += count;
            } else if (standing == Standing.NOISE) {
                sorted.noisy += count;
            } else if (standing == Standing.UNDECIDED || pattern.unsettled()) {
                sorted.undecided += count;
            } else {
                sorted.different += count;
                pattern.keys().stream()
                        .findFirst()
                        .ifPresent(key -> sorted.differentByMatch.merge(key.match(), count, Long::sum));
            }
        });
        return sorted;
    }

    /** Whether all that differs is known, or noise. */
    private static boolean isKnown(
            Set<FieldKey> keys, SortedMap<String, Flag<KnownDifference>> known, Map<FieldKey, Standing> held) {
        return keys.stream()
                .filter(key -> held.get(key) != Standing.NOISE && isOfWeight(key, held))
                .allMatch(key -> known.containsKey(key.field()));
    }

    /**
     * What is known of the route.
     *
     * @param ofEveryVersion also what modern's versions before the present one answered
     * @param from seconds since 1970; what is older does not count
     * @param mostDifferent the share of differences that is borne
     * @param known what differs and is known to, by field
     * @param judged whether noise is told apart from differences
     */
    synchronized RouteParity since(
            long revision,
            boolean ofEveryVersion,
            long from,
            double mostDifferent,
            SortedMap<String, Flag<KnownDifference>> known,
            boolean judged) {
        long era = ofEveryVersion ? firstEra(revision) : since(revision);
        Cell sum = cells.since(era, from);
        Map<FieldKey, Standing> held = standings(era, from, judged);
        Sorted sorted = sorted(era, from, known, held, judged);
        Counted different = worth(sum, sorted.different);
        Counted doubtful = worth(sum, sorted.different + sorted.undecided);
        return new RouteParity(
                route,
                revision,
                deploy,
                Math.max(0, sum.all() - sum.late - sorted.different - sorted.undecided - sorted.known),
                sum.late,
                sorted.noisy,
                sorted.known,
                sorted.undecided,
                sorted.different,
                sum.failed,
                Collections.unmodifiableSortedMap(sum.notCompared),
                between(different, doubtful),
                held.keySet().stream().anyMatch(key -> key.kind().isOfTheWorst())
                        ? ParityVerdict.DIFFERENT
                        : ParityVerdict.of(different, doubtful, mostDifferent),
                new RouteParity.Coverage(
                        byMatch(sum, sorted),
                        Collections.unmodifiableSortedMap(sum.byAnswer),
                        users.estimate(),
                        targets.estimate()),
                noise.repeats(),
                causes(era, from, known, held),
                fields.hasMore());
    }

    /** Where the share of differences lies, whatever those are that nobody can tell yet. */
    private static Interval between(Counted different, Counted doubtful) {
        return new Interval(
                Interval.of(different).lower(), Interval.of(doubtful).upper());
    }

    /** So many of the compared, for what they are worth. */
    private static Counted worth(Cell sum, long bad) {
        long all = sum.all();
        return new Counted(Math.min(all, bad), all).dampedBy(sum.compared.phi());
    }

    private static SortedMap<String, Counted> byMatch(Cell sum, Sorted sorted) {
        SortedMap<String, Counted> byMatch = new TreeMap<>();
        sum.byMatch.forEach((match, all) ->
                byMatch.put(match, new Counted(Math.min(all, sorted.differentByMatch.getOrDefault(match, 0L)), all)));
        return Collections.unmodifiableSortedMap(byMatch);
    }

    /** The same, for who wants nothing but the share. */
    synchronized ParityMeters.Shares shares(
            long revision, long from, SortedMap<String, Flag<KnownDifference>> known, boolean judged) {
        long era = since(revision);
        Cell sum = cells.since(era, from);
        Sorted sorted = sorted(era, from, known, standings(era, from, judged), judged);
        long decided = Math.max(sorted.different, sum.all() - sorted.undecided);
        return ParityMeters.Shares.of(
                new Counted(sorted.different, decided),
                between(worth(sum, sorted.different), worth(sum, sorted.different + sorted.undecided)));
    }

    /** The most frequent first, and last what was late. */
    private List<RouteParity.Cause> causes(
            long era, long from, SortedMap<String, Flag<KnownDifference>> known, Map<FieldKey, Standing> held) {
        List<RouteParity.Cause> causes = new ArrayList<>(fields.causes(
                era,
                from,
                key -> isOfWeight(key, held),
                key -> held.getOrDefault(key, Standing.UNDECIDED),
                together -> cause(
                        together, held.getOrDefault(together.get(0).getKey(), Standing.UNDECIDED), era, from, known)));
        causes.addAll(late.causes(
                era,
                from,
                key -> key.kind() != Difference.Kind.SHAPE,
                key -> Standing.LATE,
                together -> cause(together, Standing.LATE, era, from, known)));
        return causes;
    }

    private RouteParity.Cause cause(
            List<Map.Entry<FieldKey, FieldLedger>> together,
            Standing standing,
            long era,
            long from,
            SortedMap<String, Flag<KnownDifference>> known) {
        List<RouteParity.Field> all =
                together.stream().map(each -> each.getValue().field()).toList();
        boolean allKnown = all.stream().allMatch(field -> known.containsKey(field.field()));
        FieldKey first = together.get(0).getKey();
        return together.get(0)
                .getValue()
                .with(
                        first.match(),
                        all,
                        standing,
                        noise.of(first),
                        allKnown ? Optional.ofNullable(known.get(all.get(0).field())) : Optional.empty(),
                        era,
                        from);
    }
}
