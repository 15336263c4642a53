package dev.banyan.routing.file;

import dev.banyan.routing.Endpoint;
import dev.banyan.routing.Share;
import dev.banyan.routing.Upstream;
import dev.banyan.yaml.Keys;
import dev.banyan.yaml.Scalars;
import dev.banyan.yaml.Section;
import dev.banyan.yaml.Shown;
import dev.banyan.yaml.Value;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads one upstream. */
final class UpstreamReader {
    static final Keys KEYS = Keys.of(
                    "an upstream",
                    "url",
                    "endpoints",
                    "dns",
                    "protocol",
                    "tls",
                    "balance",
                    "timeouts",
                    "keep-alive",
                    "limits",
                    "retries",
                    "breaker",
                    "health",
                    "outlier")
            .withHints(Map.of(
                    "timeout", "write timeouts: { connect, response, idle, total }",
                    "servers", "write endpoints, a list of addresses",
                    "hosts", "write endpoints, a list of addresses",
                    "targets", "write endpoints, a list of addresses",
                    "address", "write url",
                    "load-balancing", "write balance",
                    "circuit-breaker", "write breaker",
                    "health-check", "write health",
                    "max-connections", "write limits: { concurrent }",
                    "weight", "remove it; endpoints have no weights, balance says how they are chosen"));

    private static final Map<String, Upstream.Protocol> PROTOCOLS = Map.of(
            "http1", Upstream.Protocol.HTTP1,
            "h2c", Upstream.Protocol.H2C,
            "h2", Upstream.Protocol.H2);
    private static final Map<String, Upstream.Balance> BALANCES = Map.of(
            "least-requests", Upstream.Balance.LEAST_REQUESTS,
            "round-robin", Upstream.Balance.ROUND_ROBIN,
            "sticky", Upstream.Balance.STICKY);

    private static final int MAX_ENDPOINTS = 1_000;
    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofHours(24);
    private static final Pattern RATE = Pattern.compile("([0-9]{1,5})/s");

    private final Section section;

    private UpstreamReader(Section section) {
        this.section = section;
    }

    static Upstream read(String id, Section section) {
        return new UpstreamReader(section).read(id);
    }

    private Upstream read(String id) {
        List<Endpoint> endpoints = new ArrayList<>();
        Upstream.Address address = address(endpoints);
        Upstream.Protocol protocol = section.get("protocol")
                .flatMap(value -> Scalars.word(value, PROTOCOLS))
                .orElse(Upstream.Protocol.HTTP1);
        checkProtocol(protocol, endpoints);
        return new Upstream(
                id,
                address,
                protocol,
                tls(endpoints),
                section.get("balance")
                        .flatMap(value -> Scalars.word(value, BALANCES))
                        .orElse(Upstream.Balance.LEAST_REQUESTS),
                timeouts(),
                section.get("keep-alive")
                        .flatMap(value -> Scalars.duration(value, Duration.ZERO, HOUR))
                        .orElse(Upstream.DEFAULT_KEEP_ALIVE),
                limits(),
                retries(),
                breaker(),
                health(),
                outlier());
    }

    private Upstream.Address address(List<Endpoint> read) {
        List<String> written = List.of("url", "endpoints", "dns").stream()
                .filter(section::isMeant)
                .toList();
        if (written.size() != 1) {
            section.value()
                    .problems()
                    .error(
                            written.isEmpty() ? section.value().at() : section.at(written.get(1)),
                            section.value().name()
                                    + (written.isEmpty()
                                            ? ": has no address"
                                            : ": has more than one of " + String.join(", ", written)),
                            "write exactly one of url, endpoints and dns");
        }
        section.get("url").flatMap(Addresses::url).ifPresent(read::add);
        section.get("endpoints").ifPresent(value -> endpoints(value, read));
        Optional<Endpoint> name = section.get("dns").flatMap(Addresses::name);
        name.ifPresent(read::add);
        return name.<Upstream.Address>map(Upstream.Dns::new).orElseGet(() -> new Upstream.Fixed(read));
    }

    private static void endpoints(Value value, List<Endpoint> read) {
        String fix = "write a list of addresses, such as [ http://10.0.0.1:8080, http://10.0.0.2:8080 ]";
        List<Value> items = value.items(fix);
        if (value.isList() && items.isEmpty()) {
            value.wrong("is an empty list", fix);
        }
        if (items.size() > MAX_ENDPOINTS
                && value.refused(items.size() + " are too many", "write at most " + MAX_ENDPOINTS + ", or use dns")) {
            return;
        }
        for (Value item : items) {
            Addresses.url(item)
                    .filter(endpoint -> !isRefused(item, endpoint, read))
                    .ifPresent(read::add);
        }
    }

