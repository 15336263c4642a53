package dev.banyan.stores.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.contract.UserSketch;
import dev.banyan.contract.WriteGates.Written;
import dev.banyan.controlplane.writes.WrittenStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code DATA/written-to-modern.json}: small, replaced as a whole. Of users it holds how many there are, not who. */
public final class FileWrittenStore implements WrittenStore {
    private static final Logger LOG = LoggerFactory.getLogger(FileWrittenStore.class);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Path file;

    public FileWrittenStore(Path directory) {
        this.file = directory.resolve("written-to-modern.json");
    }

    @Override
    public Optional<Kept> read() {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(kept(MAPPER.readTree(Files.readAllBytes(file))));
        } catch (IOException | IllegalArgumentException | DateTimeException e) {
            LOG.warn("what modern has taken cannot be read, and is counted anew from now: file={}", file, e);
            return Optional.empty();
        }
    }

    @Override
    public void write(Kept kept) throws IOException {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("whole", kept.whole()).put("revision", kept.revision());
        ObjectNode routes = json.putObject("routes");
        kept.routes().forEach((id, period) -> routes.set(id, json(period)));
        OwnerOnlyFile.replace(
                file, ByteBuffer.wrap(MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(json)));
    }

    private static ObjectNode json(Period period) {
        return MAPPER.createObjectNode()
                .put("sinceRevision", period.sinceRevision())
                .put("since", period.since().toString())
                .put("exact", period.exact())
                .put("writes", period.written().writes())
                .put("ofNobody", period.written().ofNobody())
                .put(
                        "users",
                        Base64.getEncoder()
                                .encodeToString(period.written().users().toBytes()));
    }

    private static Kept kept(JsonNode json) {
        SortedMap<String, Period> routes = new TreeMap<>();
        for (Map.Entry<String, JsonNode> route : Required.field(json, "routes").properties()) {
            routes.put(route.getKey(), period(route.getValue()));
        }
        return new Kept(
                Required.field(json, "whole").booleanValue(),
                Required.number(json, "revision").longValue(),
                routes);
    }

    private static Period period(JsonNode json) {
        return new Period(
                Required.number(json, "sinceRevision").longValue(),
                Instant.parse(Required.text(json, "since")),
                Required.field(json, "exact").booleanValue(),
                new Written(
                        Required.number(json, "writes").longValue(),
                        Required.number(json, "ofNobody").longValue(),
                        UserSketch.of(Base64.getDecoder().decode(Required.text(json, "users")))));
    }
}
