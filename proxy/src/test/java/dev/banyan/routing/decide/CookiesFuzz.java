package dev.banyan.routing.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.Side;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Any bytes as a client's cookies, as one cookie's value and as a header: nothing is thrown, and nothing counts that the key did not
 * sign. The corpus has what this key signs, so that what is nearly that is tried, too.
 */
public final class CookiesFuzz {
    private static final long NOW = 1_767_225_600L;
    private static final SigningKeys KEYS = new SigningKeys(new byte[SigningKeys.MIN_BYTES]);
    private static final StickyCookie STICKY = new StickyCookie(KEYS);
    private static final FenceCookie FENCE = new FenceCookie(KEYS);
    private static final ForcedSide FORCED = new ForcedSide(KEYS);
    private static final String TAG = FenceCookie.tagOf("accounts");

    private static final List<String> STICKY_IDS =
            List.of(STICKY.newId(new Random(1)), sealed("42"), sealed("Zo\u00eb"));
    private static final String FENCED = fence();
    private static final Pattern FENCE_PAIR =
            Pattern.compile(FenceCookie.NAME + "[ \t]*=[ \t]*" + Pattern.quote(FENCED));
    private static final String FORCED_SIDE = FORCED.mint(Side.MODERN, Set.of("accounts"), NOW + 60);

    private CookiesFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.ISO_8859_1);
        stickyCookie(text);
        fenceCookie(text);
        forcedSide(text);
        ownCookies(text);
    }

    /** What the key signed, to be put into the corpus. */
    static List<String> genuine() {
        return List.of(
                STICKY_IDS.get(0),
                STICKY_IDS.get(1),
                STICKY_IDS.get(2),
                FORCED_SIDE,
                "a=b; " + FenceCookie.NAME + "=" + FENCED + "; " + ForcedSide.COOKIE + "=" + FORCED_SIDE);
    }

    private static void stickyCookie(String text) {
        if (STICKY.open(text) != null) {
            assertThat(STICKY_IDS).contains(text);
        }
        assertThat(STICKY.isOf("42", text) && !text.startsWith(UserSeal.PREFIX)).isFalse();
        Cookies.first(text, StickyCookie.NAME, value -> {
            if (STICKY.open(value) != null) {
                assertThat(STICKY_IDS).contains(value);
            }
            return null;
        });
    }

    private static void fenceCookie(String text) {
        if (FENCE.sideOf(TAG, text, NOW) != null) {
            // Spaces and tabs around a name and a value are no part of them.
            assertThat(text).containsPattern(FENCE_PAIR);
        }
        String added = FENCE.adding(new FenceCookie.Fence("tag", Side.LEGACY, NOW + 5), text, NOW, true);
        assertThat(added.chars()).allMatch(c -> c >= ' ' && c < 0x7f);
        assertThat(added.length()).isLessThan(1024);
    }

    private static void forcedSide(String text) {
        RequestLine plain = RequestLine.parse("GET /accounts");
        for (RequestLine request :
                List.of(plain.withHeader("Cookie", text), plain.withHeader(ForcedSide.HEADER_NAME, text))) {
            if (FORCED.of(request, "accounts", NOW) != null) {
                assertThat(text).contains(FORCED_SIDE);
            }
            assertThat(FORCED.of(request, "others", NOW)).isNull();
            assertThat(FORCED.of(request, "accounts", NOW + 60)).isNull();
        }
    }

    /** What an upstream gets holds none that our own readers would find. */
    private static void ownCookies(String text) {
        String others = OwnCookies.without(text);
        assertThat(OwnCookies.without(others)).isEqualTo(others);
        for (String name : List.of(StickyCookie.NAME, FenceCookie.NAME, ForcedSide.COOKIE)) {
            String found = Cookies.first(others, name, value -> value);
            assertThat(found).isNull();
        }
    }

    private static String sealed(String user) {
        String value = STICKY.ofUser(user);
        assertThat(value).isNotNull();
        return String.valueOf(value);
    }

    private static String fence() {
        String set = FENCE.adding(new FenceCookie.Fence(TAG, Side.MODERN, NOW + 60), null, NOW, false);
        return set.substring(set.indexOf('=') + 1, set.indexOf(';'));
    }
}
