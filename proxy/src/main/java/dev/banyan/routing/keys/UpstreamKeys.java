package dev.banyan.routing.keys;

import static dev.banyan.routing.keys.Kinds.DAY;
import static dev.banyan.routing.keys.Kinds.HOUR;
import static dev.banyan.routing.keys.Kinds.MILLI;
import static dev.banyan.routing.keys.Kinds.MINUTE;
import static dev.banyan.routing.keys.Kinds.RATE_PER_SECOND;
import static dev.banyan.routing.keys.Kinds.SHARE;
import static dev.banyan.routing.keys.Kinds.count;
import static dev.banyan.routing.keys.Kinds.duration;
import static dev.banyan.routing.keys.Kinds.oneOf;
import static dev.banyan.routing.keys.Schema.schema;

import dev.banyan.routing.Endpoint;
import dev.banyan.routing.Share;
import dev.banyan.routing.Upstream;
import dev.banyan.routing.Upstream.Breaker;
import dev.banyan.routing.Upstream.Dns;
import dev.banyan.routing.Upstream.Fixed;
import dev.banyan.routing.Upstream.Health;
import dev.banyan.routing.Upstream.Limits;
import dev.banyan.routing.Upstream.Outlier;
import dev.banyan.routing.Upstream.Retries;
import dev.banyan.routing.Upstream.Timeouts;
import dev.banyan.routing.Upstream.Tls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every key of an upstream. From this table come the reading and the writing of files, what {@code plan} and {@code diff} tell, what the
 * API shows, the JSON Schema and {@code docs/routing-table.md}. A new key is a component of {@link Upstream} and a line here.
 */
public final class UpstreamKeys {
    private static final KeyTable.Builder<Tls> TLS_KEYS = KeyTable.of("tls", "write { ca: FILE, server-name: NAME }");
    private static final KeyTable.Builder<Timeouts> TIMEOUT_KEYS =
            KeyTable.of("timeouts", "write { connect, response, idle, total }");
    private static final KeyTable.Builder<Limits> LIMIT_KEYS =
            KeyTable.of("limits", "write { concurrent, queue, queue-timeout }");
    private static final KeyTable.Builder<Retries> RETRY_KEYS =
            KeyTable.of("retries", "write { attempts, budget, at-least }");
    private static final KeyTable.Builder<Breaker> BREAKER_KEYS =
            KeyTable.of("breaker", "write { failures, over, open-for }");
    private static final KeyTable.Builder<Health> HEALTH_KEYS =
            KeyTable.of("health", "write { path: /health }, or off");
    private static final KeyTable.Builder<Outlier> OUTLIER_KEYS =
            KeyTable.of("outlier", "write { errors, eject-for, at-most }");
    private static final KeyTable.Builder<Upstream> UPSTREAM =
            KeyTable.of("an upstream", "write url: http://HOST:PORT below it, indented");

    // spotless:off (one line per key)
    private static final Key<Tls, Optional<Path>> CA = TLS_KEYS.maybe("ca", UpstreamKinds.FILE, Tls::ca, "/etc/banyan/ca.pem", "A PEM file with the CAs to trust.");
    private static final Key<Tls, Optional<String>> SERVER_NAME = TLS_KEYS.maybe("server-name", UpstreamKinds.SERVER_NAME, Tls::serverName, "accounts.internal", "The name that the certificate must have.");

    private static final Key<Timeouts, Duration> CONNECT = TIMEOUT_KEYS.key("connect", duration(MILLI, MINUTE), Timeouts::connect, Timeouts.DEFAULT.connect(), "500ms", "Until the connection is there.");
    private static final Key<Timeouts, Duration> RESPONSE = TIMEOUT_KEYS.key("response", duration(MILLI, DAY), Timeouts::response, Timeouts.DEFAULT.response(), "30s", "Until the answer's head.");
    private static final Key<Timeouts, Duration> IDLE = TIMEOUT_KEYS.key("idle", duration(MILLI, DAY), Timeouts::idle, Timeouts.DEFAULT.idle(), "2m", "Between two bytes, either way.");
    private static final Key<Timeouts, Optional<Duration>> TOTAL = TIMEOUT_KEYS.key("total", Maybe.orOff(duration(MILLI, DAY)), Timeouts::total, Timeouts.DEFAULT.total(), "5m", "Of the whole exchange.");

    private static final Key<Limits, Integer> CONCURRENT = LIMIT_KEYS.key("concurrent", count(1, 1_000_000), Limits::concurrent, Limits.DEFAULT.concurrent(), "64", "Requests under way at once, over all event loops.");
    private static final Key<Limits, Integer> QUEUE = LIMIT_KEYS.key("queue", count(0, 1_000_000), Limits::queue, Limits.DEFAULT.queue(), "0", "More that may wait.");
    private static final Key<Limits, Duration> QUEUE_TIMEOUT = LIMIT_KEYS.key("queue-timeout", duration(MILLI, HOUR), Limits::queueTimeout, Limits.DEFAULT.queueTimeout(), "250ms", "How long they may wait.");

