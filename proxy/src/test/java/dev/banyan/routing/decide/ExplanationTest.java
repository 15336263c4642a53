package dev.banyan.routing.decide;

import static dev.banyan.routing.Tables.header;
import static dev.banyan.routing.Tables.match;
import static dev.banyan.routing.Tables.route;
import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.Flag;
import dev.banyan.routing.RequestView.FormMethod;
import dev.banyan.routing.Route;
import dev.banyan.routing.Route.Writes;
import dev.banyan.routing.Share;
import dev.banyan.routing.StickBy;
import dev.banyan.routing.Tables;
import dev.banyan.routing.decide.Explanation.Candidate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExplanationTest {
    private final RouterFixture fixture = new RouterFixture();

    @Test
    void every_step_of_a_canary_is_told() {
        Router router = fixture.router(Tables.rails()
                .with(
                        route("transactions", "GET /api/transactions/{id}")
                                .cohort("transactions")
                                .canary(100),
                        route("beta").and(header("x-beta", "1", match("GET /api/transactions/{id}"))),
                        route("make", "POST /api/transactions/{id}").writes(Writes.LEGACY),
                        route("rest", "/api/**").writes(Writes.LEGACY))
                .flagged(
                        "transactions",
                        flags -> flags.withCanary(
                                Optional.of(new Flag<>(new Share(9_900), "ann", "more", Instant.EPOCH)))));

        Explanation explanation = explain(
                router, RequestLine.parse("GET /api//transactions/7.json").withUser("42"));

        assertThat(explanation.steps())
                .containsExactly(
                        "path: /api/transactions/7.json, normalised",
                        "method: GET",
                        "not beta, by /api/transactions/{id}: its condition on x-beta does not hold",
                        "not make, by /api/transactions/{id}: it does not cover GET",
                        "not rest, by /api/**: it is less specific",
                        "route: transactions, by /api/transactions/{id}",
                        "owner: not asked, the request is safe",
                        "freeze: none",
                        "fence: none",
                        "forced side: none",
                        "sticky key: user:42",
                        "cookie: takes the user, so that logging out changes nothing",
                        "pilot: no",
                        "bucket: 9891 of cohort transactions",
                        "canary: 99%, by a flag, which is buckets under 9900: modern",
                        "sent: GET /api/transactions/7 to modern");
        assertThat(explanation.candidates())
                .containsExactly(
                        new Candidate("beta", "GET /api/transactions/{id}", "its condition on x-beta does not hold"),
                        new Candidate("make", "POST /api/transactions/{id}", "it does not cover GET"),
                        new Candidate("rest", "/api/**", "it is less specific"));
        assertThat(explanation.outcome()).isInstanceOf(Routed.To.class);
    }

    @Test
    void a_cookie_is_named_and_never_shown() {
        Router router = fixture.router(Tables.rails().with(route("r", "GET /r").canary(5_000)));
        String cookie = RouterFixture.pair(
                fixture.decide(router, RequestLine.parse("GET /r")).setCookies().get(0));

        List<String> steps = explain(router, RequestLine.parse("GET /r").withHeader("Cookie: " + cookie))
                .steps();

        assertThat(steps).contains("sticky key: the request has no user", "sticky key: from the cookie banyan");
        assertThat(String.join("\n", steps)).doesNotContain(cookie.substring("banyan=1.a".length(), 20));
    }

    @Test
    void a_header_that_is_a_credential_is_named_and_never_shown() {
        Router router = fixture.router(
                Tables.rails().with(route("r", "GET /r").canary(5_000).stickBy(new StickBy.Header("X-Api-Key"))));

        List<String> steps = explain(router, RequestLine.parse("GET /r").withHeader("X-Api-Key: s3cret"))
                .steps();

        assertThat(steps).contains("sticky key: the header x-api-key, which is not shown");
        assertThat(String.join("\n", steps)).doesNotContain("s3cret");
    }

    @Test
    void explaining_decides_as_routing_does() {
        Router router = fixture.router(Tables.rails()
                .with(
                        route("r", "/r").canary(3_000).writes(Writes.MODERN),
                        route("s", "GET /s").complete()));

        for (String line :
                List.of("GET /r", "POST /r", "DELETE /r.xml", "GET /s.pdf", "GET /%5c", "GET /x", "OPTIONS *")) {
            RequestLine request = RequestLine.parse(line).withUser("7");
            assertThat(explain(router, request).outcome()).isEqualTo(fixture.routed(router, request));
            assertThat(explain(router, request).steps()).isNotEmpty();
        }
        RequestLine form = RequestLine.parse("POST /r").withFormMethod(new FormMethod.NotHeld());
        assertThat(explain(router, form).outcome()).isEqualTo(new Routed.NeedsForm(Route.DEFAULT_HOLD_BODY_BYTES));
    }

    @Test
    void a_freeze_is_told_with_what_it_leaves_alone() {
        Router router = fixture.router(Tables.rails()
                .with(route("r", "/r").canary(10_000).writes(Writes.MODERN))
                .frozen(false));

        assertThat(explain(router, RequestLine.parse("GET /r")).steps()).contains("frozen");
        assertThat(explain(router, RequestLine.parse("POST /r")).steps())
                .contains("owner: the request is unsafe, and modern owns the data");
    }

    private static Explanation explain(Router router, RequestLine request) {
        return router.explain(request, RouterFixture.NOW);
    }
}
