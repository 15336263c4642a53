package dev.banyan.dataplane.forward;

import dev.banyan.contract.ExchangeRecord.Fault;
import dev.banyan.dataplane.exchange.UpstreamFailure;
import dev.banyan.dataplane.exchange.UpstreamFailure.Kind;
import dev.banyan.dataplane.upstream.EndpointHandle;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt failed, or why none was made: what happened, whose doing it was, and the cause in words. One that goes well needs no
 * object: its answer streams.
 */
sealed interface AttemptEnd {
    /** What happened, in a stable word for logs and metrics. */
    String word();

    /** Whose doing it was: an upstream's is held against it, the others' are not. */
    Fault fault();

    /** Whether the upstream surely saw nothing of the request, as far as this goes. */
    boolean unseen();

    /** Where; null: it came to no endpoint. */
    @Nullable
    EndpointHandle at();

    /** One that has no answer that could be passed on. */
    sealed interface Failed extends AttemptEnd {
        UpstreamFailure failure();

        @Override
        default String word() {
            return failure().kind().reason();
        }
    }

    /**
     * The upstream was not asked.
     *
     * @param retryAfter when it may be worth asking again
     */
    record NotAsked(UpstreamFailure failure, Duration retryAfter) implements Failed {
        @Override
        public Fault fault() {
            return Fault.GUARD;
        }

        @Override
        public boolean unseen() {
            return true;
        }

        @Override
        public @Nullable EndpointHandle at() {
            return null;
        }
    }

    /** No connection came about. */
    record NotConnected(UpstreamFailure failure, @Nullable EndpointHandle at) implements Failed {
        @Override
        public Fault fault() {
            return Fault.UPSTREAM;
        }

        @Override
        public boolean unseen() {
            return true;
        }
    }

    /**
     * It was sent, and no answer came of which the client was given anything: none at all, or one that was bad from the start.
     *
     * @param reused the connection had carried an exchange before, so that its peer may just have been closing it
     */
    record NotAnswered(UpstreamFailure failure, @Nullable EndpointHandle at, boolean reused) implements Failed {
        /** Most likely it met a peer that was closing it for idleness (RFC 9112, 9.3.1). */
        boolean stale() {
            return reused && failure.kind() == Kind.CLOSED_BEFORE_ANSWER;
        }

        @Override
        public Fault fault() {
            return stale() ? Fault.IDLENESS : Fault.UPSTREAM;
        }

        @Override
        public boolean unseen() {
            return failure.kind() == Kind.NOT_TAKEN;
        }
    }

    /** The client has the head of the answer; the rest does not come. */
    record BrokenOff(UpstreamFailure failure, @Nullable EndpointHandle at) implements Failed {
        @Override
        public Fault fault() {
            return Fault.UPSTREAM;
        }

        @Override
        public boolean unseen() {
            return false;
        }
    }

    /**
     * The time for all of it is over: the upstream's own, or the client's, which is no fault of the upstream.
     *
     * @param fault the guard, where the time went by in the queue
     * @param unseen nothing had been sent yet
     */
    record OutOfTime(UpstreamFailure failure, @Nullable EndpointHandle at, Fault fault, boolean unseen)
            implements Failed {}

    /** It answers, by a status that says it failed, or that the route does not take for an answer. */
    record ErrorStatus(int status, @Nullable EndpointHandle at) implements AttemptEnd {
        @Override
        public String word() {
            return "status-" + status;
        }

        @Override
        public Fault fault() {
            return Fault.UPSTREAM;
        }

        @Override
        public boolean unseen() {
            return false;
        }
    }
}