    private static final Key<Retries, Integer> ATTEMPTS = RETRY_KEYS.key("attempts", count(0, 10), Retries::attempts, Retries.DEFAULT.attempts(), "0", "More attempts after the first.");
    private static final Key<Retries, Share> BUDGET = RETRY_KEYS.key("budget", SHARE, Retries::budget, Retries.DEFAULT.budget(), "10%", "The share of all requests that may be retried.");
    private static final Key<Retries, Integer> AT_LEAST = RETRY_KEYS.key("at-least", RATE_PER_SECOND, Retries::atLeastPerSecond, Retries.DEFAULT.atLeastPerSecond(), "5/s", "Allowed whatever the budget.");

    private static final Key<Breaker, Share> FAILURES = BREAKER_KEYS.key("failures", UpstreamKinds.FAILURES, Breaker::failures, Breaker.DEFAULT.failures(), "25%", "It opens at this share of failures.");
    private static final Key<Breaker, Integer> OVER = BREAKER_KEYS.key("over", count(1, 10_000), Breaker::over, Breaker.DEFAULT.over(), "50", "Of the last so many requests.");
    private static final Key<Breaker, Duration> OPEN_FOR = BREAKER_KEYS.key("open-for", duration(MILLI, HOUR), Breaker::openFor, Breaker.DEFAULT.openFor(), "30s", "How long the upstream is left alone then.");

    private static final Key<Health, String> PATH = HEALTH_KEYS.required("path", UpstreamKinds.PROBE, Health::path, "/health", "What is asked.");
    private static final Key<Health, Duration> EVERY = HEALTH_KEYS.key("every", duration(Duration.ofMillis(100), HOUR), Health::every, Duration.ofSeconds(5), "2s", "How often each endpoint is asked.");
    private static final Key<Health, Integer> UNHEALTHY_AFTER = HEALTH_KEYS.key("unhealthy-after", count(1, 1_000), Health::unhealthyAfter, 3, "5", "Failures in a row.");
    private static final Key<Health, Integer> HEALTHY_AFTER = HEALTH_KEYS.key("healthy-after", count(1, 1_000), Health::healthyAfter, 2, "1", "Good answers in a row.");

    private static final Key<Outlier, Integer> ERRORS = OUTLIER_KEYS.key("errors", count(1, 10_000), Outlier::errors, Outlier.DEFAULT.errors(), "10", "5xx or failures in a row.");
    private static final Key<Outlier, Duration> EJECT_FOR = OUTLIER_KEYS.key("eject-for", duration(MILLI, DAY), Outlier::ejectFor, Outlier.DEFAULT.ejectFor(), "1m", "How long the endpoint is left alone.");
    private static final Key<Outlier, Share> AT_MOST = OUTLIER_KEYS.key("at-most", SHARE, Outlier::atMost, Outlier.DEFAULT.atMost(), "25%", "The largest share of endpoints that may be left alone at once.");

    static final Key<Upstream, Optional<Endpoint>> URL = UPSTREAM.maybe("url", UpstreamKinds.ADDRESS, UpstreamKeys::onlyEndpoint, "http://127.0.0.1:8081", "One address. Exactly one of url, endpoints and dns must be there.");
    static final Key<Upstream, Optional<List<Endpoint>>> ENDPOINTS = UPSTREAM.maybe("endpoints", UpstreamKinds.ADDRESSES, UpstreamKeys::severalEndpoints, "[ http://10.0.0.1:8080, http://10.0.0.2:8080 ]", "Several addresses.");
    static final Key<Upstream, Optional<Endpoint>> DNS = UPSTREAM.maybe("dns", UpstreamKinds.NAME, UpstreamKeys::name, "http://accounts.internal:8080", "A name that is resolved again and again; every address it gives is an endpoint.");
    static final Key<Upstream, Upstream.Protocol> PROTOCOL = UPSTREAM.key("protocol", oneOf(Upstream.Protocol.class), Upstream::protocol, Upstream.Protocol.HTTP1, "h2c", "h2c: HTTP/2 without TLS; h2: over TLS.");
    static final Key<Upstream, Tls> TLS = UPSTREAM.key("tls", TLS_KEYS.madeBy(given -> new Tls(given.get(CA), given.get(SERVER_NAME))), Upstream::tls, Tls.SYSTEM, "{ ca: /etc/banyan/ca.pem }", "How https endpoints are verified; without it by the system's CAs.");
    static final Key<Upstream, Upstream.Balance> BALANCE = UPSTREAM.key("balance", oneOf(Upstream.Balance.class), Upstream::balance, Upstream.Balance.LEAST_REQUESTS, "round-robin", "How an endpoint is chosen. least-requests: the better of two at random; sticky: by the sticky key.");
    static final Key<Upstream, Timeouts> TIMEOUTS = UPSTREAM.key("timeouts", TIMEOUT_KEYS.checkedBy(UpstreamChecks::timeouts).madeBy(given -> new Timeouts(given.get(CONNECT), given.get(RESPONSE), given.get(IDLE), given.get(TOTAL))), Upstream::timeouts, Timeouts.DEFAULT, "{ response: 30s }", "How long each part of an exchange may take.");
    static final Key<Upstream, Duration> KEEP_ALIVE = UPSTREAM.key("keep-alive", duration(Duration.ZERO, HOUR), Upstream::keepAlive, Upstream.DEFAULT_KEEP_ALIVE, "10s", "Idle time of a pooled connection; less than the upstream's own (puma closes at 20 s).");
    static final Key<Upstream, Limits> LIMITS = UPSTREAM.key("limits", LIMIT_KEYS.madeBy(given -> new Limits(given.get(CONCURRENT), given.get(QUEUE), given.get(QUEUE_TIMEOUT))), Upstream::limits, Limits.DEFAULT, "{ concurrent: 64 }", "How many requests at once, over all event loops.");
    static final Key<Upstream, Retries> RETRIES = UPSTREAM.key("retries", RETRY_KEYS.madeBy(given -> new Retries(given.get(ATTEMPTS), given.get(BUDGET), given.get(AT_LEAST))), Upstream::retries, Retries.DEFAULT, "{ attempts: 0 }", "How often an attempt may be repeated on the same upstream.");
    static final Key<Upstream, Breaker> BREAKER = UPSTREAM.key("breaker", BREAKER_KEYS.madeBy(given -> new Breaker(given.get(FAILURES), given.get(OVER), given.get(OPEN_FOR))), Upstream::breaker, Breaker.DEFAULT, "{ failures: 25% }", "When to stop asking an upstream that fails.");
    static final Key<Upstream, Optional<Health>> HEALTH = UPSTREAM.key("health", Maybe.orOff(HEALTH_KEYS.checkedBy(UpstreamChecks::health).schema(schema("required", List.of("path"))).saidInFull().madeBy(given -> new Health(given.said(PATH).orElse("/"), given.get(EVERY), given.get(UNHEALTHY_AFTER), given.get(HEALTHY_AFTER)))), Upstream::health, Optional.empty(), "{ path: /health }", "Active probes.");
    static final Key<Upstream, Outlier> OUTLIER = UPSTREAM.key("outlier", OUTLIER_KEYS.madeBy(given -> new Outlier(given.get(ERRORS), given.get(EJECT_FOR), given.get(AT_MOST))), Upstream::outlier, Outlier.DEFAULT, "{ eject-for: 1m }", "An endpoint that fails in a row is left alone for a while.");
    // spotless:on

