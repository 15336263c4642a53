package dev.banyan.routing.keys;

import dev.banyan.routing.Endpoint;
import dev.banyan.routing.Upstream;
import dev.banyan.yaml.Scalars;
import dev.banyan.yaml.Section;
import java.util.List;
import java.util.stream.Stream;

/** What the keys of an upstream say together. */
final class UpstreamChecks {
    private UpstreamChecks() {}

    static void check(Upstream upstream, Section section) {
        address(section);
        Stream<Endpoint> endpoints = upstream.address() instanceof Upstream.Fixed fixed
                ? fixed.endpoints().stream()
                : Stream.of(((Upstream.Dns) upstream.address()).name());
        endpoints.findFirst().map(Endpoint::tls).ifPresent(tls -> {
            protocol(upstream.protocol(), tls, section);
            if (!tls) {
                section.get("tls")
                        .ifPresent(value -> value.refused(
                                "there is no TLS to an address with http://", "write https://, or remove tls"));
            }
        });
    }

    private static void address(Section section) {
        List<String> written =
                Stream.of("url", "endpoints", "dns").filter(section::isMeant).toList();
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
    }

    private static void protocol(Upstream.Protocol protocol, boolean tls, Section section) {
        section.get("protocol").ifPresent(value -> {
            if (protocol == Upstream.Protocol.H2 && !tls) {
                value.refused("h2 is HTTP/2 over TLS, and the address says http://", "write h2c, or https://");
            } else if (protocol == Upstream.Protocol.H2C && tls) {
                value.refused("h2c is HTTP/2 without TLS, and the address says https://", "write h2, or http://");
            }
        });
    }

    static void timeouts(Upstream.Timeouts timeouts, Section section) {
        timeouts.total()
                .filter(limit -> timeouts.response().compareTo(limit) > 0)
                .ifPresent(limit -> section.get("response")
                        .ifPresent(value -> value.doubtful(
                                Scalars.text(timeouts.response()) + " is never reached, timeouts.total ends it after "
                                        + Scalars.text(limit),
                                "make it shorter, or total longer")));
    }

    static void health(Upstream.Health health, Section section) {
        if (!section.isMeant("path")) {
            section.value().wrong("has no path", "write { path: /health }, or off");
        }
    }
}
