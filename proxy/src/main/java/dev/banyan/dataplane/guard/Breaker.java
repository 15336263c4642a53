package dev.banyan.dataplane.guard;

import dev.banyan.routing.Upstream;
import dev.banyan.routing.Words;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.circuitbreaker.event.CircuitBreakerOnStateTransitionEvent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/**
 * Keeps requests away from an upstream that mostly fails. It counts attempts; one whose client went away says nothing of the upstream
 * and is given back uncounted, or a half-open breaker would wait for its result for ever.
 */
public final class Breaker {
    /** How many attempts decide, after the time of rest, whether it closes again. */
    private static final int TRIALS = 10;

    private final CircuitBreaker breaker;
    private final int window;

    /**
     * Successes since the last failure or change of state, up to the window's size: then the window holds nothing else, and one more
     * success changes nothing in it. So a healthy upstream costs its requests neither the window's lock nor an event each.
     */
    private final AtomicInteger unbroken = new AtomicInteger();

    // Written by the loop that opens it, read by those whose requests are turned away.
    private volatile long openUntilNanos;

    /**
     * Closed at first.
     *
     * @param changed told the words of the state before and of the new one, on the thread that brought the change about
     */
    public Breaker(String upstream, Upstream.Breaker settings, BiConsumer<String, String> changed) {
        this.window = settings.over();
        this.breaker = CircuitBreaker.of(
                upstream,
                CircuitBreakerConfig.custom()
                        .slidingWindowType(SlidingWindowType.COUNT_BASED)
                        .slidingWindowSize(settings.over())
                        .minimumNumberOfCalls(settings.over())
                        .failureRateThreshold(settings.failures().percent().floatValue())
                        .waitDurationInOpenState(settings.openFor())
                        .permittedNumberOfCallsInHalfOpenState(Math.min(TRIALS, settings.over()))
                        .writableStackTraceEnabled(false)
                        .clock(MonotonicClock.INSTANCE)
                        .build());
        breaker.getEventPublisher().onStateTransition(event -> {
            unbroken.set(0);
            CircuitBreaker.State to = event.getStateTransition().getToState();
            if (to == CircuitBreaker.State.OPEN) {
                openUntilNanos = System.nanoTime() + settings.openFor().toNanos();
            }
            changed.accept(word(from(event)), word(to));
        });
    }

    private static CircuitBreaker.State from(CircuitBreakerOnStateTransitionEvent event) {
        return event.getStateTransition().getFromState();
    }

    private static String word(CircuitBreaker.State state) {
        return Words.of(state);
    }

    /** Whether it lets all through. */
    public boolean closed() {
        return breaker.getState() == CircuitBreaker.State.CLOSED;
    }

    /** Whether an attempt may be made now; then exactly one of {@link #succeeded}, {@link #failed}, {@link #unused} must follow. */
    public boolean admits() {
        return breaker.tryAcquirePermission();
    }

    public void succeeded() {
        if (unbroken.get() < window) {
            unbroken.incrementAndGet();
            breaker.onSuccess(0, TimeUnit.NANOSECONDS);
        } else {
            breaker.releasePermission();
        }
    }

    public void failed() {
        unbroken.set(0);
        breaker.onError(0, TimeUnit.NANOSECONDS, new AttemptFailed());
    }

    /** The attempt came to no result. */
    public void unused() {
        breaker.releasePermission();
    }

    /** Whether it waits for the results of few attempts, and lets no others through. */
    public boolean halfOpen() {
        return breaker.getState() == CircuitBreaker.State.HALF_OPEN;
    }

    /** How long an open one stays so; nothing where its trials are under way, whose end nobody knows. */
    public Duration untilTrial() {
        return breaker.getState() == CircuitBreaker.State.OPEN
                ? Duration.ofNanos(Math.max(0, openUntilNanos - System.nanoTime()))
                : Duration.ZERO;
    }

    /** {@code closed}, {@code open} or {@code half-open}. */
    public String state() {
        return word(breaker.getState());
    }

    /** A failure is a failure; which one, the answer and the access log say. Without a stack trace it costs next to nothing. */
    private static final class AttemptFailed extends Exception {
        private static final long serialVersionUID = 1;

        private AttemptFailed() {
            super("attempt failed", null, false, false);
        }
    }

    /** An operator who sets the clock must not keep a breaker open for a day. */
    private static final class MonotonicClock extends Clock {
        private static final MonotonicClock INSTANCE = new MonotonicClock();

        private final long originNanos = System.nanoTime();

        @Override
        public Instant instant() {
            return Instant.EPOCH.plusNanos(System.nanoTime() - originNanos);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
