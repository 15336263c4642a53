package dev.banyan.routing.file;

import dev.banyan.routing.Endpoint;
import dev.banyan.routing.Upstream;
import dev.banyan.yaml.Scalars;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Writes one upstream. */
final class UpstreamText {
    private UpstreamText() {}

    static void write(Upstream upstream, YamlBlock block) {
        address(upstream.address(), block);
        policies(upstream, block);
    }

    /** All but where it is. */
    static void policies(Upstream upstream, YamlBlock block) {
        if (block.says(upstream.protocol(), Upstream.Protocol.HTTP1)) {
            block.raw("protocol", word(upstream.protocol()));
        }
        block.block("tls", tls -> {
            upstream.tls().ca().map(Path::toString).ifPresent(ca -> tls.text("ca", ca));
            upstream.tls().serverName().ifPresent(name -> tls.text("server-name", name));
        });
        if (block.says(upstream.balance(), Upstream.Balance.LEAST_REQUESTS)) {
            block.raw("balance", word(upstream.balance()));
        }
        block.block("timeouts", timeouts -> timeouts(upstream.timeouts(), timeouts));
        if (block.says(upstream.keepAlive(), Upstream.DEFAULT_KEEP_ALIVE)) {
            block.raw("keep-alive", Scalars.text(upstream.keepAlive()));
        }
        block.block("limits", limits -> limits(upstream.limits(), limits));
        block.block("retries", retries -> retries(upstream.retries(), retries));
        block.block("breaker", breaker -> breaker(upstream.breaker(), breaker));
        health(upstream.health(), block);
        block.block("outlier", outlier -> outlier(upstream.outlier(), outlier));
    }

    private static void address(Upstream.Address address, YamlBlock block) {
        if (address instanceof Upstream.Dns dns) {
            block.text("dns", dns.name().toString());
        } else if (address instanceof Upstream.Fixed fixed) {
            List<String> endpoints =
                    fixed.endpoints().stream().map(Endpoint::toString).toList();
            if (endpoints.size() == 1) {
                block.text("url", endpoints.get(0));
            } else {
                block.texts("endpoints", endpoints);
            }
        }
    }

    private static void health(Optional<Upstream.Health> health, YamlBlock block) {
        if (health.isPresent()) {
            block.block(
                    "health",
                    section -> section.text("path", health.get().path())
                            .raw("every", Scalars.text(health.get().every()))
                            .raw("unhealthy-after", String.valueOf(health.get().unhealthyAfter()))
                            .raw("healthy-after", String.valueOf(health.get().healthyAfter())));
        } else if (block.says(health, Optional.empty())) {
            block.raw("health", "off");
        }
    }

    private static void timeouts(Upstream.Timeouts timeouts, YamlBlock block) {
        Upstream.Timeouts usual = Upstream.Timeouts.DEFAULT;
        if (block.says(timeouts.connect(), usual.connect())) {
            block.raw("connect", Scalars.text(timeouts.connect()));
        }
        if (block.says(timeouts.response(), usual.response())) {
            block.raw("response", Scalars.text(timeouts.response()));
        }
        if (block.says(timeouts.idle(), usual.idle())) {
            block.raw("idle", Scalars.text(timeouts.idle()));
        }
        if (block.says(timeouts.total(), usual.total())) {
            block.raw("total", timeouts.total().map(Scalars::text).orElse("off"));
        }
    }

    private static void limits(Upstream.Limits limits, YamlBlock block) {
        Upstream.Limits usual = Upstream.Limits.DEFAULT;
        number(block, "concurrent", limits.concurrent(), usual.concurrent());
        number(block, "queue", limits.queue(), usual.queue());
        if (block.says(limits.queueTimeout(), usual.queueTimeout())) {
            block.raw("queue-timeout", Scalars.text(limits.queueTimeout()));
        }
    }

    private static void retries(Upstream.Retries retries, YamlBlock block) {
        Upstream.Retries usual = Upstream.Retries.DEFAULT;
        number(block, "attempts", retries.attempts(), usual.attempts());
        if (block.says(retries.budget(), usual.budget())) {
            block.raw("budget", retries.budget().toString());
        }
        if (block.says(retries.atLeastPerSecond(), usual.atLeastPerSecond())) {
            block.raw("at-least", retries.atLeastPerSecond() + "/s");
        }
    }

    private static void breaker(Upstream.Breaker breaker, YamlBlock block) {
        Upstream.Breaker usual = Upstream.Breaker.DEFAULT;
        if (block.says(breaker.failures(), usual.failures())) {
            block.raw("failures", breaker.failures().toString());
        }
        number(block, "over", breaker.over(), usual.over());
        if (block.says(breaker.openFor(), usual.openFor())) {
            block.raw("open-for", Scalars.text(breaker.openFor()));
        }
    }

    private static void outlier(Upstream.Outlier outlier, YamlBlock block) {
        Upstream.Outlier usual = Upstream.Outlier.DEFAULT;
        number(block, "errors", outlier.errors(), usual.errors());
        if (block.says(outlier.ejectFor(), usual.ejectFor())) {
            block.raw("eject-for", Scalars.text(outlier.ejectFor()));
        }
        if (block.says(outlier.atMost(), usual.atMost())) {
            block.raw("at-most", outlier.atMost().toString());
        }
    }

    private static void number(YamlBlock block, String key, int value, int usual) {
        if (block.says(value, usual)) {
            block.raw(key, String.valueOf(value));
        }
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
