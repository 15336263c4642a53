package dev.banyan.controlplane.admin.views;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.contract.LiveUpstreams;
import dev.banyan.controlplane.admin.http.Json;
import dev.banyan.routing.Endpoint;
import dev.banyan.routing.Upstream;
import java.time.Duration;
import java.util.Locale;

/** An upstream's settings as the API shows them, all defaults filled in. */
final class UpstreamJson {
    private UpstreamJson() {}

    static ObjectNode of(Upstream upstream) {
        ObjectNode json = Json.object();
        json.put("id", upstream.id());
        addAddress(json, upstream.address());
        json.put("protocol", upstream.protocol().name().toLowerCase(Locale.ROOT));
        ObjectNode tls = json.putObject("tls");
        upstream.tls().ca().ifPresent(ca -> tls.put("ca", ca.toString()));
        upstream.tls().serverName().ifPresent(name -> tls.put("server_name", name));
        json.put("balance", upstream.balance().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        json.set("timeouts", timeouts(upstream.timeouts()));
        json.put("keep_alive", Notation.of(upstream.keepAlive()));
        json.putObject("limits")
                .put("concurrent", upstream.limits().concurrent())
                .put("queue", upstream.limits().queue())
                .put("queue_timeout", Notation.of(upstream.limits().queueTimeout()));
        json.putObject("retries")
                .put("attempts", upstream.retries().attempts())
                .put("budget", upstream.retries().budget().percent())
                .put("at_least_per_second", upstream.retries().atLeastPerSecond());
        json.putObject("breaker")
                .put("failures", upstream.breaker().failures().percent())
                .put("over", upstream.breaker().over())
                .put("open_for", Notation.of(upstream.breaker().openFor()));
        upstream.health().ifPresent(health -> json.set("health", health(health)));
        json.putObject("outlier")
                .put("errors", upstream.outlier().errors())
                .put("eject_for", Notation.of(upstream.outlier().ejectFor()))
                .put("at_most", upstream.outlier().atMost().percent());
        return json;
    }

    /** How it is at this moment. */
    static ObjectNode of(LiveUpstreams.Standing standing) {
        ObjectNode json = Json.object();
        json.put("breaker", standing.breaker());
        json.put("under_way", standing.underWay());
        json.put("queued", standing.queued());
        standing.problem().ifPresent(problem -> json.put("problem", problem));
        ArrayNode endpoints = json.putArray("endpoints");
        standing.endpoints()
                .forEach(endpoint -> endpoints
                        .addObject()
                        .put("address", endpoint.address())
                        .put("state", endpoint.state())
                        .put("under_way", endpoint.underWay())
                        .put("connections", endpoint.connections())
                        .put("idle_connections", endpoint.idleConnections()));
        return json;
    }

    private static void addAddress(ObjectNode json, Upstream.Address address) {
        if (address instanceof Upstream.Fixed fixed) {
            json.set(
                    "endpoints",
                    Json.array(
                            fixed.endpoints().stream().map(Endpoint::toString).toList()));
        } else if (address instanceof Upstream.Dns dns) {
            json.put("dns", dns.name().toString());
        }
    }

    private static ObjectNode timeouts(Upstream.Timeouts timeouts) {
        return Json.object()
                .put("connect", Notation.of(timeouts.connect()))
                .put("response", Notation.of(timeouts.response()))
                .put("idle", Notation.of(timeouts.idle()))
                .put(
                        "total",
                        timeouts.total()
                                .map((Duration total) -> Notation.of(total))
                                .orElse("off"));
    }

    private static ObjectNode health(Upstream.Health health) {
        return Json.object()
                .put("path", health.path())
                .put("every", Notation.of(health.every()))
                .put("unhealthy_after", health.unhealthyAfter())
                .put("healthy_after", health.healthyAfter());
    }
}
