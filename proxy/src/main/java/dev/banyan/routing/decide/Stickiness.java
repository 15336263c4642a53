package dev.banyan.routing.decide;

import dev.banyan.routing.RequestView;
import dev.banyan.routing.StickBy;
import dev.banyan.routing.decide.StickyCookie.Found;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who a request belongs to, and hands out the cookie that remembers it.
 *
 * <p>The first source of the route's {@code stick-by} that the request has gives the key. Where the user is known, {@code cookie} gives
 * the user's key too, and the cookie takes the user (see {@link StickyCookie}). So:
 *
 * <ul>
 *   <li>anonymous, then logged in: from the cookie's own bucket to the user's: one move at most, and none for a browser that was logged
 *       in with that user before;
 *   <li>logged out, or a session that expired: the cookie still stands for the user: no move;
 *   <li>logged in again, here or on another device: the user's key again: no move;
 *   <li>another user in the same browser: that user's key, and the cookie changes hands.
 * </ul>
 *
 * <p>A cookie is made only where it decides something: where the canary is above 0% and below 100% and not frozen, and for a user who is
 * a pilot. Elsewhere everybody goes to one side, so a cookie would help nobody and keep shared caches from storing the answer; the
 * first request after the canary moves gets one and is decided by it. One that the client has is read everywhere.
 */
final class Stickiness {
    /** Names of headers, in lower case, whose values an explanation must not repeat. */
    private static final Pattern CREDENTIAL = Pattern.compile("auth|cookie|token|secret|key|session");

    private static final long MAX_AGE_SECONDS = Duration.ofDays(365).toSeconds();

    private final StickyCookie cookie;
    private final RandomGenerator random;

    /** A request for itself needs chance, and no secret: one generator per thread, since a secure source is slow and has a lock. */
    private final ThreadLocal<RandomGenerator> chance;

    Stickiness(SigningKeys keys, RandomGenerator random) {
        this.cookie = new StickyCookie(keys);
        this.random = random;
        this.chance = ThreadLocal.withInitial(() -> new SplittableRandom(random.nextLong()));
    }

    /**
     * Who it is.
     *
     * @param key null: nobody can tell
     * @param setCookie the whole Set-Cookie value that the answer must bring along; null: none
     */
    record Sticky(@Nullable String key, @Nullable String setCookie) {
        private static final Sticky NOBODY = new Sticky(null, null);

        static Sticky of(String key) {
            return new Sticky(key, null);
        }
    }

    Sticky of(RequestView request, RoutePlan plan, Steps steps) {
        for (StickBy source : plan.stickBy()) {
            Sticky sticky = from(source, request, plan, steps);
            if (sticky != null) {
                return sticky;
            }
            steps.tell("sticky key: the request has no %s", source);
        }
        steps.tell("sticky key: none");
        return Sticky.NOBODY;
    }

    /** Who it is as far as the request says so itself; null: nobody can tell. Makes no cookie and no key. */
    @Nullable
    String known(RequestView request, RoutePlan plan) {
        for (StickBy source : plan.stickBy()) {
            String key = known(source, request);
            if (key != null) {
                return key;
            }
        }
        return null;
    }

    private @Nullable String known(StickBy source, RequestView request) {
        String user = request.user();
        if (source instanceof StickBy.Header header) {
            String value = request.header(header.name());
            return value == null || value.isEmpty() ? null : StickyKey.ofHeader(header.name(), value);
        }
        if (source instanceof StickBy.Ip) {
            return StickyKey.ofIp(request.clientAddress());
        }
        if (user != null && (source instanceof StickBy.User || source instanceof StickBy.Cookie)) {
            return StickyKey.ofUser(user);
        }
        return source instanceof StickBy.Cookie
                ? Cookies.first(request.cookies(), StickyCookie.NAME, cookie::stickyKey)
                : null;
    }

    private @Nullable Sticky from(StickBy source, RequestView request, RoutePlan plan, Steps steps) {
        String user = request.user();
        if (source instanceof StickBy.User) {
            return user == null ? null : ofUser(user, request, plan, steps);
        }
        if (source instanceof StickBy.Cookie) {
            return user == null ? ofCookie(request, plan, steps) : ofUser(user, request, plan, steps);
        }
        if (source instanceof StickBy.Header header) {
            String value = request.header(header.name());
            return value == null || value.isEmpty() ? null : ofHeader(header.name(), value, steps);
        }
        if (source instanceof StickBy.Ip) {
            return told(StickyKey.ofIp(request.clientAddress()), steps);
        }
        steps.tell("sticky key: every request for itself");
        return Sticky.of(
                StickyKey.ofRequest(HexFormat.of().toHexDigits(chance.get().nextLong())));
    }

    private static Sticky ofHeader(String name, String value, Steps steps) {
        if (!steps.areHeard() || !CREDENTIAL.matcher(name).find()) {
            return told(StickyKey.ofHeader(name, value), steps);
        }
        steps.tell("sticky key: the header %s, which is not shown", name);
        return Sticky.of(StickyKey.ofHeader(name, value));
    }

    private static Sticky told(String key, Steps steps) {
        steps.tell("sticky key: %s", key);
        return Sticky.of(key);
    }

    private Sticky ofUser(String user, RequestView request, RoutePlan plan, Steps steps) {
        String key = StickyKey.ofUser(user);
        steps.tell("sticky key: %s", key);
        if (!plan.sticksByCookie || !(plan.isSplitByCanary() || (plan.isSplit() && plan.pilots.contains(key)))) {
            return Sticky.of(key);
        }
        String value = hasCookieOf(user, request) ? null : cookie.ofUser(user);
        if (value == null) {
            return Sticky.of(key);
        }
        steps.tell("cookie: takes the user, so that logging out changes nothing");
        return new Sticky(key, set(value, request));
    }

    private boolean hasCookieOf(String user, RequestView request) {
        Boolean found = Cookies.first(
                request.cookies(), StickyCookie.NAME, value -> cookie.isOf(user, value) ? Boolean.TRUE : null);
        return found != null;
    }

    private Sticky ofCookie(RequestView request, RoutePlan plan, Steps steps) {
        Found found = Cookies.first(request.cookies(), StickyCookie.NAME, cookie::open);
        if (found != null) {
            steps.tell("sticky key: from the cookie %s", StickyCookie.NAME);
            return kept(found, request, plan, steps);
        }
        if (!plan.isSplitByCanary()) {
            steps.tell("sticky key: none; the cookie %s is made only while the canary splits", StickyCookie.NAME);
            return Sticky.NOBODY;
        }
        String value = cookie.newId(random);
        steps.tell("sticky key: from a new cookie %s, which decides already now", StickyCookie.NAME);
        return new Sticky(Objects.requireNonNull(cookie.open(value)).stickyKey(), set(value, request));
    }

    /** One of a key that signs no more is handed out again, so that nobody is a stranger once that key is gone. */
    private static Sticky kept(Found found, RequestView request, RoutePlan plan, Steps steps) {
        if (found.renewed() == null || !plan.isSplitByCanary()) {
            return Sticky.of(found.stickyKey());
        }
        steps.tell("cookie: signed anew, by the key that signs now");
        return new Sticky(found.stickyKey(), set(found.renewed(), request));
    }

    private static String set(String value, RequestView request) {
        return Cookies.set(StickyCookie.NAME, value, MAX_AGE_SECONDS, request.tls());
    }
}
