package dev.banyan.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An admin API on a real socket that says what a test told it to, and remembers what it was asked. */
final class FakeAdmin implements AutoCloseable {
    static final String TOKEN = "bny_0123456789";

    private record Answer(int status, String contentType, String body) {}

    private final HttpServer server;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> ifMatch = new CopyOnWriteArrayList<>();

    FakeAdmin() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    FakeAdmin answers(String methodAndPath, String json) {
        answers.put(methodAndPath, new Answer(200, "application/json", json));
        return this;
    }

    FakeAdmin refuses(String methodAndPath, int status, String problem) {
        answers.put(methodAndPath, new Answer(status, "application/problem+json", problem));
        return this;
    }

    FakeAdmin redirects(String methodAndPath) {
        answers.put(methodAndPath, new Answer(302, "text/html", ""));
        return this;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** What was asked, as {@code PUT /v1/freeze {"reason":"x"}}. */
    List<String> asked() {
        return asked;
    }

    /** Every If-Match field that came. */
    List<String> ifMatch() {
        return ifMatch;
    }

    /** Writes what a running proxy leaves in its data directory. */
    FakeAdmin leavesItsAddressIn(Path data) throws IOException {
        Files.createDirectories(data);
        Files.writeString(data.resolve("admin.url"), url() + "\n");
        Files.writeString(data.resolve("admin.token"), TOKEN + "\n");
        return this;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String question = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        ifMatch.addAll(exchange.getRequestHeaders().getOrDefault("If-Match", List.of()));
        asked.add(body.isEmpty() ? question : question + " " + body);
        Answer answer = answers.getOrDefault(question, new Answer(418, "text/plain", "no answer was prepared"));
        if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            answer = new Answer(
                    401,
                    "application/problem+json",
                    "{\"title\":\"Not authenticated\",\"status\":401,\"detail\":\"The token is not known.\"}");
        }
        if (answer.status() == 302) {
            exchange.getResponseHeaders().set("Location", url() + "/elsewhere");
        }
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", answer.contentType());
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
