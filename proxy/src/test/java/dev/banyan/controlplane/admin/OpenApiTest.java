package dev.banyan.controlplane.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.banyan.controlplane.admin.OpenApiDocument.Described;
import dev.banyan.controlplane.admin.http.Answers;
import dev.banyan.controlplane.admin.http.Contract;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenApiTest {
    @TempDir
    Path data;

    private OpenApiDocument document;
    private TestAdmin admin;

    @BeforeEach
    void start() throws Exception {
        document = new OpenApiDocument();
        admin = TestAdmin.in(data);
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    @Test
    void what_is_described_and_not_done_or_done_and_not_described_fails_the_start() throws Exception {
        Vertx vertx = Vertx.vertx();
        Contract contract =
                Contract.load(vertx).toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        Map<String, Handler<RoutingContext>> doing = new HashMap<>();
        document.operations().forEach(operation -> doing.put(operation.id(), RoutingContext::end));
        Answers answers = new Answers(admin.meters);

        AdminRouter.of(vertx, contract, RoutingContext::next, doing, answers);
        doing.remove("setCanary");
        doing.put("setCanaries", RoutingContext::end);

        assertThatThrownBy(() -> AdminRouter.of(vertx, contract, RoutingContext::next, doing, answers))
                .hasMessageContaining("described and not done: [setCanary]")
                .hasMessageContaining("done and not described: [setCanaries]");
        vertx.close();
    }

    @Test
    void every_example_is_answered_as_described() throws Exception {
        String revocable = "";
        for (Described operation : document.operations()) {
            if (operation.id().equals("apply") || operation.isStream()) {
                // Needs If-Match and source: api; see ApplyTest. A stream never ends; see EventsTest.
                continue;
            }
            String target = operation.id().equals("revokeToken")
                    ? "/v1/tokens/" + revocable
                    : document.exampleTarget(operation);

            HttpResponse<String> response = admin.send(operation.method(), target, document.exampleBody(operation));

            isAnsweredAsDescribed(operation, response);
            if (operation.id().equals("createToken")) {
                revocable = TestAdmin.json(response).path("id").asText();
            }
        }
    }

    @Test
    void every_example_of_the_document_is_valid_by_its_own_schema() {
        List<String> wrong = new ArrayList<>();
        for (JsonNode media : document.root.findValues("content")) {
            media.properties().stream()
                    .map(entry -> entry.getValue())
                    .filter(content -> content.has("example"))
                    .forEach(content ->
                            wrong.addAll(document.problems(content.path("schema"), content.path("example"))));
        }

        assertThat(wrong).isEmpty();
    }

    @Test
    void every_body_and_every_answer_of_success_has_an_example() {
        List<String> without = new ArrayList<>();
        for (Described operation : document.operations()) {
            JsonNode body = document.resolve(operation.json().path("requestBody"));
            without.addAll(mediaWithoutExample(operation + " takes ", body));
            operation.json().path("responses").properties().stream()
                    .filter(answer -> answer.getKey().startsWith("2"))
                    .forEach(answer -> without.addAll(
                            mediaWithoutExample(operation + " answers ", document.resolve(answer.getValue()))));
        }

        assertThat(without).isEmpty();
    }

    private static List<String> mediaWithoutExample(String what, JsonNode bodyOrAnswer) {
        return bodyOrAnswer.path("content").properties().stream()
                .filter(media -> !media.getValue().has("example"))
                .map(media -> what + media.getKey())
                .toList();
    }

    @Test
    void the_document_is_served() throws Exception {
        HttpResponse<String> response = admin.get("/openapi.yaml");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).startsWith("openapi: 3.1.0");
    }

    private void isAnsweredAsDescribed(Described operation, HttpResponse<String> response) {
        JsonNode schema = described(operation, response).path("schema");
        if (response.headers().firstValue("Content-Type").orElse("").contains("json")) {
            assertThat(document.problems(schema, TestAdmin.json(response)))
                    .as(operation + " " + response.body())
                    .isEmpty();
        }
    }

    /** The media type of the answer, as the document has it; fails if it has none. */
    private JsonNode described(Described operation, HttpResponse<String> response) {
        JsonNode answer =
                document.resolve(operation.json().path("responses").path(Integer.toString(response.statusCode())));
        String type = response.headers().firstValue("Content-Type").orElse("").replaceAll(";.*", "");

        assertThat(response.statusCode() / 100)
                .as(operation + " " + response.body())
                .isEqualTo(2);
        assertThat(answer.path("content").has(type))
                .as(operation + " answers " + response.statusCode() + " " + type)
                .isTrue();
        return answer.path("content").path(type);
    }
}
