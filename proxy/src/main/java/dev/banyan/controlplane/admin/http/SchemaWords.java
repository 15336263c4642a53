package dev.banyan.controlplane.admin.http;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A schema in words. */
final class SchemaWords {
    private SchemaWords() {}

    /** What it takes: {@code a number from 0 to 100, such as 25}. */
    static String of(JsonObject schema) {
        JsonArray words = schema.getJsonArray("enum");
        if (words != null) {
            return "one of " + words.stream().map(Objects::toString).collect(Collectors.joining(", "));
        }
        return kind(schema) + bounds(schema) + examples(schema);
    }

    /** What is wrong with a value of it; texts are not repeated. */
    static String wrong(String keyword, JsonObject schema, @Nullable Object value) {
        return switch (keyword) {
            case "type" -> "not " + kind(schema);
            case "enum", "const" -> "none of the words that it can be";
            case "minimum" -> value + " is under " + schema.getValue("minimum");
            case "maximum" -> value + " is over " + schema.getValue("maximum");
            case "minLength" -> "too short";
            case "maxLength" -> length(value) + " characters are over " + schema.getValue("maxLength");
            case "minItems", "minProperties" -> "too few of them";
            case "maxItems", "maxProperties" -> "too many of them";
            default -> "has another form";
        };
    }

    /** That a name is none of those that are known: {@code percnt: unknown; fix: did you mean percent?} */
    static String unknown(String name, Collection<String> known) {
        String near = DidYouMean.hint(known, name);
        String others = known.isEmpty() ? "" : "; known are " + String.join(", ", known);
        return shortened(name) + ": unknown; fix: " + (near.isEmpty() ? "leave it out" + others : near);
    }

    private static String kind(JsonObject schema) {
        return switch (String.valueOf(schema.getValue("type"))) {
            case "boolean" -> "true or false, without quotes";
            case "integer" -> "a whole number";
            case "number" -> "a number";
            case "string" -> "a text";
            case "array" -> "a list";
            case "object" -> "an object";
            default -> "what openapi.yaml says";
        };
    }

    private static String bounds(JsonObject schema) {
        @Nullable Object from = schema.getValue("minimum");
        @Nullable Object to = schema.getValue("maximum");
        if (from != null && to != null) {
            return " from " + from + " to " + to;
        }
        if (from != null) {
            return " of at least " + from;
        }
        @Nullable Object longest = schema.getValue("maxLength");
        return longest == null ? "" : " of at most " + longest + " characters";
    }

    private static String examples(JsonObject schema) {
        JsonArray examples = schema.getJsonArray("examples");
        return examples == null
                ? ""
                : ", such as " + examples.stream().map(Objects::toString).collect(Collectors.joining(" or "));
    }

    private static int length(@Nullable Object value) {
        return value instanceof String text ? text.codePointCount(0, text.length()) : 0;
    }

    private static String shortened(String name) {
        return name.length() <= 64 ? name : name.substring(0, 64) + "...";
    }
}
