package dev.banyan.routing.decide;

import static dev.banyan.routing.Tables.route;
import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.Route.Writes;
import dev.banyan.routing.Side;
import dev.banyan.routing.Tables;
import dev.banyan.routing.decide.FenceCookie.Fence;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FenceTest {
    private static final long NOW = RouterFixture.NOW;
    private static final RequestLine GET = RequestLine.parse("GET /r");
    private static final RequestLine POST = RequestLine.parse("POST /r");
    private final RouterFixture fixture = new RouterFixture();
    private final Router owned = fixture.router(Tables.rails()
            .with(
                    route("r", "GET,POST /r").writes(Writes.MODERN).fence(Duration.ofMillis(9_500)),
                    route("s", "GET /s"),
                    route("other", "GET /other").cohort("other").canary(10_000)));

    @Test
    void reads_follow_the_write_for_as_long_as_the_fence_stands() {
        Decision write = fixture.decide(owned, POST);
        RequestLine read = GET.withHeader("Cookie: " + RouterFixture.pair(String.valueOf(write.fenceCookie())));

        assertThat(write.fenceCookie()).endsWith("; Max-Age=10; Path=/; HttpOnly; SameSite=Lax");
        assertThat(fixture.decide(owned, read, NOW + 9).reason()).isEqualTo(Reason.FENCED);
        assertThat(fixture.decide(owned, read, NOW + 9).side()).isEqualTo(Side.MODERN);
        assertThat(fixture.decide(owned, read, NOW + 9).split()).isTrue();
        assertThat(fixture.decide(owned, read, NOW + 10).reason()).isEqualTo(Reason.CANARY);
    }

    @Test
    void it_fences_all_routes_of_the_cohort_and_no_others() {
        String cookie = "Cookie: "
                + RouterFixture.pair(String.valueOf(fixture.decide(owned, POST).fenceCookie()));

        assertThat(fixture.decide(owned, RequestLine.parse("GET /s").withHeader(cookie))
                        .reason())
                .isEqualTo(Reason.FENCED);
        assertThat(fixture.decide(owned, RequestLine.parse("GET /other").withHeader(cookie))
                        .reason())
                .isEqualTo(Reason.CANARY);
    }

    @Test
    void a_safe_request_sets_none() {
        assertThat(fixture.decide(owned, GET).fenceCookie()).isNull();
    }

    @Test
    void nor_does_a_route_with_one_side_or_with_the_fence_off() {
        Router router = fixture.router(Tables.rails()
                .with(
                        route("a", "/a").writes(Writes.MODERN).complete(),
                        route("b", "/b").writes(Writes.LEGACY).legacyOnly(),
                        route("c", "/c").writes(Writes.LEGACY).fence(Duration.ZERO)));

        for (String path : new String[] {"/a", "/b", "/c", "/d"}) {
            assertThat(fixture.decide(router, RequestLine.parse("POST " + path)).fenceCookie())
                    .isNull();
        }
    }

    @Test
    void the_fence_says_where_the_write_went_and_not_where_the_canary_would_send_it() {
        Router router = fixture.router(Tables.rails()
                .with(route("r", "GET,POST /r").writes(Writes.LEGACY).canary(10_000)));
        String cookie = "Cookie: "
                + RouterFixture.pair(String.valueOf(fixture.decide(router, POST).fenceCookie()));

        assertThat(fixture.decide(router, GET.withHeader(cookie)).side()).isEqualTo(Side.LEGACY);
    }

    @Test
    void a_write_by_fallback_can_be_fenced_to_the_other_side() {
        String cookie = "Cookie: " + RouterFixture.pair(String.valueOf(owned.fenceCookie("r", Side.LEGACY, POST, NOW)));

        assertThat(fixture.decide(owned, GET.withHeader(cookie)).side()).isEqualTo(Side.LEGACY);
    }

    @Test
    void the_latest_fences_of_many_cohorts_share_one_cookie_of_bounded_size() {
        FenceCookie fences = new FenceCookie(fixture.keys());
        String cookies = "";
        for (int i = 0; i < 20; i++) {
            Fence fence = new Fence(FenceCookie.tagOf("cohort" + i), Side.MODERN, NOW + 10 + i);
            cookies = RouterFixture.pair(fences.adding(fence, cookies, NOW, false));
        }

        assertThat(cookies).hasSizeLessThan(400);
        assertThat(fences.sideOf(FenceCookie.tagOf("cohort19"), cookies, NOW)).isEqualTo(Side.MODERN);
        assertThat(fences.sideOf(FenceCookie.tagOf("cohort12"), cookies, NOW)).isEqualTo(Side.MODERN);
        assertThat(fences.sideOf(FenceCookie.tagOf("cohort11"), cookies, NOW)).isNull();
    }

    @Test
    void a_later_write_moves_the_fence_and_what_has_expired_is_dropped() {
        FenceCookie fences = new FenceCookie(fixture.keys());
        String one = FenceCookie.tagOf("one");
        String two = FenceCookie.tagOf("two");
        String first = RouterFixture.pair(fences.adding(new Fence(one, Side.LEGACY, NOW + 5), null, NOW, false));
        String second = RouterFixture.pair(fences.adding(new Fence(two, Side.LEGACY, NOW + 15), first, NOW + 5, false));
        String third = RouterFixture.pair(fences.adding(new Fence(two, Side.MODERN, NOW + 16), second, NOW + 6, false));

        assertThat(second).hasSameSizeAs(first);
        assertThat(fences.sideOf(one, second, NOW + 4)).isNull();
        assertThat(fences.sideOf(two, third, NOW + 15)).isEqualTo(Side.MODERN);
    }
}
