package dev.banyan.stores.file;

import com.fasterxml.jackson.databind.JsonNode;

/** Fields that must be there. */
final class Required {
    private Required() {}

    static JsonNode field(JsonNode object, String name) {
        JsonNode field = object.get(name);
        if (field == null) {
            throw new IllegalArgumentException(name + ": missing");
        }
        return field;
    }

    static String text(JsonNode object, String name) {
        JsonNode field = field(object, name);
        if (!field.isTextual()) {
            throw new IllegalArgumentException(name + ": not a text");
        }
        return field.textValue();
    }

    static JsonNode number(JsonNode object, String name) {
        JsonNode field = field(object, name);
        if (!field.isIntegralNumber()) {
            throw new IllegalArgumentException(name + ": not a whole number");
        }
        return field;
    }
}
