package dev.banyan.routing.decide;

import static dev.banyan.routing.Tables.route;
import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.Route.Writes;
import dev.banyan.routing.Side;
import dev.banyan.routing.Tables;
import dev.banyan.routing.Tables.RouteText;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WhoAnswersTest {
    private static final long NOW = RouterFixture.NOW;
    private final RouterFixture fixture = new RouterFixture();

    /**
     * Every condition of the list holds at once from its own line downwards, so each line shows that its reason beats all below it.
     */
    @ParameterizedTest(name = "{index}: {0}")
    @CsvSource({
        "no legacy,                           COMPLETE,    MODERN",
        "no modern,                           LEGACY_ONLY, LEGACY",
        "frozen with writes POST owner modern, FROZEN,     LEGACY",
        "frozen POST owner modern fence forced pilot canary, OWNER, MODERN",
        "POST owner legacy fence-modern forced pilot canary, OWNER, LEGACY",
        "frozen POST fence-modern forced pilot canary, FROZEN, LEGACY",
        "frozen fence-modern forced pilot canary, FROZEN, LEGACY",
        "suffix fence-modern forced pilot canary, FORMAT, LEGACY",
        "fence-modern forced-legacy,          FENCED,      MODERN",
        "fence-legacy forced pilot canary,    FENCED,      LEGACY",
        "forced-legacy pilot canary,          FORCED,      LEGACY",
        "forced,                              FORCED,      MODERN",
        "pilot,                               PILOT,       MODERN",
        "canary,                              CANARY,      MODERN",
        "nothing,                             CANARY,      LEGACY",
        "POST fence-modern forced-legacy,     FENCED,      MODERN",
        "POST canary,                         CANARY,      MODERN"
    })
    void the_first_that_applies_decides(String conditions, Reason reason, Side side) {
        RouteText route = route("r", "GET,POST /r").writes(Writes.EITHER);
        Tables tables = Tables.rails();
        Set<String> given = Set.of(conditions.split(" "));
        if (conditions.startsWith("no legacy")) {
            route.complete();
        }
        if (conditions.startsWith("no modern")) {
            route.legacyOnly();
        }
        if (given.contains("owner")) {
            route.writes(conditions.contains("owner modern") ? Writes.MODERN : Writes.LEGACY);
        }
        if (given.contains("frozen")) {
            tables.frozen(given.contains("with"));
        }
        if (given.contains("pilot")) {
            route.pilots("user:42");
        }
        route.canary(given.contains("canary") ? 10_000 : 0);
        String method = given.contains("POST") ? "POST" : "GET";
        RequestLine request = RequestLine.parse(method + " /r" + (given.contains("suffix") ? ".pdf" : ""))
                .withUser("42");
        Router router = fixture.router(tables.with(route));
        if (conditions.contains("fence-")) {
            request = fixture.fenced(request, router, conditions.contains("fence-modern") ? Side.MODERN : Side.LEGACY);
        }
        if (conditions.contains("forced")) {
            Side forced = conditions.contains("forced-legacy") ? Side.LEGACY : Side.MODERN;
            request =
                    request.withHeader("X-Banyan-Side: " + fixture.forcedSide().mint(forced, Set.of("r"), NOW + 60));
        }

        Decision decision = fixture.decide(router, request);

        assertThat(decision.reason()).isEqualTo(reason);
        assertThat(decision.side()).isEqualTo(side);
        assertThat(decision.upstream()).isEqualTo(side == Side.LEGACY ? "rails" : "modern");
    }

    @Test
    void what_matches_no_route_goes_to_the_default_as_it_came() {
        Router router = fixture.router(Tables.rails().with(route("r", "GET /r")));

        Decision decision = fixture.decide(router, RequestLine.parse("GET /go/https://x//y"));

        assertThat(decision.reason()).isEqualTo(Reason.DEFAULT);
        assertThat(decision.routeId()).isEqualTo("default");
        assertThat(decision.sent().path()).isEqualTo("/go/https://x//y");
        assertThat(decision.side()).isEqualTo(Side.LEGACY);
    }
}
