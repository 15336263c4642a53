package dev.banyan.dataplane.forward;

import dev.banyan.dataplane.exchange.Exchange;
import dev.banyan.dataplane.message.Ascii;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** How long a client of gRPC waits for the whole of its call: at most eight digits, and a unit. */
final class GrpcTimeout {
    private static final byte[] NAME = Ascii.bytes("grpc-timeout");
    private static final int MOST_DIGITS = 8;

    private GrpcTimeout() {}

    /** Empty where none is said, or none that can be read: then the upstream's own settings are all there is. */
    static Optional<Duration> of(Exchange exchange) {
        String said = exchange.isCall() ? exchange.head().joined(NAME, ",") : null;
        return said == null ? Optional.empty() : parsed(said);
    }

    static Optional<Duration> parsed(String said) {
        int digits = said.length() - 1;
        if (digits < 1 || digits > MOST_DIGITS) {
            return Optional.empty();
        }
        for (int i = 0; i < digits; i++) {
            if (said.charAt(i) < '0' || said.charAt(i) > '9') {
                return Optional.empty();
            }
        }
        long amount = Long.parseLong(said, 0, digits, 10);
        return switch (said.charAt(digits)) {
            case 'H' -> Optional.of(Duration.ofHours(amount));
            case 'M' -> Optional.of(Duration.ofMinutes(amount));
            case 'S' -> Optional.of(Duration.ofSeconds(amount));
            case 'm' -> Optional.of(Duration.ofMillis(amount));
            case 'u' -> Optional.of(Duration.of(amount, ChronoUnit.MICROS));
            case 'n' -> Optional.of(Duration.ofNanos(amount));
            default -> Optional.empty();
        };
    }
}
