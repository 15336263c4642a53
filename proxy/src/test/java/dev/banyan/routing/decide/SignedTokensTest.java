package dev.banyan.routing.decide;

import static dev.banyan.routing.Tables.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.routing.Side;
import dev.banyan.routing.Tables;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class SignedTokensTest {
    private static final long NOW = RouterFixture.NOW;
    private final RouterFixture fixture = new RouterFixture();
    private final StickyCookie sticky = new StickyCookie(fixture.keys());
    private final FenceCookie fence = new FenceCookie(fixture.keys());
    private final Router router = fixture.router(Tables.rails().with(route("r", "GET /r"), route("s", "GET /s")));

    private record Token(String text, Predicate<String> isTaken) {}

    private List<Token> tokens() {
        String tag = FenceCookie.tagOf("modern");
        String fenced = fence.adding(new FenceCookie.Fence(tag, Side.MODERN, NOW + 9), null, NOW, false);
        return List.of(
                new Token(sticky.newId(new Random(1)), text -> sticky.stickyKey(text) != null),
                new Token(String.valueOf(sticky.ofUser("anna@example.com")), text -> sticky.stickyKey(text) != null),
                new Token(
                        RouterFixture.pair(fenced).substring("banyan-fence=".length()),
                        text -> fence.sideOf(tag, "banyan-fence=" + text, NOW) != null),
                new Token(
                        fixture.forcedSide().mint(Side.MODERN, Set.of("r"), NOW + 60),
                        text -> decide("/r", "X-Banyan-Side: " + text).reason() == Reason.FORCED));
    }

    @Test
    void a_token_changed_in_any_bit_is_none() {
        for (Token token : tokens()) {
            assertThat(token.isTaken().test(token.text())).isTrue();
            for (int i = 0; i < token.text().length() * 7; i++) {
                char[] changed = token.text().toCharArray();
                changed[i / 7] ^= (char) (1 << (i % 7));
                assertThat(token.isTaken().test(new String(changed)))
                        .as("%s bit %d", token.text(), i)
                        .isFalse();
            }
        }
    }

    @Test
    void a_token_cut_short_or_drawn_out_is_none() {
        for (Token token : tokens()) {
            for (int i = 0; i < token.text().length(); i++) {
                assertThat(token.isTaken().test(token.text().substring(0, i))).isFalse();
            }
            assertThat(token.isTaken().test(token.text() + "A")).isFalse();
            assertThat(token.isTaken().test(token.text() + "=")).isFalse();
            assertThat(token.isTaken().test(token.text() + "A".repeat(5_000))).isFalse();
        }
    }

    @Test
    void a_token_for_one_use_is_none_for_another() {
        List<Token> tokens = tokens();
        for (Token token : tokens) {
            List<Token> others = new ArrayList<>(tokens);
            others.remove(token);
            others.removeIf(
                    other -> other.text().startsWith("1.a") || other.text().startsWith("1.u"));
            for (Token other : others) {
                assertThat(other.isTaken().test(token.text())).isFalse();
            }
        }
    }

    @Test
    void a_token_of_another_secret_is_none() {
        SigningKeys foreign = new SigningKeys("another secret of thirty-two byte".getBytes(StandardCharsets.UTF_8));
        StickyCookie theirs = new StickyCookie(foreign);

        assertThat(sticky.stickyKey(theirs.newId(new Random(1)))).isNull();
        assertThat(sticky.stickyKey(String.valueOf(theirs.ofUser("anna")))).isNull();
        String forced = new ForcedSide(foreign).mint(Side.MODERN, Set.of(), NOW + 60);
        assertThat(decide("/r", "X-Banyan-Side: " + forced).reason()).isEqualTo(Reason.CANARY);
    }

    @Property(tries = 500)
    void garbage_is_none_and_never_throws(@ForAll String garbage) {
        String cookies = "banyan=1.a" + garbage + "; banyan=1.u" + garbage + "; banyan-fence=" + garbage
                + "; banyan-side=" + garbage;
        assertThat(sticky.stickyKey("1.u" + garbage)).isNull();
        assertThat(fixture.decide(router, RequestLine.parse("GET /r").withHeader("Cookie: " + cookies))
                        .reason())
                .isEqualTo(Reason.CANARY);
    }

    @Test
    void a_forced_side_holds_for_the_routes_it_names_until_it_expires() {
        String token =
                "X-Banyan-Side: " + fixture.forcedSide().mint(Side.MODERN, new TreeSet<>(Set.of("r", "x")), NOW + 60);

        assertThat(decide("/r", token).side()).isEqualTo(Side.MODERN);
        assertThat(decide("/s", token).side()).isEqualTo(Side.LEGACY);
        RequestLine late = RequestLine.parse("GET /r").withHeader(token);
        assertThat(fixture.decide(router, late, NOW + 60).side()).isEqualTo(Side.LEGACY);
    }

    @Test
    void a_forced_side_may_hold_for_all_routes_and_come_as_a_cookie() {
        String token = "Cookie: banyan-side=" + fixture.forcedSide().mint(Side.MODERN, Set.of(), NOW + 60);

        assertThat(decide("/r", token).reason()).isEqualTo(Reason.FORCED);
        assertThat(decide("/s", token).side()).isEqualTo(Side.MODERN);
    }

    @Test
    void a_forced_side_for_too_many_routes_is_refused_when_it_is_minted() {
        Set<String> routes = new TreeSet<>();
        for (int i = 0; i < 200; i++) {
            routes.add("a-route-" + i);
        }

        assertThatThrownBy(() -> fixture.forcedSide().mint(Side.MODERN, routes, NOW))
                .hasMessageContaining("routeIds: 200");
    }

    @Test
    void a_short_secret_is_refused() {
        assertThatThrownBy(() -> new SigningKeys(new byte[31])).hasMessage("secret: 31 bytes (expected: >= 32)");
    }

    private Decision decide(String path, String header) {
        return fixture.decide(router, RequestLine.parse("GET " + path).withHeader(header));
    }
}
