package dev.banyan.stores.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
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

/**
 * A revision as JSON; its texts are named by their digests: one, or an array of those of its parts. Revisions from before texts had parts
 * have one digest for each.
 */
final class RevisionJson {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private RevisionJson() {}

    /** @param digestsOf the digests under which the parts of a text are kept */
    static byte[] write(StoredRevision revision, Function<String, List<String>> digestsOf) throws IOException {
        ObjectNode json = MAPPER.createObjectNode()
                .put("number", revision.number())
                .put("digest", revision.digest())
                .put("parent", revision.parent())
                .put("time", revision.time().toString())
                .put("author", revision.author())
                .put("reason", revision.reason());
        revision.changes().forEach(json.putArray("changes")::add);
        revision.pinnedTo().ifPresent(pinnedTo -> json.put("pinnedTo", pinnedTo));
        json.set("base", digests(digestsOf.apply(revision.baseText())));
        json.set("flags", FlagsJson.write(revision.flags()));
        json.set("owners", digests(digestsOf.apply(FlagsJson.writeOwners(revision.flags()))));
        ObjectNode files = json.putObject("files");
        revision.files().forEach((name, text) -> files.set(name, digests(digestsOf.apply(text))));
        return MAPPER.writeValueAsBytes(json);
    }

    private static JsonNode digests(List<String> parts) {
        if (parts.size() == 1) {
            return TextNode.valueOf(parts.get(0));
        }
        ArrayNode array = MAPPER.createArrayNode();
        parts.forEach(array::add);
        return array;
    }

    private static List<String> digests(JsonNode json) {
        if (json.isTextual()) {
            return List.of(json.textValue());
        }
        if (!json.isArray()) {
            throw new IllegalArgumentException("neither a digest nor several: " + json.getNodeType());
        }
        List<String> digests = new ArrayList<>();
        for (JsonNode each : json) {
            if (!each.isTextual()) {
                throw new IllegalArgumentException("no digest: " + each.getNodeType());
            }
            digests.add(each.textValue());
        }
        return digests;
    }

    /**
     * @param textOf the text of the digests of its parts
     * @throws IllegalArgumentException it is not what {@link #write} wrote
     */
    static StoredRevision read(byte[] bytes, Function<List<String>, String> textOf) throws IOException {
        JsonNode json = MAPPER.readTree(bytes);
        return new StoredRevision(
                Required.number(json, "number").longValue(),
                Required.text(json, "digest"),
                Required.number(json, "parent").longValue(),
                Instant.parse(Required.text(json, "time")),
                Required.text(json, "author"),
                Required.text(json, "reason"),
                changes(json),
                json.has("pinnedTo")
                        ? Optional.of(Required.number(json, "pinnedTo").longValue())
                        : Optional.empty(),
                textOf.apply(digests(Required.field(json, "base"))),
                FlagsJson.read(Required.field(json, "flags"), textOf.apply(digests(Required.field(json, "owners")))),
                files(Required.field(json, "files"), textOf));
    }

    private static List<String> changes(JsonNode json) {
        List<String> changes = new ArrayList<>();
        Required.field(json, "changes").forEach(change -> changes.add(change.asText()));
        return changes;
    }

    private static SortedMap<String, String> files(JsonNode json, Function<List<String>, String> textOf) {
        SortedMap<String, String> files = new TreeMap<>();
        for (Map.Entry<String, JsonNode> file : json.properties()) {
            files.put(file.getKey(), textOf.apply(digests(file.getValue())));
        }
        return files;
    }
}
