package dev.banyan.routing.file;

import dev.banyan.routing.Endpoint;
import dev.banyan.routing.Upstream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Writes one upstream. */
final class UpstreamText {
    private UpstreamText() {}

    static void write(Upstream upstream, YamlBlock block) {
        address(upstream.address(), block);
        if (upstream.protocol() != Upstream.Protocol.HTTP1) {
            block.raw("protocol", word(upstream.protocol()));
        }
        block.block("tls", tls -> {
            upstream.tls().ca().map(Path::toString).ifPresent(ca -> tls.text("ca", ca));
            upstream.tls().serverName().ifPresent(name -> tls.text("server-name", name));
        });
        if (upstream.balance() != Upstream.Balance.LEAST_REQUESTS) {
            block.raw("balance", word(upstream.balance()));
        }
        block.block("timeouts", timeouts -> timeouts(upstream.timeouts(), timeouts));
        if (!upstream.keepAlive().equals(Upstream.DEFAULT_KEEP_ALIVE)) {
            block.raw("keep-alive", Scalars.text(upstream.keepAlive()));
        }
        block.block("limits", limits -> limits(upstream.limits(), limits));
        block.block("retries", retries -> retries(upstream.retries(), retries));
        block.block("breaker", breaker -> breaker(upstream.breaker(), breaker));
        upstream.health()
                .ifPresent(health -> block.block(
                        "health",
                        section -> section.text("path", health.path())
                                .raw("every", Scalars.text(health.every()))
                                .raw("unhealthy-after", String.valueOf(health.unhealthyAfter()))
                                .raw("healthy-after", String.valueOf(health.healthyAfter()))));
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

    private static void timeouts(Upstream.Timeouts timeouts, YamlBlock block) {
        Upstream.Timeouts usual = Upstream.Timeouts.DEFAULT;
        if (!timeouts.connect().equals(usual.connect())) {
            block.raw("connect", Scalars.text(timeouts.connect()));
        }
        if (!timeouts.response().equals(usual.response())) {
            block.raw("response", Scalars.text(timeouts.response()));
        }
        if (!timeouts.idle().equals(usual.idle())) {
            block.raw("idle", Scalars.text(timeouts.idle()));
        }
        timeouts.total().ifPresent(total -> block.raw("total", Scalars.text(total)));
    }

    private static void limits(Upstream.Limits limits, YamlBlock block) {
        Upstream.Limits usual = Upstream.Limits.DEFAULT;
        number(block, "concurrent", limits.concurrent(), usual.concurrent());
        number(block, "queue", limits.queue(), usual.queue());
        if (!limits.queueTimeout().equals(usual.queueTimeout())) {
            block.raw("queue-timeout", Scalars.text(limits.queueTimeout()));
        }
    }

    private static void retries(Upstream.Retries retries, YamlBlock block) {
        Upstream.Retries usual = Upstream.Retries.DEFAULT;
        number(block, "attempts", retries.attempts(), usual.attempts());
        if (!retries.budget().equals(usual.budget())) {
            block.raw("budget", retries.budget().toString());
        }
        if (retries.atLeastPerSecond() != usual.atLeastPerSecond()) {
            block.raw("at-least", retries.atLeastPerSecond() + "/s");
        }
    }

    private static void breaker(Upstream.Breaker breaker, YamlBlock block) {
        Upstream.Breaker usual = Upstream.Breaker.DEFAULT;
        if (!breaker.failures().equals(usual.failures())) {
            block.raw("failures", breaker.failures().toString());
        }
        number(block, "over", breaker.over(), usual.over());
        if (!breaker.openFor().equals(usual.openFor())) {
            block.raw("open-for", Scalars.text(breaker.openFor()));
        }
    }

    private static void outlier(Upstream.Outlier outlier, YamlBlock block) {
        Upstream.Outlier usual = Upstream.Outlier.DEFAULT;
        number(block, "errors", outlier.errors(), usual.errors());
        if (!outlier.ejectFor().equals(usual.ejectFor())) {
            block.raw("eject-for", Scalars.text(outlier.ejectFor()));
        }
        if (!outlier.atMost().equals(usual.atMost())) {
            block.raw("at-most", outlier.atMost().toString());
        }
    }

    private static void number(YamlBlock block, String key, int value, int usual) {
        if (value != usual) {
            block.raw(key, String.valueOf(value));
        }
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
