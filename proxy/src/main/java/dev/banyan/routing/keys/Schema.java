package dev.banyan.routing.keys;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Pieces of JSON Schema, and those of them that have a name. */
final class Schema {
    private static final SortedMap<String, Object> DEFINITIONS = new TreeMap<>();

    private Schema() {}

    /** A mapping in the order given. */
    static Map<String, Object> schema(String key, Object value, Object... more) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put(key, value);
        return with(schema, more);
    }

    private static Map<String, Object> with(Map<String, Object> schema, Object... more) {
        for (int i = 0; i < more.length; i += 2) {
            schema.put((String) more[i], more[i + 1]);
        }
        return Collections.unmodifiableMap(schema);
    }

    /** A text of that form. */
    static Map<String, Object> pattern(String pattern, Object... more) {
        return with(new LinkedHashMap<>(schema("type", "string", "pattern", pattern)), more);
    }

    /** A list of such. */
    static Map<String, Object> list(Map<String, Object> items, Object... more) {
        return with(new LinkedHashMap<>(schema("type", "array", "items", items)), more);
    }

    /** A piece with a sentence for who reads it. */
    static Map<String, Object> described(String how, Map<String, Object> schema) {
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("description", how);
        described.putAll(schema);
        return described;
    }

    /** Keeps a piece under a name, and gives what stands wherever it holds. */
    static Map<String, Object> named(String name, Map<String, Object> schema) {
        DEFINITIONS.put(name, schema);
        return schema("$ref", "#/$defs/" + name);
    }

    /** A component of the OpenAPI file. */
    static Map<String, Object> component(String name) {
        return schema("$ref", "#/components/schemas/" + name);
    }

    /** All that have a name, for {@code $defs}. */
    static Map<String, Object> definitions() {
        return Collections.unmodifiableSortedMap(DEFINITIONS);
    }
}
