package dev.banyan.stores.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.controlplane.parity.FieldKey;
import dev.banyan.controlplane.parity.NoiseStore;
import dev.banyan.controlplane.parity.compare.Difference;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code DATA/noise.json}: small, replaced as a whole. It holds names of fields and counts, and nothing that any answer said. */
public final class FileNoiseStore implements NoiseStore {
    private static final Logger LOG = LoggerFactory.getLogger(FileNoiseStore.class);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Path file;

    public FileNoiseStore(Path directory) {
        this.file = directory.resolve("noise.json");
    }

    @Override
    public Map<String, Kept> read() {
        if (!Files.exists(file)) {
            return Map.of();
        }
        try {
            Map<String, Kept> routes = new TreeMap<>();
            JsonNode json = MAPPER.readTree(Files.readAllBytes(file));
            for (Map.Entry<String, JsonNode> route :
                    Required.field(json, "routes").properties()) {
                routes.put(route.getKey(), kept(route.getValue()));
            }
            return routes;
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("what was learnt of noise cannot be read, and is learnt again: file={}", file, e);
            return Map.of();
        }
    }

    private static Kept kept(JsonNode json) {
        Map<String, Long> repeats = new TreeMap<>();
        Required.field(json, "repeats")
                .properties()
                .forEach(match -> repeats.put(match.getKey(), match.getValue().longValue()));
        List<Differing> differing = new ArrayList<>();
        for (JsonNode each : Required.field(json, "differing")) {
            differing.add(new Differing(
                    new FieldKey(
                            Required.text(each, "match"),
                            Required.text(each, "field"),
                            Difference.Kind.valueOf(Required.text(each, "kind"))),
                    Required.number(each, "count").longValue()));
        }
        return new Kept(
                Required.text(json, "upstream"),
                repeats,
                differing,
                Required.number(json, "fields").longValue());
    }

    @Override
    public void write(Map<String, Kept> routes) throws IOException {
        ObjectNode json = MAPPER.createObjectNode();
        ObjectNode all = json.putObject("routes");
        routes.forEach((id, kept) -> all.set(id, json(kept)));
        OwnerOnlyFile.replace(file, ByteBuffer.wrap(MAPPER.writeValueAsBytes(json)));
    }

    private static ObjectNode json(Kept kept) {
        ObjectNode json = MAPPER.createObjectNode().put("upstream", kept.upstream());
        ObjectNode repeats = json.putObject("repeats");
        new TreeMap<>(kept.repeats()).forEach(repeats::put);
        ArrayNode differing = json.putArray("differing");
        kept.differing()
                .forEach(each -> differing
                        .addObject()
                        .put("match", each.key().match())
                        .put("field", each.key().field())
                        .put("kind", each.key().kind().name())
                        .put("count", each.count()));
        return json.put("fields", kept.fields());
    }
}
