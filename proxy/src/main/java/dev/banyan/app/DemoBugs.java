package dev.banyan.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What the demo's services are to get wrong: each of them knows its own bugs by name. */
final class DemoBugs {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final List<Integer> services;

    private DemoBugs(List<Integer> services) {
        this.services = services;
    }

    /**
     * Switches them on, before there is any traffic.
     *
     * @param services the ports of the services
     * @throws IOException no service knows one of them, with those that are known
     */
    static void turnOn(List<String> names, List<Integer> services) throws IOException, InterruptedException {
        DemoBugs bugs = new DemoBugs(services);
        for (String name : names) {
            if (!bugs.turnOn(name)) {
                throw new IOException(
                        "--bug " + name + ": no service has it (expected: " + String.join(", ", bugs.known()) + ")");
            }
        }
    }

    private boolean turnOn(String name) throws IOException, InterruptedException {
        boolean known = false;
        // What is no name would be another path.
        if (name.matches("[a-z0-9-]+")) {
            for (int port : services) {
                known |= ask("PUT", port, "/_bugs/" + name).statusCode() == 200;
            }
        }
        return known;
    }

    private List<String> known() throws IOException, InterruptedException {
        List<String> names = new ArrayList<>();
        for (int port : services) {
            for (JsonNode bug :
                    new ObjectMapper().readTree(ask("GET", port, "/_bugs").body())) {
                names.add(bug.path("name").asText());
            }
        }
        names.sort(null);
        return names;
    }

    private HttpResponse<String> ask(String method, int port, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(Demo.origin(port) + path))
                .timeout(PATIENCE)
                .method(method, BodyPublishers.noBody())
                .build();
        return client.send(request, BodyHandlers.ofString());
    }
}
