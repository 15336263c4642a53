package dev.banyan.controlplane.admin.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.controlplane.admin.http.Json;
import dev.banyan.controlplane.admin.http.Role;
import dev.banyan.controlplane.admin.http.Token;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/** {@code DATA/tokens.json}: every token's hash, and what it allows. */
public final class TokenFile {
    private final Path file;

    TokenFile(Path file) {
        this.file = file;
    }

    boolean exists() {
        return Files.exists(file);
    }

    /** A file that cannot be read stops the start: going on without it would lock everybody out, or let a revoked token in. */
    List<Token> read() throws IOException {
        try {
            List<Token> tokens = new ArrayList<>();
            for (JsonNode token : Json.read(Files.readAllBytes(file)).required("tokens")) {
                tokens.add(token(token));
            }
            return tokens;
        } catch (IOException | IllegalArgumentException | DateTimeException e) {
            throw new IOException(
                    file + ": not a list of tokens (" + e.getMessage()
                            + "); fix: restore it from a backup, or remove it to have a new admin token made",
                    e);
        }
    }

    void write(List<Token> tokens) throws IOException {
        ArrayNode all = Json.array();
        tokens.forEach(token -> all.add(json(token).put("hash", token.hash())));
        ObjectNode content = Json.object();
        content.set("tokens", all);
        OwnerOnlyFile.write(file, content.toPrettyString() + "\n");
    }

    /** All but the hash. */
    public static ObjectNode json(Token token) {
        ObjectNode json = Json.object();
        json.put("id", token.id());
        json.put("name", token.name());
        json.put("role", token.role().word());
        if (token.isBound()) {
            json.set("routes", Json.array(token.routes()));
        }
        json.put("created", token.created().toString());
        token.expires().ifPresent(expires -> json.put("expires", expires.toString()));
        return json;
    }

    private static Token token(JsonNode json) {
        String hash = json.required("hash").asText();
        if (!hash.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("hash: not 64 hex digits");
        }
        String role = json.required("role").asText();
        return new Token(
                json.required("id").asText(),
                json.required("name").asText(),
                Role.ofWord(role).orElseThrow(() -> new IllegalArgumentException("role: " + role)),
                routes(json),
                Instant.parse(json.required("created").asText()),
                text(json, "expires").map(Instant::parse),
                hash);
    }

    private static NavigableSet<String> routes(JsonNode json) {
        NavigableSet<String> routes = new TreeSet<>();
        json.path("routes").forEach(route -> routes.add(route.asText()));
        text(json, "route").ifPresent(routes::add);
        if (json.has("routes") && routes.isEmpty()) {
            // Bound to nothing would be read as free to change everything.
            throw new IllegalArgumentException("routes: not a list of at least one route");
        }
        return routes;
    }

    private static Optional<String> text(JsonNode json, String member) {
        return Optional.ofNullable(json.get(member)).map(JsonNode::asText);
    }
}
