package dev.banyan.routing.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.Side;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class OwnCookiesTest {

    @Test
    void ours_are_left_out_and_the_others_stay_as_they_are() {
        assertThat(OwnCookies.without("banyan=1; a=1;  b=\"x;y\"; banyan-fence=2; c; banyan-side=3"))
                .isEqualTo("a=1;  b=\"x;y\"; c");
        assertThat(OwnCookies.without("banyan=1")).isEmpty();
        assertThat(OwnCookies.without(" banyan = 1 ;a=1")).isEqualTo("a=1");
    }

    @Test
    void what_only_looks_like_ours_stays() {
        for (String cookies :
                new String[] {"a=banyan=1", "xbanyan=1; Banyan=2", "banyan-other=1", "banyan", "", ";;", "a=1;"}) {
            assertThat(OwnCookies.without(cookies)).isSameAs(cookies);
        }
    }

    @Test
    void a_forced_side_for_as_many_routes_as_allowed_can_be_read_however_long_their_ids_are() {
        Set<String> routes = new TreeSet<>();
        for (int i = 0; i < ForcedSide.MOST_ROUTES; i++) {
            routes.add(i + "x".repeat(63));
        }

        String token = new ForcedSide(new SigningKeys(new byte[32])).mint(Side.MODERN, routes, 9_999_999_999L);

        assertThat(token.length()).isLessThanOrEqualTo(1024);
    }
}
