package dev.banyan.controlplane.admin.views;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.controlplane.revisions.Revision;
import dev.banyan.json.Json;

/** Revisions as the API shows them. */
public final class RevisionJson {
    private RevisionJson() {}

    /** All but the table. */
    public static ObjectNode brief(Revision revision) {
        ObjectNode json = Json.object();
        json.put("revision", revision.number());
        json.put("time", revision.time().toString());
        json.put("author", revision.author());
        json.put("reason", revision.reason());
        json.set("changes", Json.array(revision.changes()));
        json.put("parent", revision.parent());
        json.put("digest", revision.digest());
        revision.pinnedTo().ifPresent(number -> json.put("pinned_to", number));
        return json;
    }

    static ObjectNode whole(Revision revision) {
        return brief(revision).setAll(TableJson.of(revision.table()));
    }
}
