package dev.banyan.money.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** JSON as ActiveSupport writes it; by the services too, so that clients cannot tell who answered. */
public final class RailsJson {

    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private static final ObjectMapper MAPPER = mapper();

    private RailsJson() {}

    /**
     * Writes a document.
     *
     * @param content a {@link JsonNode}, or maps, lists and values
     */
    public static byte[] bytes(Object content) {
        try {
            return MAPPER.writeValueAsBytes(content);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + content, e);
        }
    }

    /** The document, or null if it is none. */
    public static @Nullable JsonNode parse(byte[] document) {
        try {
            JsonNode node = MAPPER.readTree(document);
            return node.isMissingNode() ? null : node;
        } catch (JsonProcessingException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A decimal is a string, without trailing zeros but with one digit after the point: "12.5", "100.0". */
    public static String decimal(BigDecimal value) {
        BigDecimal stripped = value.stripTrailingZeros();
        return (stripped.scale() < 1 ? stripped.setScale(1) : stripped).toPlainString();
    }

    /** ISO 8601 with milliseconds, as ActiveSupport::TimeWithZone. */
    public static String time(Instant instant) {
        return MILLIS.format(instant);
    }

    private static ObjectMapper mapper() {
        ObjectMapper mapper = JsonMapper.builder()
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
        mapper.getFactory().setCharacterEscapes(new HtmlSafe());
        return mapper;
    }

    /** {@code escape_html_entities_in_json}, on in every Rails app: safe inside a script element. */
    private static final class HtmlSafe extends CharacterEscapes {

        private static final long serialVersionUID = 1;

        private static final int[] ASCII = ascii();

        @Override
        public int[] getEscapeCodesForAscii() {
            return ASCII.clone();
        }

        @Override
        public @Nullable SerializableString getEscapeSequence(int character) {
            return switch (character) {
                case '<', '>', '&', 0x2028, 0x2029 -> new SerializedString(String.format("\\u%04x", character));
                default -> null;
            };
        }

        private static int[] ascii() {
            int[] codes = CharacterEscapes.standardAsciiEscapesForJSON();
            codes['<'] = CharacterEscapes.ESCAPE_CUSTOM;
            codes['>'] = CharacterEscapes.ESCAPE_CUSTOM;
            codes['&'] = CharacterEscapes.ESCAPE_CUSTOM;
            return codes;
        }
    }
}
