package dev.banyan.controlplane.admin.views;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.json.Json;
import dev.banyan.routing.Ids;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Upstream;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What is different between two tables, as the API shows them: for programs, thing by thing, member by member. */
final class MemberDiff {
    private final ArrayNode changes = Json.array();

    private MemberDiff() {}

    static ArrayNode between(RoutingTable from, RoutingTable to) {
        MemberDiff diff = new MemberDiff();
        for (String id : differing(from, to)) {
            diff.compare(
                    "route",
                    id,
                    Optional.ofNullable(from.routes().get(id)).map(route -> TableJson.route(from, route)),
                    Optional.ofNullable(to.routes().get(id)).map(route -> TableJson.route(to, route)));
        }
        Map<String, Upstream> before = from.base().upstreams();
        Map<String, Upstream> after = to.base().upstreams();
        for (String id : Ids.differing(before, after, id -> Objects.equals(before.get(id), after.get(id)))) {
            diff.compare(
                    "upstream",
                    id,
                    Optional.ofNullable(before.get(id)).map(UpstreamJson::of),
                    Optional.ofNullable(after.get(id)).map(UpstreamJson::of));
        }
        diff.compareMembers("table", "", TableJson.everything(from), TableJson.everything(to));
        return diff.changes;
    }

    /** The routes that are not the same. No other is made JSON of: of ten thousand a change touches few. */
    static SortedSet<String> differing(RoutingTable from, RoutingTable to) {
        return Ids.differing(
                from.routes(),
                to.routes(),
                id -> Objects.equals(from.routes().get(id), to.routes().get(id))
                        && from.flags().of(id).equals(to.flags().of(id)));
    }

    private void compare(String kind, String id, Optional<ObjectNode> before, Optional<ObjectNode> after) {
        if (before.isPresent() && after.isPresent()) {
            compareMembers(kind, id, before.get(), after.get());
        }
        if (before.isEmpty()) {
            after.ifPresent(one -> change(kind, id).put("change", "added").set("to", one));
        }
        if (after.isEmpty()) {
            before.ifPresent(one -> change(kind, id).put("change", "removed").set("from", one));
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
}
