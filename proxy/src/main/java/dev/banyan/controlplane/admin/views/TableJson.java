package dev.banyan.controlplane.admin.views;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.json.Json;
import dev.banyan.routing.RouteInForce;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Words;

/** A whole table as the API shows it. */
final class TableJson {
    private TableJson() {}

    static ObjectNode of(RoutingTable table) {
        ObjectNode json = everything(table);
        json.set("routes", Json.oneByOne(table.routes().values(), route -> route(table, route)));
        json.set("upstreams", Json.oneByOne(table.base().upstreams().values(), UpstreamJson::of));
        return json;
    }

    /** What concerns neither one route nor one upstream. */
    static ObjectNode everything(RoutingTable table) {
        ObjectNode json = Json.object();
        json.put("paths", Words.of(table.base().paths()));
        json.put("default", table.base().defaultUpstream());
        table.flags().freeze().ifPresent(freeze -> json.set("freeze", RouteJson.freeze(freeze)));
        return json;
    }

    static ObjectNode route(RoutingTable table, RouteInForce route) {
        return RouteJson.of(route, table.flags().of(route.id()));
    }
}
