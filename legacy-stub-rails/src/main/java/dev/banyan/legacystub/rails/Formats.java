package dev.banyan.legacystub.rails;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which kind of answer a request asks for: ActionDispatch::Http::MimeNegotiation. */
final class Formats {

    // A list with */* in it comes from a browser, and Rails does not believe it.
    private static final Pattern LIKE_A_BROWSER = Pattern.compile(",\\s*\\*/\\*|\\*/\\*\\s*,");

    private Formats() {}

    /** Whether the error page is JSON: by Accept, else by the path's suffix. Curl's {@code * / *} gets HTML. */
    static boolean wantsJson(RailsRequest request, RailsPath path) {
        String accept = believed(request);
        return accept != null ? MediaTypes.isJson(preferred(accept)) : "json".equals(path.format());
    }

    /** For an action, where the suffix comes before Accept. */
    static boolean actionWantsJson(RailsRequest request, RailsPath path) {
        return path.format() != null ? path.format().equals("json") : wantsJson(request, path);
    }

    /** {@code should_apply_vary_header?}: the answer may depend on Accept only if Accept was looked at. */
    static boolean variesByAccept(RailsRequest request, RailsPath path) {
        return believed(request) != null && path.format() == null;
    }

    private static @Nullable String believed(RailsRequest request) {
        String accept = request.header("Accept");
        return accept == null
                        || accept.isBlank()
                        || LIKE_A_BROWSER.matcher(accept).find()
                ? null
                : accept;
    }

    /** The first of the highest q. */
    private static String preferred(String accept) {
        String best = "";
        double bestQuality = -1;
        for (String range : accept.split(",", -1)) {
            double quality = quality(range);
            if (quality > bestQuality) {
                best = MediaTypes.bare(range);
                bestQuality = quality;
            }
        }
        return best;
    }

    private static double quality(String range) {
        int at = range.indexOf("q=");
        if (at < 0) {
            return 1;
        }
        try {
            return Double.parseDouble(range.substring(at + 2).strip());
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
