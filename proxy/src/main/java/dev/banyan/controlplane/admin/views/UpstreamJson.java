package dev.banyan.controlplane.admin.views;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.contract.LiveUpstreams;
import dev.banyan.json.Json;
import dev.banyan.routing.Upstream;
import dev.banyan.routing.keys.UpstreamKeys;

/** An upstream's settings as the API shows them, all defaults filled in. */
final class UpstreamJson {
    private UpstreamJson() {}

    static ObjectNode of(Upstream upstream) {
        ObjectNode json = Json.object().put("id", upstream.id());
        UpstreamKeys.TABLE.data(upstream).forEach((member, value) -> json.set(member, Json.of(value)));
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
}
