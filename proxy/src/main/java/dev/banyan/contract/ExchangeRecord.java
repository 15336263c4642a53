package dev.banyan.contract;

import dev.banyan.routing.Side;
import dev.banyan.routing.decide.Bucket;
import dev.banyan.routing.decide.Reason;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What became of one request: a value, made once, when its exchange has ended, by whatever end. Every number that is shown or judged
 * comes from these. It holds nothing that a client can make large, and no secret.
 *
 * @param requestId the client's if it sent a usable one, else ours; up to 255 characters
 * @param traceId of the {@code traceparent} that the client sent, 32 hexadecimal digits (W3C Trace Context, 3.2.2); empty: none
 * @param endedSecond seconds since 1970, up to 50 ms late
 * @param revision the one that this request saw
 * @param destination null: it was answered before it was decided
 * @param attempts in the order in which they were made, so that a modern that failed comes before the legacy that answered
 * @param status what the client got, or what is meant by a {@code grpc-status} of ours; 0: nothing
 * @param grpcStatus how the call of gRPC went; -1: it was none, or nobody can tell
 * @param tunnel whether a WebSocket was granted: how long it was used is no latency
 * @param requestBytes of the body, or what the client sent into the tunnel
 * @param answerBytes of the body, or what the client got through the tunnel
 * @param end why it did not go the usual way, in a stable word; empty if it did
 */
public record ExchangeRecord(
        String requestId,
        String traceId,
        long endedSecond,
        long revision,
        @Nullable Destination destination,
        List<AttemptRecord> attempts,
        int status,
        int grpcStatus,
        boolean tunnel,
        long requestBytes,
        long answerBytes,
        Phases phases,
        String end) {

    public ExchangeRecord {
        attempts = List.copyOf(attempts);
    }

    /** Whether it was on its way to an upstream, though it may have come to none; not if a gate or a rule answered it. */
    public boolean dispatched() {
        return destination != null && phases.dispatched() != Phases.NEVER;
    }

    /** What came of it where it was decided to go: before a fallback, and after the one replay on a stale connection. */
    public Optional<AttemptRecord> firstOutcome() {
        for (AttemptRecord attempt : attempts) {
            if (attempt.fault() != Fault.IDLENESS) {
                return Optional.of(attempt);
            }
        }
        return Optional.empty();
    }

    /**
     * Where it was to go, and who answered.
     *
     * @param route an id, or {@link dev.banyan.routing.RoutingTable#DEFAULT_ROUTE}
     * @param side which was to answer
     * @param upstream id of the upstream that was to answer
     * @param bucket 0..9999; -1: the decision did not get as far as the canary
     * @param keyHash tells users apart within this process; 0: no sticky key was needed
     * @param safe by the wire method and by the effective one
     * @param answeredBy the other side after a fallback
     * @param fallback how modern failed, where legacy was asked instead; empty: it did not
     */
    public record Destination(
            String route,
            Side side,
            String upstream,
            Reason reason,
            int bucket,
            long keyHash,
            boolean safe,
            Side answeredBy,
            String fallback) {
        /** Into how many groups the users of a cohort are split, to see how much they differ from each other. */
        public static final int GROUPS = 50;

        /** 0..49, the group of the cohort; -1: it has no bucket. */
        public int group() {
            return bucket < 0 ? -1 : bucket % GROUPS;
        }

        static {
            assert Bucket.COUNT % GROUPS == 0 : "groups of one size";
        }
    }

    /**
     * When it came how far, in nanoseconds since its head was read; {@link #NEVER}: it did not.
     *
     * @param dispatched it was decided, and joined the queue of its upstream
     * @param sent its head was given to a connection, in its first attempt
     * @param answered the head of an answer was given to the client's connection; a WebSocket was granted
     * @param ended all of the answer was, or it was cut
     */
    public record Phases(long dispatched, long sent, long answered, long ended) {
        public static final long NEVER = -1;
    }

    /** Whose doing it was that an attempt came to nothing. */
    public enum Fault {
        /** It answered, by a status that is none of failure. */
        NONE,
        UPSTREAM,
        CLIENT,
        /** Our own guard: a breaker, a full queue. */
        GUARD,
        /** A connection had rested for too long. It says nothing of the endpoint: what comes next will tell. */
        IDLENESS
    }

    /**
     * One request to one endpoint, or why none was made.
     *
     * @param endpoint {@code host:port}; empty: it came to none
     * @param outcome in a stable word: {@code answered}, {@code status-503}, {@code connect-failed}, {@code breaker-open}
     * @param status of the answer's head; 0: none came
     * @param began nanoseconds since the head of the request was read; of the first at an upstream, when it joined the queue
     * @param ended nanoseconds since the head of the request was read
     */
    public record AttemptRecord(
            Side side,
            String upstream,
            String endpoint,
            Fault fault,
            String outcome,
            int status,
            long began,
            long ended) {
        /** The outcome of one that answered, whatever the status, where legacy's answer did not take its place. */
        public static final String ANSWERED = "answered";
    }
}
