package dev.banyan.controlplane.revisions;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/** What modern took since it owns a route's data, and legacy therefore knows nothing of. */
@FunctionalInterface
public interface TakenByModern {
    /** Where nobody counts. */
    TakenByModern UNCOUNTED = route -> Optional.empty();

    /** Never blocks. Empty: modern does not own the route's data, or nobody counts. */
    Optional<Taken> of(String route);

    /**
     * What a person has to weigh before readers no longer see it.
     *
     * @param writes unsafe requests that were sent to modern, whatever came of them
     * @param ofNobody how many of them told nothing by which users could be told apart
     * @param users who sent the others; an estimate, right within a few percent
     * @param exact false: a stop that was not clean may have lost the last of them, so there are at least so many writes
     * @param sinceRevision the first in which modern owned the data, as far as is known
     */
    record Taken(long writes, long ofNobody, long users, boolean exact, long sinceRevision, Instant since) {

        /** {@code 340 writes of about 12 users since revision 42 (2026-03-01T12:00:00Z)}. */
        public String words() {
            return "%s%s of about %s%s since revision %d (%s)%s"
                    .formatted(
                            exact ? "" : "at least ",
                            counted(writes, "write"),
                            counted(users, "user"),
                            ofNobody == 0 ? "" : ", " + grouped(ofNobody) + " of them of users nobody can tell apart,",
                            sinceRevision,
                            since.truncatedTo(ChronoUnit.SECONDS),
                            exact ? "" : "; the proxy was killed meanwhile, and its last count may be missing");
        }

        private static String counted(long number, String what) {
            return grouped(number) + " " + what + (number == 1 ? "" : "s");
        }

        private static String grouped(long number) {
            return String.format(Locale.ROOT, "%,d", number);
        }
    }
}
