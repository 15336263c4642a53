package dev.banyan.controlplane.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.routing.RouteInForce;
import dev.banyan.routing.RoutingTable;
import java.util.Locale;

/** A whole table as the API shows it. */
final class TableJson {
    private TableJson() {}

    static ObjectNode of(RoutingTable table) {
        ObjectNode json = Json.object();
        json.put("paths", table.base().paths().name().toLowerCase(Locale.ROOT));
        json.put("default", table.base().defaultUpstream());
        table.flags().freeze().ifPresent(freeze -> json.set("freeze", RouteJson.freeze(freeze)));
        ArrayNode routes = json.putArray("routes");
        table.routes().values().forEach(route -> routes.add(route(table, route)));
        json.set("upstreams", upstreams(table));
        return json;
    }

    static ObjectNode route(RoutingTable table, RouteInForce route) {
        return RouteJson.of(route, table.flags().of(route.id()));
    }

    static ArrayNode upstreams(RoutingTable table) {
        ArrayNode upstreams = Json.array();
        table.base().upstreams().values().forEach(upstream -> upstreams.add(UpstreamJson.of(upstream)));
        return upstreams;
    }
}
