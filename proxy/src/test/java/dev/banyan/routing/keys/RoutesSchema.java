package dev.banyan.routing.keys;

import static dev.banyan.routing.keys.Schema.schema;

import dev.banyan.routing.PathRules;
import dev.banyan.routing.Words;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The JSON Schema of a routing file: its few keys at the top, and below them what the tables of keys say. */
final class RoutesSchema {
    private static final int MAX_ENTRIES = 5_000;

    private RoutesSchema() {}

    static Map<String, Object> whole() {
        Map<String, Object> upstream =
                described("A named group of endpoints, and how to treat them.", UpstreamKeys.TABLE);
        Map<String, Object> route = described("The unit of migration.", RouteKeys.TABLE);
        // All that has a name is known once both tables are.
        Map<String, Object> definitions = new LinkedHashMap<>(Schema.definitions());
        definitions.put("upstream", upstream);
        definitions.put("route", route);
        return schema(
                "$schema",
                "https://json-schema.org/draft/2020-12/schema",
                "$id",
                "urn:banyan:routes:1",
                "title",
                "A Banyan routing file",
                "description",
                "One of the *.yaml files of a routes directory. All of them are merged, so each squad owns a file.",
                "type",
                "object",
                "required",
                List.of("banyan"),
                "additionalProperties",
                false,
                "properties",
                schema(
                        "banyan",
                        schema("description", "The version of this file format.", "type", "integer", "const", 1),
                        "default",
                        schema(
                                "description",
                                "The upstream that everything unmatched goes to. Exactly one file says it.",
                                "$ref",
                                "#/$defs/id"),
                        "paths",
                        paths(),
                        "upstreams",
                        entries(
                                "Named groups of endpoints that answer. Ids are unique over all files.",
                                ref("id"),
                                "upstream"),
                        "routes",
                        entries(
                                "The units of migration. Ids are unique over all files; none is called default.",
                                schema("allOf", List.of(ref("id"), schema("not", schema("const", "default")))),
                                "route")),
                "$defs",
                definitions);
    }

    private static Map<String, Object> paths() {
        return schema(
                "description",
                "How spellings of a path are told apart. rails: every spelling that Rails takes for the same action is the"
                        + " same. plain: a path is what it says. At most one file says it.",
                "enum",
                Arrays.stream(PathRules.values()).map(Words::of).toList(),
                "default",
                "rails");
    }

    private static Map<String, Object> entries(String description, Map<String, Object> names, String entry) {
        return schema(
                "description",
                description,
                "type",
                List.of("object", "null"),
                "propertyNames",
                names,
                "additionalProperties",
                ref(entry),
                "maxProperties",
                MAX_ENTRIES);
    }

    private static Map<String, Object> ref(String name) {
        return schema("$ref", "#/$defs/" + name);
    }

    private static Map<String, Object> described(String description, KeyTable<?> table) {
        return Schema.described(description, asData(table.described().schema()));
    }

    /** Defaults are texts of a file until here. */
    private static Map<String, Object> asData(Map<String, Object> schema) {
        Map<String, Object> read = new LinkedHashMap<>();
        schema.forEach((key, value) -> read.put(key, asData(key, value)));
        return read;
    }

    @SuppressWarnings("unchecked")
    private static Object asData(String key, Object value) {
        if (key.equals("default") && value instanceof String text) {
            return KeyDocumentsTest.data(text);
        }
        if (value instanceof Map<?, ?> map) {
            return asData((Map<String, Object>) map);
        }
        return value instanceof List<?> list
                ? list.stream().map(item -> asData("", item)).toList()
                : value;
    }
}
