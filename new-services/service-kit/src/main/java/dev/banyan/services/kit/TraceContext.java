package dev.banyan.services.kit;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The trace a request belongs to, with a span of our own in it.
 *
 * @see <a href="https://www.w3.org/TR/trace-context/#traceparent-header">Trace Context, traceparent</a>
 */
record TraceContext(String traceId, String spanId, String flags) {

    static final String HEADER = "traceparent";

    // A later version may say more after the flags; the parts before stay what they are.
    private static final Pattern TRACEPARENT =
            Pattern.compile("(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(-.*)?");

    /** Goes on with the caller's trace; begins one if there is none, or none that can be read. */
    static TraceContext of(@Nullable String traceparent, SecureRandom random) {
        Matcher given = TRACEPARENT.matcher(traceparent == null ? "" : traceparent.strip());
        if (given.matches() && !(given.group(1).equals("00") && given.group(4) != null)) {
            return new TraceContext(given.group(2), hex(8, random), given.group(3));
        }
        return new TraceContext(hex(16, random), hex(8, random), "00");
    }

    String header() {
        return "00-" + traceId + "-" + spanId + "-" + flags;
    }

    private static String hex(int bytes, SecureRandom random) {
        byte[] id = new byte[bytes];
        random.nextBytes(id);
        return HexFormat.of().formatHex(id);
    }
}
