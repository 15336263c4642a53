package dev.banyan.routing.decide;

import static dev.banyan.routing.Tables.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.routing.Route.Writes;
import dev.banyan.routing.Side;
import dev.banyan.routing.Tables;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replicas share signing keys, and one key takes over from another without moving anybody. */
final class SigningKeysTest {
    private static final byte[] OLD = "the old secret of thirty-two byte".getBytes(StandardCharsets.UTF_8);
    private static final byte[] NEW = "the new secret of thirty-two byte".getBytes(StandardCharsets.UTF_8);
    private static final RequestLine GET = RequestLine.parse("GET /r");
    private static final RequestLine POST = RequestLine.parse("POST /r");

    private final RouterFixture fixture = new RouterFixture();
    private final Random random = new Random(11);
    private final Router old = replica(OLD);
    private final Router addedLast = replica(OLD, NEW);
    private final Router addedFirst = replica(NEW, OLD);
    private final Router removed = replica(NEW);

    private Router replica(byte[]... secrets) {
        return replica(5_000, secrets);
    }

    private Router replica(int canaryBasisPoints, byte[]... secrets) {
        return new Router(
                Tables.rails()
                        .with(route("r", "GET,POST /r").writes(Writes.MODERN).canary(canaryBasisPoints))
                        .table(),
                new SigningKeys(List.of(secrets)),
                random);
    }

    private static String cookieOf(Decision decision) {
        assertThat(decision.setCookies()).hasSize(1);
        return RouterFixture.pair(decision.setCookies().get(0));
    }

    private static RequestLine with(RequestLine request, String cookie) {
        return request.withHeader("Cookie: " + cookie);
    }

    /** What a browser has after a first visit: anonymous, or of a user who has logged out since. */
    private String cookieFrom(Router router, String visitor) {
        return cookieOf(fixture.decide(router, visitor.isEmpty() ? GET : GET.withUser(visitor)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "anna@example.com"})
    void replicas_with_the_same_keys_read_each_others_cookies(String visitor) {
        Decision there = fixture.decide(old, with(GET, cookieFrom(old, visitor)));
        Decision here = fixture.decide(replica(OLD), with(GET, cookieFrom(old, visitor)));

        assertThat(here.stickyKey()).startsWith(visitor.isEmpty() ? "cookie:" : "user:" + visitor);
        assertThat(here.setCookies()).isEmpty();
        assertThat(there.setCookies()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "anna@example.com"})
    void through_all_steps_of_a_rotation_a_visitor_stays_who_it_was(String visitor) {
        String first = cookieFrom(old, visitor);
        String stickyKey = fixture.decide(old, with(GET, first)).stickyKey();

        Decision added = fixture.decide(addedLast, with(GET, first));
        Decision switched = fixture.decide(addedFirst, with(GET, first));
        String renewed = cookieOf(switched);
        Decision notYetSwitched = fixture.decide(addedLast, with(GET, renewed));
        Decision again = fixture.decide(addedFirst, with(GET, renewed));
        Decision gone = fixture.decide(removed, with(GET, renewed));

        assertThat(added.setCookies()).as("the old key still signs").isEmpty();
        assertThat(renewed).isNotEqualTo(first);
        assertThat(again.setCookies()).as("once is enough").isEmpty();
        assertThat(gone.setCookies()).isEmpty();
        assertThat(List.of(added, switched, notYetSwitched, again, gone))
                .allSatisfy(decision -> assertThat(decision.stickyKey()).isEqualTo(stickyKey));
    }

    @Test
    void a_user_who_is_logged_in_gets_a_cookie_of_the_new_key_too() {
        String first = cookieFrom(old, "anna");

        String renewed = cookieOf(fixture.decide(addedFirst, with(GET.withUser("anna"), first)));

        assertThat(fixture.decide(removed, with(GET, renewed)).stickyKey()).isEqualTo("user:anna");
    }

    @Test
    void a_cookie_is_not_renewed_where_the_canary_does_not_split() {
        Decision decision = fixture.decide(replica(0, NEW, OLD), with(GET, cookieFrom(old, "")));

        assertThat(decision.stickyKey()).startsWith("cookie:");
        assertThat(decision.setCookies()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "anna@example.com"})
    void a_cookie_of_a_key_that_was_removed_is_a_strangers(String visitor) {
        String first = cookieFrom(old, visitor);

        Decision decision = fixture.decide(removed, with(GET, first));

        assertThat(decision.stickyKey())
                .startsWith("cookie:")
                .isNotEqualTo(fixture.decide(old, with(GET, first)).stickyKey());
        assertThat(cookieOf(decision)).isNotEqualTo(first);
    }

    @Test
    void a_fence_of_the_old_key_stands_and_what_is_added_to_it_is_signed_by_the_new_one() {
        RequestLine read = with(
                GET, RouterFixture.pair(String.valueOf(fixture.decide(old, POST).fenceCookie())));

        assertThat(fixture.decide(addedFirst, read).reason()).isEqualTo(Reason.FENCED);
        assertThat(fixture.decide(removed, read).reason()).isEqualTo(Reason.CANARY);

        RequestLine later = with(
                GET,
                RouterFixture.pair(
                        String.valueOf(fixture.decide(addedFirst, POST).fenceCookie())));
        assertThat(fixture.decide(removed, later).reason()).isEqualTo(Reason.FENCED);
        assertThat(fixture.decide(addedLast, later).reason()).isEqualTo(Reason.FENCED);
    }

    @Test
    void a_forced_side_holds_as_long_as_its_key_is_among_them() {
        String token = new ForcedSide(new SigningKeys(OLD)).mint(Side.MODERN, Set.of(), RouterFixture.NOW + 60);
        RequestLine forced = GET.withHeader("X-Banyan-Side: " + token);

        assertThat(fixture.decide(addedLast, forced).reason()).isEqualTo(Reason.FORCED);
        assertThat(fixture.decide(addedFirst, forced).reason()).isEqualTo(Reason.FORCED);
        assertThat(fixture.decide(removed, forced).reason()).isEqualTo(Reason.CANARY);
    }

    @Test
    void there_must_be_one_and_none_may_be_short() {
        assertThatThrownBy(() -> new SigningKeys(List.of())).hasMessage("secrets: none (expected: at least one)");
        assertThatThrownBy(() -> new SigningKeys(List.of(NEW, new byte[31])))
                .hasMessage("secret: 31 bytes (expected: >= 32)");
    }
}
