package dev.banyan.testing;

import dev.banyan.routing.BaseTable;
import dev.banyan.routing.Endpoint;
import dev.banyan.routing.Flags;
import dev.banyan.routing.PathRules;
import dev.banyan.routing.Route;
import dev.banyan.routing.Routes;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Share;
import dev.banyan.routing.Upstream;
import dev.banyan.routing.file.Reading;
import dev.banyan.routing.file.RoutesFiles;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Small tables for tests, without YAML. */
public final class Tables {
    private Tables() {}

    /** Everything to {@code rails}. */
    public static RoutingTable onlyDefault(int railsPort) {
        return RoutingTable.of(1, base(List.of(upstream("rails", railsPort)), List.of()), Flags.NONE);
    }

    /** Revision 1 of what a file says. */
    public static RoutingTable of(String yaml) {
        return of(1, yaml);
    }

    public static RoutingTable of(long revision, String yaml) {
        Reading reading = RoutesFiles.read(new TreeMap<>(Map.of("test.yaml", "banyan: 1\n" + yaml)));
        if (reading instanceof Reading.Read read) {
            return RoutingTable.of(revision, read.table(), Flags.NONE);
        }
        throw new IllegalArgumentException(reading.toString());
    }

    public static BaseTable base(List<Upstream> upstreams, List<Route> routes) {
        TreeMap<String, Upstream> upstreamsById = new TreeMap<>();
        upstreams.forEach(upstream -> upstreamsById.put(upstream.id(), upstream));
        TreeMap<String, Route> routesById = new TreeMap<>();
        routes.forEach(route -> routesById.put(route.id(), route));
        return new BaseTable(PathRules.RAILS, "rails", upstreamsById, routesById);
    }

    /** Everything to {@code rails}, which speaks that protocol. */
    public static RoutingTable onlyDefault(
            int railsPort, Upstream.Protocol protocol, Upstream.Tls tls, Upstream.Timeouts timeouts) {
        boolean encrypted = protocol == Upstream.Protocol.H2;
        Endpoint endpoint = new Endpoint(encrypted, encrypted ? "localhost" : "127.0.0.1", railsPort);
        return RoutingTable.of(
                1,
                base(List.of(upstream("rails", endpoint, protocol, tls, timeouts, Upstream.Limits.DEFAULT)), List.of()),
                Flags.NONE);
    }

    public static Upstream upstream(String id, int port) {
        return upstream(id, port, Upstream.Timeouts.DEFAULT, Upstream.Limits.DEFAULT);
    }

    public static Upstream upstream(String id, int port, Upstream.Timeouts timeouts, Upstream.Limits limits) {
        Endpoint endpoint = new Endpoint(false, "127.0.0.1", port);
        return upstream(id, endpoint, Upstream.Protocol.HTTP1, Upstream.Tls.SYSTEM, timeouts, limits);
    }

    private static Upstream upstream(
            String id,
            Endpoint endpoint,
            Upstream.Protocol protocol,
            Upstream.Tls tls,
            Upstream.Timeouts timeouts,
            Upstream.Limits limits) {
        return new Upstream(
                id,
                new Upstream.Fixed(List.of(endpoint)),
                protocol,
                tls,
                Upstream.Balance.LEAST_REQUESTS,
                timeouts,
                Upstream.DEFAULT_KEEP_ALIVE,
                limits,
                Upstream.Retries.DEFAULT,
                Upstream.Breaker.DEFAULT,
                Optional.empty(),
                Upstream.Outlier.DEFAULT);
    }

    /** A route of GET and POST under {@code /name} with both sides and legacy as owner. */
    public static Route route(String id, String modern, Share canary) {
        return route(id, modern, canary, Optional.empty());
    }

    /** The same, for requests of one host. */
    public static Route route(String id, String modern, Share canary, Optional<String> host) {
        return Routes.of(id, """
                match: { methods: [ GET, POST ], path: /%s/** %s }
                legacy: rails
                modern: %s
                canary: %s
                stick-by: [ header:X-User-Id, cookie ]
                writes: legacy
                """.formatted(
                        id, host.map(name -> ", host: \"" + name + "\"").orElse(""), modern, canary));
    }
}
