package dev.banyan.json;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializable;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.POJONode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;

/** JSON, read strictly: no doubled keys, nothing after the end, no deep nesting, decimals as they were written. */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder(new JsonFactoryBuilder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
                    // A position in the text is told, the text itself is not: it may hold a secret.
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(16)
                            .maxNumberLength(100)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private static final ObjectWriter ESCAPING = MAPPER.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII);

    private Json() {}

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    public static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    public static ArrayNode array(Iterable<String> texts) {
        ArrayNode array = array();
        texts.forEach(array::add);
        return array;
    }

    /** A text, number or truth value, or a list or map of such. */
    public static JsonNode of(Object data) {
        if (data instanceof Map<?, ?> members) {
            ObjectNode object = object();
            members.forEach((name, value) -> object.set((String) name, of(value)));
            return object;
        }
        if (data instanceof Collection<?> elements) {
            ArrayNode array = array();
            elements.forEach(element -> array.add(of(element)));
            return array;
        }
        return data instanceof String text ? TextNode.valueOf(text) : MAPPER.valueToTree(data);
    }

    /**
     * An array whose elements are made one by one as they are written. Of ten thousand routes no more than one is then there as a tree;
     * all of them together would outlive the young part of the heap, and make the process grow each time that somebody looks.
     *
     * @param all read again each time that the array is written
     */
    public static <T> JsonNode oneByOne(Iterable<T> all, Function<T, JsonNode> element) {
        return new POJONode(new JsonSerializable.Base() {
            @Override
            public void serialize(JsonGenerator to, SerializerProvider serializers) throws IOException {
                to.writeStartArray();
                for (T one : all) {
                    element.apply(one).serialize(to, serializers);
                }
                to.writeEndArray();
            }

            @Override
            public void serializeWithType(JsonGenerator to, SerializerProvider serializers, TypeSerializer unused)
                    throws IOException {
                serialize(to, serializers);
            }
        });
    }

    /** Missing if there is nothing but white space. */
    public static JsonNode read(byte[] text) throws IOException {
        return MAPPER.readTree(text);
    }

    public static byte[] write(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of JSON values is always writable", e);
        }
    }

    public static void writeTo(OutputStream to, JsonNode node) {
        try {
            MAPPER.writeValue(to, node);
        } catch (IOException e) {
            throw new IllegalStateException("a tree of JSON values is always writable", e);
        }
    }

    /** For a terminal: escape sequences in somebody's reason must not reach it. JSON escapes C0 itself, this the rest. */
    public static String escaped(JsonNode node) {
        return text(ESCAPING, node);
    }

    /** As {@link #escaped}, over several lines. */
    public static String escapedPretty(JsonNode node) {
        return text(ESCAPING.withDefaultPrettyPrinter(), node);
    }

    private static String text(ObjectWriter writer, JsonNode node) {
        try {
            return writer.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of JSON values is always writable", e);
        }
    }
}