    public static final KeyTable<Upstream> TABLE = UPSTREAM.hints(Map.of(
                    "timeout", "write timeouts: { connect, response, idle, total }",
                    "servers", "write endpoints, a list of addresses",
                    "hosts", "write endpoints, a list of addresses",
                    "targets", "write endpoints, a list of addresses",
                    "address", "write url",
                    "load-balancing", "write balance",
                    "circuit-breaker", "write breaker",
                    "health-check", "write health",
                    "max-connections", "write limits: { concurrent }",
                    "weight", "remove it; endpoints have no weights, balance says how they are chosen"))
            .checkedBy(UpstreamChecks::check)
            .schema(schema(
                    "oneOf",
                    List.of(
                            schema("required", List.of(URL.name())),
                            schema("required", List.of(ENDPOINTS.name())),
                            schema("required", List.of(DNS.name())))))
            .madeBy(UpstreamKeys::upstream);

    private UpstreamKeys() {}

    private static Upstream upstream(Given<Upstream> given) {
        Optional<Endpoint> url = given.get(URL);
        Optional<List<Endpoint>> several = given.get(ENDPOINTS);
        return new Upstream(
                given.id(),
                given.get(DNS)
                        .<Upstream.Address>map(Dns::new)
                        .orElseGet(() ->
                                new Fixed(several.orElseGet(() -> url.stream().toList()))),
                given.get(PROTOCOL),
                given.get(TLS),
                given.get(BALANCE),
                given.get(TIMEOUTS),
                given.get(KEEP_ALIVE),
                given.get(LIMITS),
                given.get(RETRIES),
                given.get(BREAKER),
                given.get(HEALTH),
                given.get(OUTLIER));
    }

    /** Where it is, as a file says it: {@code url http://127.0.0.1:3000}. */
    public static String address(Upstream upstream) {
        if (name(upstream).isPresent()) {
            return DNS.name() + " " + DNS.text(upstream);
        }
        Key<Upstream, ?> fixed = fixed(upstream).size() == 1 ? URL : ENDPOINTS;
        return fixed.name() + " " + fixed.text(upstream);
    }

    private static Optional<Endpoint> onlyEndpoint(Upstream upstream) {
        List<Endpoint> fixed = fixed(upstream);
        return fixed.size() == 1 ? Optional.of(fixed.get(0)) : Optional.empty();
    }

    private static Optional<List<Endpoint>> severalEndpoints(Upstream upstream) {
        return Optional.of(fixed(upstream)).filter(endpoints -> endpoints.size() > 1);
    }

    private static List<Endpoint> fixed(Upstream upstream) {
        return upstream.address() instanceof Fixed fixed ? fixed.endpoints() : List.of();
    }

    private static Optional<Endpoint> name(Upstream upstream) {
        return upstream.address() instanceof Dns dns ? Optional.of(dns.name()) : Optional.empty();
    }
}
