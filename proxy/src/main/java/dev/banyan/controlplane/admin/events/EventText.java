package dev.banyan.controlplane.admin.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.contract.LiveEvents;
import dev.banyan.controlplane.admin.views.EntityTags;
import dev.banyan.controlplane.admin.views.RevisionJson;
import dev.banyan.controlplane.admin.views.RouteJson;
import dev.banyan.controlplane.revisions.Revision;
import dev.banyan.json.Json;
import dev.banyan.routing.Flags;
import dev.banyan.routing.Ids;
import dev.banyan.routing.Words;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;

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
        event(text, Words.of(event.kind()), json);
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
        return Ids.differing(
                revision.table().routes(), parent.table().routes(), id -> EntityTags.sameRoute(revision, parent, id));
    }

    private static void flags(StringBuilder text, Revision revision, Revision parent) {
        Flags now = revision.table().flags();
        Flags before = parent.table().flags();
        ObjectNode head = Json.object().put("revision", revision.number());
        if (!now.freeze().equals(before.freeze())) {
            JsonNode freeze = now.freeze().<JsonNode>map(RouteJson::freeze).orElse(NullNode.getInstance());
            event(text, "flag", head.deepCopy().put("flag", "freeze").set("value", freeze));
        }
        for (String id : Ids.inEither(now.routes(), before.routes())) {
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
