package dev.banyan.controlplane.parity;

import dev.banyan.controlplane.judging.Counted;
import dev.banyan.controlplane.judging.Interval;
import dev.banyan.controlplane.parity.compare.Difference;
import dev.banyan.routing.Flag;
import dev.banyan.routing.KnownDifference;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What is known of one route since a revision.
 *
 * @param since the revision from which on answers count
 * @param deploy when modern became the version that it is, if it did while this process ran, and says so
 * @param matched pairs that said the same, or differ in nothing but noise
 * @param late pairs that differed, and said the same when both sides were asked again after a while
 * @param noisy those of them that differ in noise
 * @param known pairs that differ in nothing but what is known; for the verdict they said the same
 * @param undecided pairs that differ in what may be noise or not: they prove nothing right, and nothing wrong
 * @param different pairs that did not say the same
 * @param failed copies that the other side gave no whole answer to
 * @param notCompared pairs that nobody could compare, by why
 * @param interval where the true share of differences lies
 * @param coverage what was compared
 * @param repeats how often legacy was asked twice, to learn what is noise
 * @param causes what differs; fields that always differ together are one
 * @param moreFields whether there were more fields than are kept
 */
public record RouteParity(
        String route,
        long since,
        Optional<Deploy> deploy,
        long matched,
        long late,
        long noisy,
        long known,
        long undecided,
        long different,
        long failed,
        SortedMap<String, Long> notCompared,
        Interval interval,
        ParityVerdict verdict,
        Coverage coverage,
        long repeats,
        List<Cause> causes,
        boolean moreFields) {

    /** How many were compared. */
    public long compared() {
        return matched + late + known + undecided + different;
    }

    /** What was compared and is known to differ or not. */
    public long decided() {
        return compared() - undecided;
    }

    /**
     * What the compared answers were to, and what they were.
     *
     * @param byMatch compared answers of each of the route's matches
     * @param byAnswer how many of each status and type: {@code 200 application/json}
     * @param users about how many different ones, since the process began
     * @param targets about how many different ones, since the process began
     */
    public record Coverage(
            SortedMap<String, Counted> byMatch, SortedMap<String, Long> byAnswer, long users, long targets) {}

    /**
     * What differed, in the same answers each time.
     *
     * @param noise two answers of legacy to one request that differ in the first of the fields, among all such
     * @param known whether all of it is known, and by whom
     * @param count in how many answers
     * @param users about how many had one
     * @param firstRevision of the table when it was first seen
     */
    public record Cause(
            String match,
            List<Field> fields,
            Standing standing,
            Counted noise,
            Optional<Flag<KnownDifference>> known,
            long count,
            long users,
            Instant first,
            Instant last,
            long firstRevision,
            List<Sample> samples) {}

    /** Another version of modern was first seen. */
    public record Deploy(String version, Instant time) {}

    /** One field in which they differ, and how, in the words of the first sample. */
    public record Field(String field, Difference.Kind kind, String legacy, String modern) {}

    /** A request by which the logs of both sides find it. */
    public record Sample(String requestId, Instant time) {}
}