    private static boolean isRefused(Value item, Endpoint endpoint, List<Endpoint> before) {
        if (before.stream().anyMatch(endpoint::namesTheSameAs)) {
            return item.refused(endpoint + " is listed twice", "keep one of them");
        }
        return !before.isEmpty()
                && before.get(0).tls() != endpoint.tls()
                && item.refused("some are http and some https", "use one of them for all endpoints of an upstream");
    }

    private void checkProtocol(Upstream.Protocol protocol, List<Endpoint> endpoints) {
        if (endpoints.isEmpty() || !section.has("protocol")) {
            return;
        }
        boolean tls = endpoints.get(0).tls();
        section.get("protocol").ifPresent(value -> {
            if (protocol == Upstream.Protocol.H2 && !tls) {
                value.refused("h2 is HTTP/2 over TLS, and the address says http://", "write h2c, or https://");
            } else if (protocol == Upstream.Protocol.H2C && tls) {
                value.refused("h2c is HTTP/2 without TLS, and the address says https://", "write h2, or http://");
            }
        });
    }

    private Upstream.Tls tls(List<Endpoint> endpoints) {
        Optional<Value> value = section.get("tls");
        Optional<Section> tls = value.flatMap(
                v -> v.section(Keys.of("tls", "ca", "server-name"), "write { ca: FILE, server-name: NAME }"));
        if (tls.isEmpty()) {
            return Upstream.Tls.SYSTEM;
        }
        if (!endpoints.isEmpty() && !endpoints.get(0).tls()) {
            tls.get().value().refused("there is no TLS to an address with http://", "write https://, or remove tls");
        }
        return new Upstream.Tls(
                tls.get().get("ca").flatMap(UpstreamReader::file),
                tls.get().get("server-name").flatMap(UpstreamReader::serverName));
    }

    private static Optional<Path> file(Value value) {
        String fix = "write the path of a PEM file";
        return value.text(fix).flatMap(text -> {
            try {
                if (!text.isBlank()) {
                    return Optional.of(Path.of(text));
                }
            } catch (InvalidPathException invalid) {
                // Told below: the same to who wrote it.
            }
            value.wrong(Shown.text(text) + " is no path", fix);
            return Optional.empty();
        });
    }

    private static Optional<String> serverName(Value value) {
        String fix = "write a host name in lower case, such as accounts.internal";
        return value.text(fix).flatMap(text -> {
            // Neither SNI nor a certificate has the dot (RFC 6066, 3).
            String name = Names.withoutFinalDot(text);
            boolean refused = !Names.isHost(name) && value.refused(Shown.text(text) + " is no host name", fix);
            return refused ? Optional.empty() : Optional.of(name);
        });
    }

    private Upstream.Timeouts timeouts() {
        Upstream.Timeouts usual = Upstream.Timeouts.DEFAULT;
        Optional<Section> timeouts = sub("timeouts", "connect", "response", "idle", "total");
        Duration connect = duration(timeouts, "connect", MILLI, MINUTE).orElse(usual.connect());
        Duration response = duration(timeouts, "response", MILLI, DAY).orElse(usual.response());
        Duration idle = duration(timeouts, "idle", MILLI, DAY).orElse(usual.idle());
        Optional<Duration> total = timeouts.flatMap(section -> section.get("total"))
                .filter(value -> !value.isWord("off"))
                .flatMap(value -> Scalars.duration(value, MILLI, DAY));
        total.ifPresent(limit -> timeouts.flatMap(section -> section.get("response"))
                .filter(value -> response.compareTo(limit) > 0)
                .ifPresent(value -> value.doubtful(
                        Scalars.text(response) + " is never reached, timeouts.total ends it after "
                                + Scalars.text(limit),
                        "make it shorter, or total longer")));
        return new Upstream.Timeouts(connect, response, idle, total);
    }

    private Upstream.Limits limits() {
        Upstream.Limits usual = Upstream.Limits.DEFAULT;
        Optional<Section> limits = sub("limits", "concurrent", "queue", "queue-timeout");
        return new Upstream.Limits(
                count(limits, "concurrent", 1, 1_000_000).orElse(usual.concurrent()),
                count(limits, "queue", 0, 1_000_000).orElse(usual.queue()),
                duration(limits, "queue-timeout", MILLI, HOUR).orElse(usual.queueTimeout()));
    }

