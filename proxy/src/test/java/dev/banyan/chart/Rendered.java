package dev.banyan.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The objects that a chart makes. */
record Rendered(List<JsonNode> objects) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Rendered of(String yaml) {
        List<JsonNode> objects = new ArrayList<>();
        new Load(LoadSettings.builder().build())
                .loadAllFromString(yaml)
                .forEach(document -> objects.add(JSON.valueToTree(document)));
        return new Rendered(objects);
    }

    List<JsonNode> all(String kind) {
        return objects.stream()
                .filter(object -> object.path("kind").asText().equals(kind))
                .toList();
    }

    JsonNode one(String kind, String name) {
        List<JsonNode> found = all(kind).stream()
                .filter(object -> object.at("/metadata/name").asText().equals(name))
                .toList();
        assertThat(found).as("%s %s", kind, name).hasSize(1);
        return found.get(0);
    }

    JsonNode proxy() {
        return one("Deployment", "banyan");
    }

    JsonNode proxyPod() {
        return proxy().at("/spec/template/spec");
    }

    JsonNode proxyContainer() {
        return proxyPod().at("/containers/0");
    }

    /** The text of {@code banyan.yaml}. */
    String settings() {
        return one("ConfigMap", "banyan-settings").at("/data/banyan.yaml").asText();
    }

    Map<String, String> routes() {
        Map<String, String> files = new LinkedHashMap<>();
        one("ConfigMap", "banyan-routes")
                .path("data")
                .properties()
                .forEach(file -> files.put(file.getKey(), file.getValue().asText()));
        return files;
    }

    /** As the kubelet mounts a ConfigMap: every file is a link through {@code ..data}, which it swaps. */
    Path mountRoutes(Path directory) throws IOException {
        Path content = Files.createDirectories(directory.resolve("..2026_01_01"));
        Files.createSymbolicLink(directory.resolve("..data"), content.getFileName());
        for (Map.Entry<String, String> file : routes().entrySet()) {
            Files.writeString(content.resolve(file.getKey()), file.getValue());
            Files.createSymbolicLink(directory.resolve(file.getKey()), Path.of("..data", file.getKey()));
        }
        return directory;
    }
}
