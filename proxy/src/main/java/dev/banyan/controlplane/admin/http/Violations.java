package dev.banyan.controlplane.admin.http;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.pointer.JsonPointer;
import io.vertx.json.schema.OutputUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a schema says against a value, in words: {@code /percent: 101 is over 100; fix: write a number from 0 to 100, such as 25}. Texts
 * are not repeated: they may be long or hold a secret.
 *
 * @param schema resolved
 * @param place what stands before every JSON pointer; a parameter's name
 */
record Violations(JsonObject schema, String place, Object value) {
    /** Those which only say that something below them is wrong. */
    private static final Set<String> WRAPPERS =
            Set.of("properties", "patternProperties", "$ref", "items", "prefixItems", "allOf");

    List<String> of(OutputUnit result) {
        Set<String> told = new LinkedHashSet<>();
        List<OutputUnit> errors = result.getErrors();
        if (errors != null) {
            errors.forEach(error -> tell(error, told));
        }
        return new ArrayList<>(told);
    }

    private void tell(OutputUnit error, Set<String> told) {
        String keyword = lastOf(error.getKeywordLocation());
        String pointer = error.getInstanceLocation().substring(1);
        switch (keyword) {
            case "required" -> tellMissing(pointer, told);
            case "additionalProperties", "unevaluatedProperties" -> tellUnknown(pointer, told);
            default -> {
                if (!WRAPPERS.contains(keyword)) {
                    JsonObject at = schemaAt(pointer);
                    told.add(where(pointer) + ": " + SchemaWords.wrong(keyword, at, valueAt(pointer)) + "; fix: write "
                            + SchemaWords.of(at));
                }
            }
        }
    }

    /** The validator names the member in a sentence only, so it is looked for again. */
    private void tellMissing(String pointer, Set<String> told) {
        JsonObject at = schemaAt(pointer);
        Optional.ofNullable(at.getJsonArray("required")).orElse(new JsonArray()).forEach(name -> {
            if (valueAt(pointer) instanceof JsonObject object && !object.containsKey((String) name)) {
                String member = pointer + "/" + name;
                told.add(where(member) + ": missing; fix: add " + SchemaWords.of(schemaAt(member)));
            }
        });
    }

    /** The validator says so too of members that are known and wrong. */
    private void tellUnknown(String pointer, Set<String> told) {
        int slash = pointer.lastIndexOf('/');
        JsonObject object = schemaAt(pointer.substring(0, slash));
        JsonObject properties = object.getJsonObject("properties", new JsonObject());
        String name = unescaped(pointer.substring(slash + 1));
        if (!properties.containsKey(name) && !(object.getValue("additionalProperties") instanceof JsonObject)) {
            told.add(place + pointer.substring(0, slash + 1) + SchemaWords.unknown(name, members(properties)));
        }
    }

    private String where(String pointer) {
        String where = place + pointer;
        return where.isEmpty() ? "body" : where;
    }

    private @Nullable Object valueAt(String pointer) {
        return JsonPointer.from(pointer).queryJson(value);
    }

    /** The schema of what stands there; one that takes anything, if none is said. */
    private JsonObject schemaAt(String pointer) {
        JsonObject at = schema;
        for (String step :
                pointer.isEmpty() ? new String[0] : pointer.substring(1).split("/", -1)) {
            at = below(at, unescaped(step));
        }
        return at;
    }

    private static JsonObject below(JsonObject schema, String step) {
        JsonObject properties = schema.getJsonObject("properties", new JsonObject());
        if (properties.getValue(step) instanceof JsonObject member) {
            return member;
        }
        if (schema.getValue("additionalProperties") instanceof JsonObject any) {
            return any;
        }
        return schema.getValue("items") instanceof JsonObject items ? items : new JsonObject();
    }

    /** Without what the schema repository notes down beside them. */
    private static Set<String> members(JsonObject properties) {
        Set<String> members = new LinkedHashSet<>(properties.fieldNames());
        members.removeIf(name -> name.startsWith("__"));
        return members;
    }

    private static String lastOf(String location) {
        return location.substring(location.lastIndexOf('/') + 1);
    }

    private static String unescaped(String step) {
        return step.replace("~1", "/").replace("~0", "~");
    }
}
