package dev.banyan.routing.decide;

import dev.banyan.routing.RequestView;
import dev.banyan.routing.Side;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A signed word that a request's side is to be this one, for a person who looks at modern before any user does: in the header
 * {@code X-Banyan-Side} or the cookie {@code banyan-side}. {@code 1.modern.1767225600.accounts+transactions.SIGNATURE}; {@code *} in
 * place of the ids means all routes.
 */
public final class ForcedSide {
    public static final String HEADER_NAME = "X-Banyan-Side";
    public static final String COOKIE = "banyan-side";

    /** So many fit, however long their ids of up to 64 characters are. */
    public static final int MOST_ROUTES = 10;

    static final String HEADER = HEADER_NAME.toLowerCase(Locale.ROOT);
    private static final int MAX_CHARS = 1024;
    private static final String ALL_ROUTES = "*";

    private final Signer signer;

    public ForcedSide(SigningKeys keys) {
        signer = new Signer(keys, "forced side", MAX_CHARS);
    }

    /**
     * A token to hand to a person.
     *
     * @param routeIds empty: all
     * @throws IllegalArgumentException if it names so many routes that it would be too long to be read
     */
    public String mint(Side side, Set<String> routeIds, long untilEpochSeconds) {
        String routes = routeIds.isEmpty() ? ALL_ROUTES : String.join("+", new TreeSet<>(routeIds));
        String token = signer.sign("1." + side.word() + "." + untilEpochSeconds + "." + routes);
        if (token.length() > MAX_CHARS) {
            throw new IllegalArgumentException("routeIds: " + routeIds.size()
                    + " of them (expected: a token of at most " + MAX_CHARS + " characters)");
        }
        return token;
    }

    /** The side that the request is to have; null if it brings no such word for this route that still holds. */
    @Nullable
    Side of(RequestView request, String routeId, long nowEpochSeconds) {
        String header = request.header(HEADER);
        Side side = header == null ? null : side(header, routeId, nowEpochSeconds);
        if (side != null) {
            return side;
        }
        return Cookies.first(request.cookies(), COOKIE, token -> side(token, routeId, nowEpochSeconds));
    }

    private @Nullable Side side(String token, String routeId, long nowEpochSeconds) {
        String text = signer.open(token);
        if (text == null) {
            return null;
        }
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4 || !parts[0].equals("1") || Long.parseLong(parts[2]) <= nowEpochSeconds) {
            return null;
        }
        return names(parts[3], routeId) ? Side.ofWord(parts[1]).orElse(null) : null;
    }

    private static boolean names(String routes, String routeId) {
        return routes.equals(ALL_ROUTES) || ("+" + routes + "+").contains("+" + routeId + "+");
    }
}
