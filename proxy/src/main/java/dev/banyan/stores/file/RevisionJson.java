package dev.banyan.stores.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.controlplane.revisions.StoredRevision;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** A revision as JSON; its texts are named by their digests. */
final class RevisionJson {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private RevisionJson() {}

    /** @param digestOf the digest under which a text is kept */
    static byte[] write(StoredRevision revision, Function<String, String> digestOf) throws IOException {
        ObjectNode json = MAPPER.createObjectNode()
                .put("number", revision.number())
                .put("digest", revision.digest())
                .put("parent", revision.parent())
                .put("time", revision.time().toString())
                .put("author", revision.author())
                .put("reason", revision.reason());
        revision.changes().forEach(json.putArray("changes")::add);
        revision.pinnedTo().ifPresent(pinnedTo -> json.put("pinnedTo", pinnedTo));
        json.put("base", digestOf.apply(revision.baseText()));
        json.set("flags", FlagsJson.write(revision.flags()));
        json.put("owners", digestOf.apply(FlagsJson.writeOwners(revision.flags())));
        ObjectNode files = json.putObject("files");
        revision.files().forEach((name, text) -> files.put(name, digestOf.apply(text)));
        return MAPPER.writeValueAsBytes(json);
    }

    /**
     * @param textOf the text of a digest
     * @throws IllegalArgumentException it is not what {@link #write} wrote
     */
    static StoredRevision read(byte[] bytes, Function<String, String> textOf) throws IOException {
        JsonNode json = MAPPER.readTree(bytes);
        return new StoredRevision(
                Json.number(json, "number").longValue(),
                Json.text(json, "digest"),
                Json.number(json, "parent").longValue(),
                Instant.parse(Json.text(json, "time")),
                Json.text(json, "author"),
                Json.text(json, "reason"),
                changes(json),
                json.has("pinnedTo") ? Optional.of(Json.number(json, "pinnedTo").longValue()) : Optional.empty(),
                textOf.apply(Json.text(json, "base")),
                FlagsJson.read(Json.field(json, "flags"), textOf.apply(Json.text(json, "owners"))),
                files(Json.field(json, "files"), textOf));
    }

    private static List<String> changes(JsonNode json) {
        List<String> changes = new ArrayList<>();
        Json.field(json, "changes").forEach(change -> changes.add(change.asText()));
        return changes;
    }

    private static SortedMap<String, String> files(JsonNode json, Function<String, String> textOf) {
        SortedMap<String, String> files = new TreeMap<>();
        for (Map.Entry<String, JsonNode> file : json.properties()) {
            files.put(file.getKey(), textOf.apply(file.getValue().asText()));
        }
        return files;
    }
}