    private Upstream.Retries retries() {
        Upstream.Retries usual = Upstream.Retries.DEFAULT;
        Optional<Section> retries = sub("retries", "attempts", "budget", "at-least");
        return new Upstream.Retries(
                count(retries, "attempts", 0, 10).orElse(usual.attempts()),
                share(retries, "budget").orElse(usual.budget()),
                retries.flatMap(section -> section.get("at-least"))
                        .flatMap(UpstreamReader::rate)
                        .orElse(usual.atLeastPerSecond()));
    }

    private static Optional<Integer> rate(Value value) {
        String fix = "write a number a second, such as 3/s";
        return value.scalar(fix).flatMap(text -> {
            var rate = RATE.matcher(text);
            if (!rate.matches()) {
                value.wrong(
                        Shown.text(text) + " is no rate", text.matches("[0-9]{1,5}") ? "write " + text + "/s" : fix);
                return Optional.empty();
            }
            return Optional.of(Integer.parseInt(rate.group(1)));
        });
    }

    private Upstream.Breaker breaker() {
        Upstream.Breaker usual = Upstream.Breaker.DEFAULT;
        Optional<Section> breaker = sub("breaker", "failures", "over", "open-for");
        Optional<Share> failures = share(breaker, "failures");
        failures.filter(Share.NONE::equals)
                .ifPresent(none -> breaker.flatMap(section -> section.get("failures"))
                        .ifPresent(value -> value.refused(
                                "at 0% the breaker would open without a failure",
                                "write the share of failures that is too much, such as 50%")));
        return new Upstream.Breaker(
                failures.orElse(usual.failures()),
                count(breaker, "over", 1, 10_000).orElse(usual.over()),
                duration(breaker, "open-for", MILLI, HOUR).orElse(usual.openFor()));
    }

    private Optional<Upstream.Health> health() {
        Optional<Value> value = section.get("health").filter(written -> !written.isWord("off"));
        Optional<Section> health = value.flatMap(written -> written.section(
                Keys.of("health", "path", "every", "unhealthy-after", "healthy-after"),
                "write { path: /health }, or off"));
        if (health.isEmpty()) {
            return Optional.empty();
        }
        if (!health.get().isMeant("path")) {
            health.get().value().wrong("has no path", "write { path: /health }, or off");
        }
        return Optional.of(new Upstream.Health(
                health.get().get("path").flatMap(UpstreamReader::probePath).orElse("/"),
                duration(health, "every", Duration.ofMillis(100), HOUR).orElse(Duration.ofSeconds(5)),
                count(health, "unhealthy-after", 1, 1_000).orElse(3),
                count(health, "healthy-after", 1, 1_000).orElse(2)));
    }

    private static Optional<String> probePath(Value value) {
        String fix = "write a path such as /health";
        return value.text(fix).filter(text -> {
            boolean valid = text.matches("/[!-~&&[^#\\\\\"<>^`{|}]]*") && text.length() <= 2048;
            return valid || !value.refused(Shown.text(text) + " is no path", fix);
        });
    }

    private Upstream.Outlier outlier() {
        Upstream.Outlier usual = Upstream.Outlier.DEFAULT;
        Optional<Section> outlier = sub("outlier", "errors", "eject-for", "at-most");
        return new Upstream.Outlier(
                count(outlier, "errors", 1, 10_000).orElse(usual.errors()),
                duration(outlier, "eject-for", MILLI, DAY).orElse(usual.ejectFor()),
                share(outlier, "at-most").orElse(usual.atMost()));
    }

    private Optional<Section> sub(String key, String... keys) {
        return section.get(key)
                .flatMap(value -> value.section(Keys.of(key, keys), "write { " + String.join(", ", keys) + " }"));
    }

    private static Optional<Duration> duration(Optional<Section> section, String key, Duration least, Duration most) {
        return section.flatMap(s -> s.get(key)).flatMap(value -> Scalars.duration(value, least, most));
    }

    private static Optional<Integer> count(Optional<Section> section, String key, int least, int most) {
        return section.flatMap(s -> s.get(key)).flatMap(value -> Scalars.count(value, least, most));
    }

    private static Optional<Share> share(Optional<Section> section, String key) {
        return section.flatMap(s -> s.get(key)).flatMap(Shares::read);
    }
}
