package dev.banyan.legacystub.rails;

import java.util.UUID;
import java.util.regex.Pattern;

/** ActionDispatch::RequestId. */
final class RequestId {

    private static final Pattern STRANGE = Pattern.compile("[^\\w\\-@]");
    private static final int MOST = 255;

    private RequestId() {}

    /** The client's id without strange characters, at most 255 of them; a new one if nothing is left. */
    static String of(RailsRequest request) {
        String given = request.header("X-Request-Id");
        String clean = given == null ? "" : STRANGE.matcher(given).replaceAll("");
        if (clean.isEmpty()) {
            return UUID.randomUUID().toString();
        }
        return clean.length() > MOST ? clean.substring(0, MOST) : clean;
    }
}
