package dev.banyan.routing.decide;

import static dev.banyan.routing.Tables.route;
import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Tables;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A router that is made of the one before decides as one that is made of nothing. */
class RouterOfNextTableTest {
    private static final List<String> REQUESTS =
            List.of("GET /a/1", "POST /a", "GET /b/1", "PUT /b/1", "GET /c", "GET /elsewhere");

    private final SigningKeys keys = new SigningKeys(new byte[SigningKeys.MIN_BYTES]);

    private static Tables table(int canaryOfA) {
        return Tables.rails()
                .with(
                        route("a", "GET /a/{id}", "POST /a").canary(canaryOfA).with("stick-by", "[ header:X-User-Id ]"),
                        route("b", "GET /b/{id}", "PUT /b/{id}")
                                .canary(5_000)
                                .with("stick-by", "[ header:X-User-Id ]"));
    }

    private void decidesAsNew(Router router, RoutingTable table) {
        Router fresh = new Router(table, keys, new Random(1));
        for (String request : REQUESTS) {
            for (int user = 0; user < 40; user++) {
                RequestLine line = RequestLine.parse(request).withHeader("X-User-Id: " + user);
                assertThat(router.explain(line, RouterFixture.NOW).steps())
                        .as("%s by %d", request, user)
                        .isEqualTo(fresh.explain(line, RouterFixture.NOW).steps());
            }
        }
        assertThat(router.table()).isSameAs(table);
    }

    @Test
    void after_a_flag_a_freeze_a_route_more_and_one_fewer() {
        RoutingTable first = table(1_000).table();
        RoutingTable flagged = next(first, table(1_000).flagged("a", own -> own.withFreeze(Optional.empty())));
        RoutingTable lowered = next(flagged, table(0));
        RoutingTable frozen = next(lowered, table(0).frozen(true));
        RoutingTable more = next(
                frozen, table(0).with(route("c", "GET /c").canary(10_000).with("stick-by", "[ header:X-User-Id ]")));
        RoutingTable fewer = next(
                more,
                Tables.rails().with(route("c", "GET /c").canary(10_000).with("stick-by", "[ header:X-User-Id ]")));

        Router router = new Router(first, keys, new Random(1));
        decidesAsNew(router, first);
        for (RoutingTable table : List.of(flagged, lowered, frozen, more, fewer)) {
            router = router.of(table);
            decidesAsNew(router, table);
        }
    }

    private static RoutingTable next(RoutingTable before, Tables tables) {
        RoutingTable table = tables.table();
        return before.next(before.revision() + 1, table.base(), table.flags());
    }
}
