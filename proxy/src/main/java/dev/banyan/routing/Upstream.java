package dev.banyan.routing;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A named group of endpoints that answer, and how to treat them. All keys with their defaults filled in. */
public record Upstream(
        String id,
        Address address,
        Protocol protocol,
        Tls tls,
        Balance balance,
        Timeouts timeouts,
        Duration keepAlive,
        Limits limits,
        Retries retries,
        Breaker breaker,
        Optional<Health> health,
        Outlier outlier) {

    /** The same, looked after by nobody. */
    public Upstream withoutHealth() {
        return new Upstream(
                id,
                address,
                protocol,
                tls,
                balance,
                timeouts,
                keepAlive,
                limits,
                retries,
                breaker,
                Optional.empty(),
                outlier);
    }

    /** Where its endpoints come from. */
    public sealed interface Address {}

    /** Fixed endpoints, from {@code url} or {@code endpoints}; at least one. */
    public record Fixed(List<Endpoint> endpoints) implements Address {
        public Fixed {
            endpoints = List.copyOf(endpoints);
        }
    }

    /** A name that is resolved again and again; every address it gives is an endpoint. */
    public record Dns(Endpoint name) implements Address {}

    public enum Protocol {
        HTTP1,
        H2C,
        H2
    }

    public enum Balance {
        /** The one of two random endpoints with fewer requests under way. */
        LEAST_REQUESTS,
        ROUND_ROBIN,
        /** By the sticky key, so that a user stays with an endpoint. */
        STICKY
    }

    /** How an https endpoint is verified. Empty: the system's CAs, the endpoint's host name. */
    public record Tls(Optional<Path> ca, Optional<String> serverName) {
        public static final Tls SYSTEM = new Tls(Optional.empty(), Optional.empty());
    }

    /**
     * How long each part of an exchange may take.
     *
     * @param response until the answer's head
     * @param idle between two bytes, either way
     * @param total of the whole exchange; empty: no such limit
     */
    public record Timeouts(Duration connect, Duration response, Duration idle, Optional<Duration> total) {
        public static final Timeouts DEFAULT =
                new Timeouts(Duration.ofSeconds(1), Duration.ofSeconds(15), Duration.ofSeconds(60), Optional.empty());
    }

    /** How many requests at once over all event loops, how many more may wait, and how long. */
    public record Limits(int concurrent, int queue, Duration queueTimeout) {
        public static final Limits DEFAULT = new Limits(512, 1024, Duration.ofSeconds(1));
    }

    /**
     * How often an attempt may be repeated on the same upstream.
     *
     * @param attempts more attempts after the first
     * @param budget the share of requests that may be retried
     * @param atLeastPerSecond retries a second that are allowed whatever the budget
     */
    public record Retries(int attempts, Share budget, int atLeastPerSecond) {
        public static final Retries DEFAULT = new Retries(1, new Share(2_000), 3);
    }

    /**
     * When to stop asking an upstream that fails.
     *
     * @param failures open at this share of failures
     * @param over the last so many requests
     */
    public record Breaker(Share failures, int over, Duration openFor) {
        public static final Breaker DEFAULT = new Breaker(new Share(5_000), 100, Duration.ofSeconds(10));
    }

    /** Active probes. */
    public record Health(String path, Duration every, int unhealthyAfter, int healthyAfter) {}

    /**
     * Passive: an endpoint that fails so often in a row is left alone for a while.
     *
     * @param atMost the largest share of endpoints that may be ejected at once
     */
    public record Outlier(int errors, Duration ejectFor, Share atMost) {
        public static final Outlier DEFAULT = new Outlier(5, Duration.ofSeconds(30), new Share(5_000));
    }

    /** Idle time of a pooled connection; puma closes its own after 20 s. */
    public static final Duration DEFAULT_KEEP_ALIVE = Duration.ofSeconds(15);
}
