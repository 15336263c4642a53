package dev.banyan.dataplane.exchange;

import java.time.Duration;
import java.util.Optional;

/**
 * What Banyan answers by itself.
 *
 * @param reason a short stable word for logs and metrics
 * @param detail a sentence for the client: what, and what to do instead
 */
public record LocalAnswer(int status, String reason, String detail, Optional<Duration> retryAfter) {

    public static LocalAnswer of(int status, String reason, String detail) {
        return new LocalAnswer(status, reason, detail, Optional.empty());
    }

    /** 503 at once, without touching the upstream (RFC 9110, 15.6.4; Retry-After: 10.2.3). */
    public static LocalAnswer unavailable(String reason, String detail, Duration retryAfter) {
        return new LocalAnswer(503, reason, detail, Optional.of(retryAfter));
    }
}
