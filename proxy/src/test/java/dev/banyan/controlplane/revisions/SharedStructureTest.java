package dev.banyan.controlplane.revisions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.RouteInForce;
import dev.banyan.routing.RoutingTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A change makes anew what it changes; everything else is the same object in both tables, so that nobody has to look at it. */
class SharedStructureTest {
    private static final int ROUTES = 300;

    private static String[] routes(int canaryOfFirst) {
        List<String> routes = new ArrayList<>();
        for (int i = 0; i < ROUTES; i++) {
            routes.add("route r%d match=GET+POST:/r%d legacy=rails modern=modern writes=legacy canary=%d"
                    .formatted(i, i, i == 0 ? canaryOfFirst : 5));
        }
        return routes.toArray(String[]::new);
    }

    /** Ids of the routes that are another object in the table that is in force now. */
    private static List<String> madeAnew(RoutingTable before, TestHistory history) {
        Set<RouteInForce> were = Collections.newSetFromMap(new IdentityHashMap<>());
        were.addAll(before.routes().values());
        RoutingTable after = history.publisher.current().table();
        return after.routes().values().stream()
                .filter(route -> !were.contains(route))
                .map(RouteInForce::id)
                .toList();
    }

    @Test
    void a_flag_makes_one_route_anew_and_leaves_the_base() {
        try (TestHistory history = TestHistory.of(routes(5))) {
            RoutingTable before = history.publisher.current().table();

            history.canary("r7", "30");

            assertThat(madeAnew(before, history)).containsExactly("r7");
            assertThat(history.publisher.current().table().base()).isSameAs(before.base());
        }
    }

    @Test
    void a_save_makes_the_routes_anew_that_it_changes() {
        try (TestHistory history = TestHistory.of(routes(5))) {
            RoutingTable before = history.publisher.current().table();

            history.saveRoutes(routes(6));

            assertThat(madeAnew(before, history)).containsExactly("r0");
            assertThat(history.publisher.current().table().base().upstreams().get("modern"))
                    .isSameAs(before.base().upstreams().get("modern"));
        }
    }

    @Test
    void a_freeze_of_everything_makes_all_anew_and_its_end_too() {
        try (TestHistory history = TestHistory.of(routes(5))) {
            RoutingTable before = history.publisher.current().table();

            history.freezeEverything(false);
            assertThat(madeAnew(before, history)).hasSize(ROUTES);
            history.thawEverything();

            assertThat(history.publisher.current().table()).isEqualTo(before.numbered(3));
        }
    }

    @Test
    void a_rollback_of_one_route_makes_that_one_anew() {
        try (TestHistory history = TestHistory.of(routes(5))) {
            history.canary("r7", "30");
            history.canary("r9", "40");
            RoutingTable before = history.publisher.current().table();

            history.rollback(1, "r7");

            assertThat(madeAnew(before, history)).containsExactly("r7");
        }
    }

    @Test
    void what_is_made_of_the_one_before_is_what_would_be_made_of_nothing() {
        try (TestHistory history = TestHistory.of(routes(5))) {
            history.canary("r7", "30");
            history.saveRoutes(routes(9));
            history.freeze("r2");
            history.rollback(2);
            history.unpin();
            history.clear("r7");

            RoutingTable table = history.publisher.current().table();
            assertThat(table).isEqualTo(RoutingTable.of(table.revision(), table.base(), table.flags()));
        }
    }
}
