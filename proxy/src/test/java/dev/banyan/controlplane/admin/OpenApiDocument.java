package dev.banyan.controlplane.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.banyan.controlplane.admin.http.Contract;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** openapi.yaml, walked. */
final class OpenApiDocument {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    final JsonNode root;

    OpenApiDocument() throws IOException {
        try (InputStream file = Contract.class.getResourceAsStream("openapi.yaml")) {
            root = MAPPER.valueToTree(new Load(LoadSettings.builder().build())
                    .loadFromInputStream(java.util.Objects.requireNonNull(file)));
        }
    }

    /** One method of one path. */
    public record Described(String method, String path, JsonNode json) {
        public String id() {
            return json.path("operationId").asText();
        }

        boolean isOpen() {
            return json.has("security") && json.path("security").isEmpty();
        }

        /** Whether its answer never ends. */
        boolean isStream() {
            return json.at("/responses/200/content").has("text/event-stream");
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    List<Described> operations() {
        List<Described> all = new ArrayList<>();
        root.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(method -> all.add(new Described(
                                method.getKey().toUpperCase(java.util.Locale.ROOT),
                                path.getKey(),
                                method.getValue()))));
        return all;
    }

    /** Path and query as the parameters' examples fill them. */
    String exampleTarget(Described operation) {
        String path = operation.path();
        StringBuilder query = new StringBuilder();
        for (JsonNode parameter : operation.json().path("parameters")) {
            JsonNode resolved = resolve(parameter);
            String name = resolved.path("name").asText();
            if (resolved.path("in").asText().equals("path")) {
                path = path.replace("{" + name + "}", resolved.path("example").asText());
            } else if (resolved.path("in").asText().equals("query") && resolved.has("example")) {
                query.append(query.isEmpty() ? '?' : '&')
                        .append(name)
                        .append('=')
                        .append(resolved.path("example").asText());
            }
        }
        return path + query;
    }

    /** Empty if it takes no body. */
    String exampleBody(Described operation) {
        JsonNode example = resolve(operation.json().path("requestBody")).at("/content/application~1json/example");
        return example.isMissingNode() ? "" : example.toString();
    }

    JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? root.at(node.path("$ref").asText().substring(1)) : node;
    }

    /** What is wrong with a value, by a schema of this document. */
    List<String> problems(JsonNode schema, JsonNode value) {
        ObjectNode whole = MAPPER.createObjectNode();
        whole.set("components", root.path("components"));
        whole.putArray("allOf").add(schema);
        return SCHEMAS.getSchema(whole).validate(value).stream()
                .map(Error::toString)
                .toList();
    }
}
