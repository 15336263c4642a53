package dev.banyan.legacystub.faults;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * What shall go wrong under some paths.
 *
 * @param path {@code *} or {@code {id}} is one segment, {@code **} the rest
 * @param latency added to every answer
 * @param errorShare of the requests answered with {@code status} instead of by an action, 0 to 1
 * @param resetShare of the requests whose connection is reset, 0 to 1
 */
record FaultRule(String path, Pattern pattern, Duration latency, double errorShare, int status, double resetShare) {

    static Pattern pattern(String path) {
        StringBuilder pattern = new StringBuilder();
        for (String segment : path.replaceFirst("^/", "").split("/", -1)) {
            if (segment.equals("**")) {
                pattern.append("(/.*)?");
            } else if (segment.equals("*") || (segment.startsWith("{") && segment.endsWith("}"))) {
                pattern.append("/[^/]+");
            } else {
                pattern.append('/').append(Pattern.quote(segment));
            }
        }
        return Pattern.compile(pattern.toString());
    }

    boolean covers(String requestPath) {
        return pattern.matcher(requestPath).matches();
    }
}
