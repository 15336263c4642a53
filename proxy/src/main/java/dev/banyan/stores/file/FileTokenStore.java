package dev.banyan.stores.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.controlplane.admin.tokens.Role;
import dev.banyan.controlplane.admin.tokens.Secrets;
import dev.banyan.controlplane.admin.tokens.Token;
import dev.banyan.controlplane.admin.tokens.TokenJson;
import dev.banyan.controlplane.admin.tokens.TokenStore;
import dev.banyan.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code DATA/tokens.json}: every token's hash, and what it allows. {@code DATA/admin.token}: the text of the first. */
public final class FileTokenStore implements TokenStore {
    private static final Logger LOG = LoggerFactory.getLogger(FileTokenStore.class);

    private final Path file;
    private final Path first;

    /** @param directory exists already */
    public FileTokenStore(Path directory) {
        this.file = directory.resolve("tokens.json");
        this.first = directory.resolve("admin.token");
    }

    @Override
    public Optional<List<Token>> read() throws IOException {
        refuseShortSecret();
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            List<Token> tokens = new ArrayList<>();
            for (JsonNode token : Json.read(Files.readAllBytes(file)).required("tokens")) {
                tokens.add(token(token));
            }
            return Optional.of(tokens);
        } catch (IOException | IllegalArgumentException | DateTimeException e) {
            throw new IOException(
                    file + ": not a list of tokens (" + e.getMessage()
                            + "); fix: restore it from a backup, or remove it to have a new admin token made",
                    e);
        }
    }

    /** Somebody wrote a secret of their own there, which people choose as badly as passwords (APISIX CVE-2020-13945). */
    private void refuseShortSecret() throws IOException {
        if (Files.exists(first)) {
            int bytes = Secrets.secretBytes(Files.readString(first).strip());
            if (bytes < Secrets.BYTES) {
                throw new IOException(first + ": its secret has " + bytes + " bytes (expected: at least "
                        + Secrets.BYTES + "); fix: remove it, and tokens.json too to have a new admin token made");
            }
        }
    }

    @Override
    public void write(List<Token> tokens) throws IOException {
        ArrayNode all = Json.array();
        tokens.forEach(token -> all.add(TokenJson.of(token).put("hash", token.hash())));
        ObjectNode content = Json.object();
        content.set("tokens", all);
        replace(file, content.toPrettyString());
    }

    @Override
    public void showFirst(String text) throws IOException {
        replace(first, text);
        LOG.info("wrote the first admin token file={}", first);
    }

    private static void replace(Path file, String line) throws IOException {
        OwnerOnlyFile.replace(file, ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
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
