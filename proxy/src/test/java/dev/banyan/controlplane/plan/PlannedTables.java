package dev.banyan.controlplane.plan;

import dev.banyan.contract.CountedRequests;
import dev.banyan.contract.RecentRequests;
import dev.banyan.contract.RecentRequests.ByBucket;
import dev.banyan.contract.RecentRequests.Decided;
import dev.banyan.contract.RecentRequests.Recent;
import dev.banyan.controlplane.revisions.Prospect;
import dev.banyan.controlplane.revisions.Revision;
import dev.banyan.controlplane.revisions.Source;
import dev.banyan.routing.Flags;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.decide.Bucket;
import dev.banyan.routing.file.Reading;
import dev.banyan.routing.file.RoutesFiles;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** Two tables of one route, and a plan from the one to the other. */
final class PlannedTables {
    static final Instant SINCE = Instant.parse("2026-03-01T12:00:00Z");

    private PlannedTables() {}

    /** @param route the keys of route {@code t}, as a flow mapping without its braces */
    static RoutingTable table(String route) {
        return table(route, Flags.NONE);
    }

    static RoutingTable table(String route, Flags flags) {
        return parsed("""
                banyan: 1
                default: rails
                upstreams:
                  rails: { url: "http://127.0.0.1:3000" }
                  modern: { url: "http://127.0.0.1:8081" }
                  other: { url: "http://127.0.0.1:8082" }
                routes:
                  t: { %s }
                """.formatted(route), flags);
    }

    static RoutingTable parsed(String yaml, Flags flags) {
        Reading reading = RoutesFiles.read(new TreeMap<>(Map.of("t.yaml", yaml)));
        if (reading instanceof Reading.Read read) {
            return RoutingTable.of(1, read.table(), flags);
        }
        throw new AssertionError(reading);
    }

    static Plan plan(RoutingTable before, RoutingTable after, Function<String, Recent> recent) {
        return plan(before, after, recent, new TreeMap<>());
    }

    static Plan plan(
            RoutingTable before,
            RoutingTable after,
            Function<String, Recent> recent,
            SortedMap<String, String> stranded) {
        return planAsking(before, after, asked -> CountedRequests.of(before, recent, asked), stranded);
    }

    static Plan planAsking(
            RoutingTable before, RoutingTable after, RecentRequests recent, SortedMap<String, String> stranded) {
        Revision revision =
                new Revision(7, "", 6, Instant.EPOCH, "alice", "because", List.of(), Optional.empty(), before);
        return Planner.of(
                new Prospect(revision, Optional.of(after), List.of(), List.of(), stranded), Source.API, recent);
    }

    /** A request of each of these buckets. */
    static Recent seen(int... buckets) {
        return new Recent(SINCE, counted(buckets), ByBucket.NONE, List.of());
    }

    static Recent others(Decided... others) {
        return new Recent(SINCE, ByBucket.NONE, ByBucket.NONE, List.of(others));
    }

    static ByBucket counted(int... buckets) {
        int[] requests = new int[Bucket.COUNT];
        for (int bucket : buckets) {
            requests[bucket]++;
        }
        return new ByBucket(requests);
    }
}
