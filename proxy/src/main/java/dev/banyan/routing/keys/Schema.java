package dev.banyan.routing.keys;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Pieces of JSON Schema, and those of them that have a name. */
public final class Schema {
    private static final SortedMap<String, Object> DEFINITIONS = new TreeMap<>();

    private Schema() {}

    /** A mapping in the order given. */
    static Map<String, Object> schema(String key, Object value, Object... more) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put(key, value);
        for (int i = 0; i < more.length; i += 2) {
            schema.put((String) more[i], more[i + 1]);
        }
        return Collections.unmodifiableMap(schema);
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
