package dev.banyan.controlplane.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.contract.RecentRequests.Recent;
import dev.banyan.routing.Flag;
import dev.banyan.routing.Flags;
import dev.banyan.routing.Freeze;
import dev.banyan.routing.RouteFlags;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.decide.Decision;
import dev.banyan.routing.decide.RequestLine;
import dev.banyan.routing.decide.Routed;
import dev.banyan.routing.decide.Router;
import dev.banyan.routing.decide.SigningKeys;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** The plan computes what the router decides, so it is held against the router: other users than named must not move. */
class PlanNamesWhoMovesTest {

    /** A route in some state, under some flags. */
    record State(String sides, int canaryBasisPoints, String writes, String freeze) {
        RoutingTable table() {
            boolean split = sides.contains("modern:") && sides.contains("legacy:");
            String route = "match: [ GET /t, POST /t ], cohort: c, stick-by: [ 'header:X-User-Id' ], " + sides
                    + (split ? ", canary: " + canaryBasisPoints / 100.0 + "%" : "")
                    + ", writes: " + (split ? writes : sides.contains("modern:") ? "modern" : "legacy");
            return PlannedTables.table(route, flags());
        }

        private Flags flags() {
            if (freeze.equals("none")) {
                return Flags.NONE;
            }
            Freeze frozen = new Freeze(freeze.equals("with-writes"));
            return Flags.NONE.with(
                    "t",
                    RouteFlags.NONE.withFreeze(
                            Optional.of(new Flag<>(frozen, "alice", "because", PlannedTables.SINCE))));
        }
    }

    @Provide
    Arbitrary<State> states() {
        return Combinators.combine(
                        Arbitraries.of(
                                "legacy: rails, modern: modern",
                                "legacy: rails, modern: modern",
                                "legacy: rails, modern: other",
                                "legacy: rails",
                                "modern: modern"),
                        Arbitraries.integers().between(0, 10_000),
                        Arbitraries.of("either", "legacy", "modern"),
                        Arbitraries.frequency(
                                net.jqwik.api.Tuple.of(4, "none"),
                                net.jqwik.api.Tuple.of(1, "reads"),
                                net.jqwik.api.Tuple.of(1, "with-writes")))
                .as(State::new);
    }

    @Property(tries = 150)
    void exactly_the_users_whose_decision_changes_are_in_the_planned_buckets(
            @ForAll("states") State before, @ForAll("states") State after, @ForAll @Size(30) Set<Long> users) {
        RoutingTable tableBefore = before.table();
        RoutingTable tableAfter = after.table();
        Router routerBefore = router(tableBefore);
        Router routerAfter = router(tableAfter);

        Plan plan = PlannedTables.plan(tableBefore, tableAfter, id -> Recent.none(PlannedTables.SINCE));

        for (Long user : users) {
            Decision was = decision(routerBefore, user);
            Decision is = decision(routerAfter, user);
            int bucket = dev.banyan.routing.decide.Bucket.of("c", "x-user-id:" + user);
            assertThat(isPlanned(plan, bucket, was, is))
                    .as("user %d in bucket %d", user, bucket)
                    .isEqualTo(was.side() != is.side() || !was.upstream().equals(is.upstream()));
        }
    }

    private static boolean isPlanned(Plan plan, int bucket, Decision was, Decision is) {
        return plan.routes().stream()
                .flatMap(route -> route.moves().stream())
                .filter(move -> move.from().equals(new Target(was.side(), was.upstream()))
                        && move.to().equals(new Target(is.side(), is.upstream())))
                .flatMap(move -> move.buckets().stream())
                .anyMatch(range -> range.first() <= bucket && bucket <= range.last());
    }

    private static Router router(RoutingTable table) {
        return new Router(table, new SigningKeys(new byte[32]), new Random(1));
    }

    private static Decision decision(Router router, long user) {
        RequestLine request = RequestLine.parse("GET /t").withHeader("X-User-Id: " + user);
        return ((Routed.To) router.route(request, 0)).decision();
    }
}
