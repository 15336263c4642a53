package dev.banyan.controlplane.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.routing.RoutingTable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What is different between two tables, as the API shows them: for programs, thing by thing, member by member. */
final class MemberDiff {
    private final ArrayNode changes = Json.array();

    private MemberDiff() {}

    static ArrayNode between(RoutingTable from, RoutingTable to) {
        ObjectNode before = TableJson.of(from);
        ObjectNode after = TableJson.of(to);
        MemberDiff diff = new MemberDiff();
        diff.compareAll("route", before.remove("routes"), after.remove("routes"));
        diff.compareAll("upstream", before.remove("upstreams"), after.remove("upstreams"));
        diff.compareMembers("table", "", before, after);
        return diff.changes;
    }

    private void compareAll(String kind, JsonNode before, JsonNode after) {
        Map<String, JsonNode> old = byId(before);
        Map<String, JsonNode> now = byId(after);
        TreeSet<String> ids = new TreeSet<>(old.keySet());
        ids.addAll(now.keySet());
        for (String id : ids) {
            @Nullable JsonNode one = old.get(id);
            @Nullable JsonNode other = now.get(id);
            if (one == null) {
                change(kind, id).put("change", "added").set("to", other);
            } else if (other == null) {
                change(kind, id).put("change", "removed").set("from", one);
            } else {
                compareMembers(kind, id, one, other);
            }
        }
    }

    private void compareMembers(String kind, String id, JsonNode before, JsonNode after) {
        TreeSet<String> names = new TreeSet<>();
        before.fieldNames().forEachRemaining(names::add);
        after.fieldNames().forEachRemaining(names::add);
        for (String name : names) {
            @Nullable JsonNode from = before.get(name);
            @Nullable JsonNode to = after.get(name);
            if (from == null || !from.equals(to)) {
                ObjectNode change = change(kind, id).put("change", "changed").put("member", name);
                // Null says that it was not there, or is not any more.
                change.set("from", from);
                change.set("to", to);
            }
        }
    }

    private ObjectNode change(String kind, String id) {
        ObjectNode change = changes.addObject().put("of", kind);
        return id.isEmpty() ? change : change.put("id", id);
    }

    private static Map<String, JsonNode> byId(JsonNode all) {
        Map<String, JsonNode> byId = new LinkedHashMap<>();
        all.forEach(one -> byId.put(one.path("id").asText(), one));
        return byId;
    }
}
