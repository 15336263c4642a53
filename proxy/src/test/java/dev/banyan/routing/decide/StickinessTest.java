package dev.banyan.routing.decide;

import static dev.banyan.routing.Tables.route;
import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.Side;
import dev.banyan.routing.StickBy;
import dev.banyan.routing.Tables;
import dev.banyan.routing.Tables.RouteText;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StickinessTest {
    private static final RequestLine GET = RequestLine.parse("GET /r");
    private final RouterFixture fixture = new RouterFixture();

    @Property(tries = 500)
    void who_is_in_at_some_share_is_in_at_every_larger_one(
            @ForAll("users") String user,
            @ForAll @IntRange(max = 10_000) int one,
            @ForAll @IntRange(max = 10_000) int other) {
        Side less = decide(route("r", "GET /r").canary(Math.min(one, other)), GET.withUser(user))
                .side();
        Side more = decide(route("r", "GET /r").canary(Math.max(one, other)), GET.withUser(user))
                .side();

        assertThat(less == Side.LEGACY || more == Side.MODERN).isTrue();
    }

    @Test
    void the_new_cookie_decides_already_the_request_that_gets_it() {
        Router router = fixture.router(Tables.rails().with(route("r", "GET /r").canary(5_000)));

        for (int i = 0; i < 200; i++) {
            Decision first = fixture.decide(router, GET);
            Decision second = fixture.decide(router, with(GET, cookieOf(first)));

            assertThat(second.side()).isEqualTo(first.side());
            assertThat(second.bucket()).isEqualTo(first.bucket()).isBetween(0, 9_999);
            assertThat(second.stickyKey()).isEqualTo(first.stickyKey()).startsWith("cookie:");
            assertThat(second.setCookies()).isEmpty();
        }
    }

    @Test
    void the_cookie_is_kept_from_scripts_and_other_sites_for_a_year() {
        Decision decision = decide(route("r", "GET /r").canary(5_000), GET);

        assertThat(decision.setCookies())
                .singleElement()
                .asString()
                .matches("banyan=1\\.a[\\w-]{22}\\.[\\w-]{22}; Max-Age=31536000; Path=/; HttpOnly; SameSite=Lax");
    }

    @Test
    void it_is_marked_secure_on_tls() {
        Decision decision = decide(route("r", "GET /r").canary(5_000), RequestLine.parse("GET https://x.test/r"));

        assertThat(decision.setCookies()).singleElement().asString().endsWith("; SameSite=Lax; Secure");
    }

    /** Anonymous, logged in, logged out, logged in again: one change of bucket at most, and that at the first login. */
    @Property(tries = 500)
    void a_login_moves_a_user_once_and_logging_out_moves_nobody(@ForAll("users") String user) {
        Router router = fixture.router(Tables.rails().with(route("r", "GET /r").canary(5_000)));

        Decision anonymous = fixture.decide(router, GET);
        Decision loggedIn =
                fixture.decide(router, with(GET, cookieOf(anonymous)).withUser(user));
        String cookie = cookieOf(loggedIn);
        Decision stillIn = fixture.decide(router, with(GET, cookie).withUser(user));
        Decision loggedOut = fixture.decide(router, with(GET, cookie));
        Decision onAnotherDevice = fixture.decide(router, GET.withUser(user));

        assertThat(loggedIn.bucket()).isEqualTo(Bucket.of("modern", "user:" + user));
        assertThat(stillIn.setCookies()).isEmpty();
        assertThat(loggedOut.setCookies()).isEmpty();
        assertThat(loggedOut.bucket()).isEqualTo(loggedIn.bucket());
        assertThat(onAnotherDevice.bucket()).isEqualTo(loggedIn.bucket());
        assertThat(cookieOf(onAnotherDevice)).isEqualTo(cookie);
    }

    @Test
    void the_cookie_changes_hands_with_another_user() {
        Router router = fixture.router(Tables.rails().with(route("r", "GET /r").canary(5_000)));

        String annas = cookieOf(fixture.decide(router, GET.withUser("anna")));
        String bobs = cookieOf(fixture.decide(router, with(GET, annas).withUser("bob")));

        assertThat(fixture.decide(router, with(GET, bobs)).stickyKey()).isEqualTo("user:bob");
    }

    @Test
    void nobody_can_read_the_user_in_the_cookie() {
        assertThat(cookieOf(decide(route("r", "GET /r").canary(1), GET.withUser("anna@example.com"))))
                .doesNotContain("anna")
                .doesNotContain("YW5uY");
    }

    @Test
    void a_pilot_stays_one_after_logging_out() {
        Router router = fixture.router(Tables.rails().with(route("r", "GET /r").pilots("user:42")));

        Decision loggedIn = fixture.decide(router, GET.withUser("42"));
        Decision loggedOut = fixture.decide(router, with(GET, cookieOf(loggedIn)));

        assertThat(loggedIn.reason()).isEqualTo(Reason.PILOT);
        assertThat(loggedOut.reason()).isEqualTo(Reason.PILOT);
    }

    @Test
    void a_user_whose_name_fits_no_cookie_gets_none() {
        Decision decision = decide(route("r", "GET /r").canary(5_000), GET.withUser("u".repeat(200)));

        assertThat(decision.setCookies()).isEmpty();
        assertThat(decision.stickyKey()).startsWith("user:uuu");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "1.a",
                "1.aAAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA",
                "1.u.",
                "1.u!.!",
                "2.a.b",
                "1.uAAAA.AAAA"
            })
    void a_foreign_cookie_is_replaced(String value) {
        Decision decision = decide(route("r", "GET /r").canary(5_000), GET.withHeader("Cookie: a=b; banyan=" + value));

        assertThat(decision.setCookies()).hasSize(1);
    }

    @Test
    void a_foreign_cookie_of_the_name_does_not_hide_our_own() {
        Router router = fixture.router(Tables.rails().with(route("r", "GET /r").canary(5_000)));
        Decision first = fixture.decide(router, GET);

        Decision second = fixture.decide(router, GET.withHeader("Cookie: banyan=evil; xbanyan=1;" + cookieOf(first)));

        assertThat(second.stickyKey()).isEqualTo(first.stickyKey());
    }

    @ParameterizedTest
    @CsvSource({"0", "10000"})
    void no_cookie_is_handed_out_where_everybody_goes_to_one_side(int canary) {
        Decision decision = decide(route("r", "GET /r").canary(canary), GET);

        assertThat(decision.setCookies()).isEmpty();
        assertThat(decision.side()).isEqualTo(canary == 0 ? Side.LEGACY : Side.MODERN);
        assertThat(decision.split()).isFalse();
    }

    @Test
    void nor_while_frozen_or_fenced_or_without_a_second_side() {
        Tables tables = Tables.rails().with(route("r", "GET /r").canary(5_000)).frozen(false);

        assertThat(fixture.decide(fixture.router(tables), GET).setCookies()).isEmpty();
        assertThat(decide(route("r", "GET /r").canary(5_000).complete(), GET).setCookies())
                .isEmpty();
        assertThat(decide(route("r", "GET /r").canary(5_000).legacyOnly(), GET).setCookies())
                .isEmpty();
    }

    @Test
    void answers_are_split_where_users_differ() {
        assertThat(decide(route("r", "GET /r").canary(1), GET).split()).isTrue();
        assertThat(decide(route("r", "GET /r").pilots("user:42"), GET).split()).isTrue();
        assertThat(decide(route("r", "GET /r").canary(1).complete(), GET).split())
                .isFalse();
    }

    @Test
    void the_first_source_that_the_request_has_is_the_key() {
        RouteText route = route("r", "GET /r")
                .canary(5_000)
                .stickBy(new StickBy.User(), new StickBy.Header("X-User-Id"), new StickBy.Ip());
        RequestLine request = GET.withClientAddress("192.0.2.7");

        assertThat(decide(route, request).stickyKey()).isEqualTo("ip:192.0.2.7");
        assertThat(decide(route, request.withHeader("x-user-id: 7")).stickyKey())
                .isEqualTo("x-user-id:7");
        assertThat(decide(route, request.withHeader("x-user-id: 7").withUser("42"))
                        .stickyKey())
                .isEqualTo("user:42");
        assertThat(decide(route, request).setCookies()).isEmpty();
    }

    @Test
    void a_header_pilot_is_known_in_any_case_of_its_name() {
        RouteText route =
                route("r", "GET /r").stickBy(new StickBy.Header("X-User-Id")).pilots("X-USER-ID:7");

        assertThat(decide(route, GET.withHeader("x-user-id: 7")).reason()).isEqualTo(Reason.PILOT);
        assertThat(decide(route, GET.withHeader("x-user-id: 8")).reason()).isEqualTo(Reason.CANARY);
    }

    @Test
    void a_header_called_user_is_no_user() {
        RouteText route =
                route("r", "GET /r").stickBy(new StickBy.Header("User")).pilots("user:42");

        assertThat(decide(route, GET.withHeader("User: 42")).reason()).isEqualTo(Reason.CANARY);
    }

    @Test
    void whom_nobody_can_tell_stays_with_legacy_until_the_canary_is_whole() {
        RouteText route = route("r", "GET /r").stickBy(new StickBy.User());

        assertThat(decide(route.canary(9_999), GET).side()).isEqualTo(Side.LEGACY);
        assertThat(decide(route.canary(9_999), GET).bucket()).isEqualTo(-1);
        assertThat(decide(route.canary(10_000), GET).side()).isEqualTo(Side.MODERN);
    }

    @Test
    void every_request_for_itself_is_spread_by_the_share() {
        Router router = fixture.router(
                Tables.rails().with(route("r", "GET /r").canary(5_000).stickBy(new StickBy.Request())));

        int modern = 0;
        for (int i = 0; i < 1_000; i++) {
            modern += fixture.decide(router, GET).side() == Side.MODERN ? 1 : 0;
        }

        assertThat(modern).isBetween(437, 563);
    }

    @Test
    void routes_of_one_cohort_move_the_same_users() {
        Router router = fixture.router(Tables.rails()
                .with(
                        route("r", "GET /r").canary(5_000).cohort("money"),
                        route("s", "GET /s").canary(5_000).cohort("money").stickBy(new StickBy.Cookie())));

        for (int user = 0; user < 100; user++) {
            String name = String.valueOf(user);
            assertThat(fixture.decide(router, RequestLine.parse("GET /s").withUser(name))
                            .side())
                    .isEqualTo(fixture.decide(router, GET.withUser(name)).side());
        }
    }

    private Decision decide(RouteText route, RequestLine request) {
        return fixture.decide(fixture.router(Tables.rails().with(route)), request);
    }

    private static RequestLine with(RequestLine request, String cookie) {
        return request.withHeader("Cookie: session=x; " + cookie);
    }

    private static String cookieOf(Decision decision) {
        return RouterFixture.pair(decision.setCookies().get(0));
    }

    @Provide
    Arbitrary<String> users() {
        return Arbitraries.oneOf(
                Arbitraries.integers().greaterOrEqual(0).map(String::valueOf),
                Arbitraries.strings()
                        .withCharRange('a', 'z')
                        .withChars("@.-_ \u00e9\u20ac")
                        .ofMinLength(1)
                        .ofMaxLength(60));
    }
}
