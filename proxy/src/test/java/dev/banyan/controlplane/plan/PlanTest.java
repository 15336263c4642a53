package dev.banyan.controlplane.plan;

import static dev.banyan.controlplane.plan.PlannedTables.others;
import static dev.banyan.controlplane.plan.PlannedTables.plan;
import static dev.banyan.controlplane.plan.PlannedTables.planAsking;
import static dev.banyan.controlplane.plan.PlannedTables.seen;
import static dev.banyan.controlplane.plan.PlannedTables.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.contract.RecentRequests.ByBucket;
import dev.banyan.contract.RecentRequests.Decided;
import dev.banyan.contract.RecentRequests.Recent;
import dev.banyan.contract.RecentRequests.Snapshot;
import dev.banyan.controlplane.plan.Move.BucketRange;
import dev.banyan.routing.Flag;
import dev.banyan.routing.Flags;
import dev.banyan.routing.RouteFlags;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Share;
import dev.banyan.routing.Side;
import dev.banyan.routing.decide.Bucket;
import dev.banyan.routing.decide.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlanTest {
    private static final String READS = "match: [ GET /t ], legacy: rails, modern: modern, canary: ";

    /** Route {@code t}, and others beside it. */
    private static final String MANY = READS.replace("canary: ", "%s }")
            + IntStream.range(0, 50)
                    .mapToObj(n -> "\n  r" + n + ": { match: GET /r" + n + ", legacy: rails")
                    .collect(Collectors.joining(" }"));

    @Test
    void a_higher_canary_moves_the_buckets_between_and_the_requests_counted_for_them() {
        RouteChange change = only(plan(
                table(READS + "10%"),
                table(READS + "30%"),
                id -> route(id, seen(5, 999, 1_000, 1_000, 2_999, 3_000, 9_999))));

        assertThat(change.lines()).containsExactly("canary 10% -> 30%");
        assertThat(change.moves()).singleElement().satisfies(move -> {
            assertThat(move.buckets()).containsExactly(new BucketRange(1_000, 2_999));
            assertThat(move.from()).hasToString("legacy (rails)");
            assertThat(move.to()).hasToString("modern (modern)");
            assertThat(move.safe()).isEqualTo(3);
            assertThat(move.unsafe()).isZero();
            assertThat(move.bucketsSeen()).isEqualTo(2);
        });
        assertThat(change.counted().requests()).isEqualTo(7);
    }

    @Test
    void of_many_routes_only_those_that_change_are_asked_for_their_requests() {
        RoutingTable before = table(MANY.formatted("canary: 10%"));
        RoutingTable after = table(MANY.formatted("canary: 30%"));
        List<Set<String>> asked = new ArrayList<>();

        planAsking(
                before,
                after,
                routes -> {
                    asked.add(routes);
                    return Snapshot.none(PlannedTables.SINCE);
                },
                new TreeMap<>());

        assertThat(asked).containsExactly(Set.of("t", RoutingTable.DEFAULT_ROUTE));
    }

    @Test
    void unsafe_requests_move_only_if_nobody_owns_the_data() {
        String match = "match: [ GET /t, POST /t ], legacy: rails, modern: modern, writes: %s, canary: %d%%";
        Recent recent = new Recent(
                PlannedTables.SINCE, PlannedTables.counted(50), PlannedTables.counted(50, 50, 51), List.of());

        RouteChange either = only(plan(
                table(match.formatted("either", 0)), table(match.formatted("either", 1)), id -> route(id, recent)));
        RouteChange legacy = only(plan(
                table(match.formatted("legacy", 0)),
                table(match.formatted("legacy", 1)),
                id -> route(
                        id,
                        new Recent(
                                PlannedTables.SINCE,
                                PlannedTables.counted(50),
                                PlannedTables.counted(),
                                List.of(new Decided(Side.LEGACY, Reason.OWNER, false, 3))))));

        assertThat(either.movedUnsafe()).isEqualTo(3);
        assertThat(either.moved()).isEqualTo(4);
        assertThat(either.moves().get(0).bucketsSeen()).isEqualTo(2);
        assertThat(legacy.movedUnsafe()).isZero();
        assertThat(legacy.moved()).isEqualTo(1);
    }

    @Test
    void another_modern_upstream_moves_those_who_are_at_modern_and_their_writes() {
        String route =
                "match: [ GET /t, POST /t ], legacy: rails, modern: %s, cohort: c, writes: modern, canary: 100%%";

        RouteChange change = only(plan(
                table(route.formatted("modern")),
                table(route.formatted("other")),
                id -> route(id, others(new Decided(Side.MODERN, Reason.OWNER, false, 4)))));

        assertThat(change.moves()).singleElement().satisfies(move -> {
            assertThat(move.to()).hasToString("modern (other)");
            assertThat(move.buckets()).containsExactly(new BucketRange(0, 9_999));
            assertThat(move.unsafe()).isEqualTo(4);
            assertThat(move.withoutBucket()).isEqualTo(4);
        });
    }

    @Test
    void users_who_are_not_known_yet_move_by_chance() {
        RouteChange change = only(plan(
                table(READS + "0%"),
                table(READS + "10%"),
                id -> route(id, others(new Decided(Side.LEGACY, Reason.CANARY, true, 200)))));

        assertThat(change.expected()).isEqualTo(20);
        assertThat(change.moved()).isZero();
    }

    @Test
    void a_fenced_or_forced_request_stays_where_it_was_put() {
        RouteChange change = only(plan(
                table(READS + "0%"),
                table(READS + "100%"),
                id -> route(
                        id,
                        others(
                                new Decided(Side.LEGACY, Reason.FENCED, true, 2),
                                new Decided(Side.LEGACY, Reason.FORCED, true, 3),
                                new Decided(Side.LEGACY, Reason.CANARY, true, 5)))));

        assertThat(change.moved()).isEqualTo(5);
    }

    @Test
    void another_cohort_reshuffles_all_users_of_a_split_route() {
        RouteChange change = only(plan(
                table(READS + "25%"), table(READS + "25%, cohort: x"), id -> route(id, seen(1, 2, 3, 4, 5, 6, 7, 8))));

        assertThat(change.reshuffle()).contains("cohort modern -> x");
        assertThat(change.moves()).isEmpty();
        assertThat(change.expected())
                .as("a quarter out, a quarter in: 2 x 0.25 x 0.75 of 8")
                .isEqualTo(3);
    }

    @Test
    void another_cohort_moves_nobody_where_all_are_on_one_side() {
        RouteChange change =
                only(plan(table(READS + "0%"), table(READS + "0%, cohort: x"), id -> route(id, seen(1, 2, 3))));

        assertThat(change.reshuffle()).isEmpty();
        assertThat(change.moved() + change.expected()).isZero();
    }

    @Test
    void a_flag_that_lies_over_the_files_canary_is_named() {
        Flags flags = Flags.NONE.with(
                "t",
                RouteFlags.NONE.withCanary(
                        Optional.of(new Flag<>(new Share(2_500), "alice", "slowly", PlannedTables.SINCE))));

        RouteChange change = only(plan(table(READS + "10%", flags), table(READS + "30%", flags), id -> seen(1_500)));

        assertThat(change.moves()).isEmpty();
        assertThat(change.notes())
                .singleElement()
                .asString()
                .contains("flag 25% lies over it", "alice: slowly", "banyan canary clear t");
    }

    @Test
    void a_new_pilot_is_named_with_the_side_he_leaves() {
        RouteChange change = only(
                plan(table(READS + "0%"), table(READS + "0%, pilots: [ 'X-User-Id:7' ]"), id -> route(id, seen())));

        assertThat(change.pilots())
                .containsExactly(new RouteChange.PilotMove(
                        "x-user-id:7", Bucket.of("modern", "x-user-id:7"), Side.LEGACY, Side.MODERN));
    }

    @Test
    void added_and_removed_routes_say_what_cannot_be_counted() {
        String other = """
                banyan: 1
                default: rails
                upstreams: { rails: { url: "http://127.0.0.1:3000" } }
                routes: { u: { match: [ GET /u ], legacy: rails } }
                """;

        Plan plan = plan(
                table("match: [ GET /t ], legacy: rails"),
                PlannedTables.parsed(other, Flags.NONE),
                id -> id.equals("t") ? others(new Decided(Side.LEGACY, Reason.LEGACY_ONLY, true, 9)) : seen());

        assertThat(plan.routes())
                .extracting(RouteChange::id, RouteChange::kind)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("t", RouteChange.Kind.REMOVED),
                        org.assertj.core.groups.Tuple.tuple("u", RouteChange.Kind.ADDED));
        assertThat(plan.routes().get(0).counted().requests()).isEqualTo(9);
        assertThat(plan.routes().get(0).notes().get(0)).contains("else to rails, the default");
    }

    @Test
    void another_default_moves_all_that_no_route_matches() {
        String file = """
                banyan: 1
                default: %s
                upstreams: { rails: { url: "http://127.0.0.1:3000" }, other: { url: "http://127.0.0.1:3001" } }
                """;

        Plan plan = plan(
                PlannedTables.parsed(file.formatted("rails"), Flags.NONE),
                PlannedTables.parsed(file.formatted("other"), Flags.NONE),
                id -> others(
                        new Decided(Side.LEGACY, Reason.DEFAULT, true, 5),
                        new Decided(Side.LEGACY, Reason.DEFAULT, false, 2)));

        RouteChange change = only(plan);
        assertThat(change.id()).isEqualTo("default");
        assertThat(change.moved()).isEqualTo(7);
        assertThat(change.movedUnsafe()).isEqualTo(2);
        assertThat(plan.requests()).isEqualTo(7);
    }

    @Test
    void what_would_be_stranded_stands_with_its_route() {
        String route = "match: [ GET /t, POST /t ], legacy: rails, modern: modern, writes: modern, canary: ";

        RouteChange change = only(plan(
                table(route + "100%"),
                table(route + "50%"),
                id -> route(id, seen()),
                new TreeMap<>(Map.of("t", "readers would go to legacy"))));

        assertThat(change.strands()).contains("readers would go to legacy");
    }

    @Test
    void what_all_is_compared_with_is_not_cut_short_by_a_route_that_was_counted_anew() {
        Recent late = new Recent(PlannedTables.SINCE.plusSeconds(600), ByBucket.NONE, ByBucket.NONE, List.of());

        Plan plan = plan(table(READS + "10%"), table(READS + "30%"), id -> id.equals("t") ? late : seen(1, 2));

        assertThat(plan.since()).isEqualTo(PlannedTables.SINCE);
        assertThat(only(plan).counted().since()).isEqualTo(late.since());
        assertThat(plan.requests()).isEqualTo(2);
    }

    @Test
    void the_same_table_changes_nothing() {
        Plan plan = plan(table(READS + "10%"), table(READS + "10%"), id -> seen(1));

        assertThat(plan.changesAnything()).isFalse();
    }

    private static Recent route(String id, Recent recent) {
        return id.equals("t") ? recent : Recent.none(PlannedTables.SINCE);
    }

    private static RouteChange only(Plan plan) {
        assertThat(plan.routes()).hasSize(1);
        return plan.routes().get(0);
    }
}
