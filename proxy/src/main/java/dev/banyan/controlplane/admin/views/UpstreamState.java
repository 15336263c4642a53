package dev.banyan.controlplane.admin.views;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.contract.LiveUpstreams.LiveEndpoint;
import dev.banyan.contract.LiveUpstreams.Standing;
import dev.banyan.json.Json;
import dev.banyan.routing.Endpoint;
import dev.banyan.routing.Upstream;
import dev.banyan.routing.Words;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How an upstream stands that would get a request: its breaker and its endpoints, or what the table says of them. */
final class UpstreamState {
    private static final Set<String> TAKING_REQUESTS = Set.of(LiveEndpoint.READY, "warming");

    private UpstreamState() {}

    static ObjectNode json(Upstream upstream, Optional<Standing> live) {
        ObjectNode json = Json.object();
        live.ifPresent(standing -> json.put("breaker", standing.breaker()));
        ArrayNode endpoints = json.putArray("endpoints");
        live.ifPresentOrElse(
                standing -> standing.endpoints()
                        .forEach(endpoint -> endpoints
                                .addObject()
                                .put("address", endpoint.address())
                                .put("state", endpoint.state())),
                () -> addresses(upstream)
                        .forEach(address -> endpoints.addObject().put("address", address)));
        json.put("chosen", chosen(upstream, live));
        return json;
    }

    private static List<String> addresses(Upstream upstream) {
        return upstream.address() instanceof Upstream.Fixed fixed
                ? fixed.endpoints().stream().map(Endpoint::toString).toList()
                : List.of(((Upstream.Dns) upstream.address()).name().toString());
    }

    /** In words: where there is a choice, it is made for each request anew. */
    private static String chosen(Upstream upstream, Optional<Standing> live) {
        List<String> ready = live.map(standing -> standing.endpoints().stream()
                        .filter(endpoint -> TAKING_REQUESTS.contains(endpoint.state()))
                        .map(LiveEndpoint::address)
                        .toList())
                .orElseGet(() -> addresses(upstream));
        if (ready.isEmpty()) {
            return "none is ready";
        }
        String balance = Words.of(upstream.balance());
        return ready.size() == 1 ? ready.get(0) : "one of " + ready.size() + ", by " + balance;
    }
}
