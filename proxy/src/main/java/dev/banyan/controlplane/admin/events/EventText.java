package dev.banyan.controlplane.admin.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.contract.LiveEvents;
import dev.banyan.controlplane.admin.http.Json;
import dev.banyan.controlplane.admin.views.EntityTags;
import dev.banyan.controlplane.admin.views.RevisionJson;
import dev.banyan.controlplane.admin.views.RouteJson;
import dev.banyan.controlplane.revisions.Revision;
import dev.banyan.routing.Flags;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Events as a stream writes them. The id stands at the last of those that belong together, so that whoever is cut off between them gets
 * all of them again.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">HTML, 9.2 Server-sent events</a>
 */
final class EventText {
    private EventText() {}

    /** A revision, then each flag that it changed. */
    static String of(Revision revision, Revision parent, EventId id) {
        StringBuilder text = new StringBuilder();
        ObjectNode json = RevisionJson.brief(revision);
        json.set("routes", Json.array(touched(revision, parent)));
        event(text, "revision", json);
        flags(text, revision, parent);
        return ending(text, id);
    }

    static String of(LiveEvents.Event event, EventId id) {
        ObjectNode json = Json.object().put("time", event.time().toString());
        new TreeMap<>(event.what()).forEach(json::put);
        StringBuilder text = new StringBuilder();
        event(text, event.kind().name().toLowerCase(Locale.ROOT), json);
        return ending(text, id);
    }

    /** What was missed cannot be told any more. */
    static String reset(EventId id, String... read) {
        StringBuilder text = new StringBuilder();
        ObjectNode json = Json.object();
        json.set("read", Json.array(List.of(read)));
        event(text, "reset", json);
        return ending(text, id);
    }

    /** Only says where one stands: an event without data is not shown to anybody. */
    static String position(EventId id) {
        return "retry: 2000\nid: " + id + "\n\n";
    }

    private static SortedSet<String> touched(Revision revision, Revision parent) {
        SortedSet<String> ids = new TreeSet<>(revision.table().routes().keySet());
        ids.addAll(parent.table().routes().keySet());
        ids.removeIf(id -> EntityTags.sameRoute(revision, parent, id));
        return ids;
    }

    private static void flags(StringBuilder text, Revision revision, Revision parent) {
        Flags now = revision.table().flags();
        Flags before = parent.table().flags();
        ObjectNode head = Json.object().put("revision", revision.number());
        if (!now.freeze().equals(before.freeze())) {
            JsonNode freeze = now.freeze().<JsonNode>map(RouteJson::freeze).orElse(NullNode.getInstance());
            event(text, "flag", head.deepCopy().put("flag", "freeze").set("value", freeze));
        }
        SortedSet<String> ids = new TreeSet<>(now.routes().keySet());
        ids.addAll(before.routes().keySet());
        for (String id : ids) {
            RouteJson.changed(before.of(id), now.of(id))
                    .forEach((flag, value) -> event(
                            text,
                            "flag",
                            head.deepCopy().put("route", id).put("flag", flag).set("value", value)));
        }
    }

    private static void event(StringBuilder text, String type, ObjectNode json) {
        text.append("event: ").append(type).append("\ndata: ");
        text.append(new String(Json.write(json), StandardCharsets.UTF_8)).append("\n\n");
    }

    private static String ending(StringBuilder text, EventId id) {
        return text.insert(text.lastIndexOf("event: "), "id: " + id + "\n").toString();
    }
}
