package dev.banyan.controlplane.parity.compare;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Optional;

/** JSON of strangers as a tree: digits stay what they are, and what is too deep or doubled is not guessed at. */
final class JsonDocument {
    private static final JsonMapper MAPPER = JsonMapper.builder(new JsonFactoryBuilder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(100)
                            .maxNumberLength(300)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private static final ObjectWriter ORDERED = MAPPER.writer(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    private JsonDocument() {}

    /** The same text for JSON that says the same, and what is no JSON as it is. */
    static String canonical(String text) {
        try {
            return ORDERED.writeValueAsString(MAPPER.readValue(text, Object.class));
        } catch (IOException e) {
            return text;
        }
    }

    /**
     * Empty: it is none.
     *
     * @throws NotComparable it is deeper, or has longer numbers, than any that a client would read
     */
    static Optional<JsonNode> of(byte[] content) {
        try {
            JsonNode read = MAPPER.readTree(content);
            return read == null || read.isMissingNode() ? Optional.empty() : Optional.of(read);
        } catch (StreamConstraintsException e) {
            throw new NotComparable("too-deep");
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
