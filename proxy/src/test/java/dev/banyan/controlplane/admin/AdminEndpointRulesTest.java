package dev.banyan.controlplane.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.controlplane.admin.OpenApiDocument.Described;
import dev.banyan.controlplane.admin.access.GuessLimit;
import dev.banyan.controlplane.admin.tokens.Role;
import dev.banyan.controlplane.admin.tokens.Secrets;
import dev.banyan.json.Json;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the admin endpoint owes to those whose traffic it moves: a test a rule. Where a rule is of every operation, all of them are walked.
 * Two are of a whole proxy: {@code dev.banyan.app.AdminEndpointRulesOfAProxyTest}.
 */
class AdminEndpointRulesTest {
    private static final AdminSettings.Address FREE = new AdminSettings.Address("127.0.0.1", 0);
    private static final String CANARY = "/v1/routes/transactions/canary";
    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW");

    @TempDir
    Path data;

    private final MovableClock clock = new MovableClock();
    private OpenApiDocument document;
    private TestAdmin admin;

    @BeforeEach
    void start() throws Exception {
        document = new OpenApiDocument();
        admin = TestAdmin.in(data, clock);
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    @Test
    void it_is_on_loopback_unless_there_is_tls_or_it_was_told_to_be_insecure(@TempDir Path other) throws Exception {
        AdminSettings.Address all = new AdminSettings.Address("0.0.0.0", 0);

        assertThatThrownBy(() -> TestAdmin.with(new AdminSettings(all, FREE, List.of(), false), other))
                .hasMessageContaining("admin-listen: 0.0.0.0:0 is not a loopback address")
                .hasMessageContaining("--admin-insecure");
        assertThat(other.resolve("tokens.json"))
                .as("refused before a token was made")
                .doesNotExist();
        try (TestAdmin insecure = TestAdmin.with(new AdminSettings(all, FREE, List.of(), true), other)) {
            assertThat(insecure.sendWithoutToken(insecure.port(), "GET", "/v1/table")
                            .statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void the_first_secret_is_random_and_its_owners_alone(@TempDir Path other) throws Exception {
        try (TestAdmin second = TestAdmin.in(other)) {
            assertThat(second.token).matches("bny_[A-Za-z0-9_-]{43}").isNotEqualTo(admin.token);
        }
        assertThat(permissions("admin.token")).isEqualTo("rw-------");
        assertThat(permissions("tokens.json")).isEqualTo("rw-------");
        assertThat(data.resolve("tokens.json"))
                .content()
                .doesNotContain(admin.token)
                .contains(Secrets.hash(admin.token));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "admin",
                "edd1c9f034335f136f87ad84b625c8f1",
                "bny_",
                "bny_c2hvcnQ",
                "bny_correct horse battery staple and more"
            })
    void a_secret_under_32_bytes_stops_the_start(String secret, @TempDir Path other) throws Exception {
        Files.writeString(other.resolve("admin.token"), secret + "\n");

        assertThatThrownBy(() -> TestAdmin.in(other))
                .cause()
                .isInstanceOf(IOException.class)
                .hasMessageContaining(other.resolve("admin.token") + ": its secret has ")
                .hasMessageContaining("(expected: at least 32); fix: ");
        assertThat(other).isDirectoryNotContaining("glob:**tokens.json");
    }

    @Test
    void neither_an_address_nor_a_field_but_Authorization_replaces_a_token() throws Exception {
        String host = "GET /v1/table?token=" + admin.token + "&access_token=" + admin.token
                + " HTTP/1.1\r\nHost: 127.0.0.1:" + admin.port() + "\r\nConnection: close\r\n";

        for (String fields : List.of(
                "",
                "X-Forwarded-For: 127.0.0.1\r\n",
                "Forwarded: for=127.0.0.1\r\nX-Real-IP: 127.0.0.1\r\n",
                "Cookie: token=" + admin.token + "\r\n",
                "Authorization: Basic " + admin.token + "\r\n",
                "Authorization: " + admin.token + "\r\n",
                "Authorization: Bearer\r\n",
                "Authorization: Bearer " + admin.token + "x\r\n",
                "Authorization: Bearer " + admin.token + "\r\nAuthorization: Bearer x\r\n",
                "X-API-Key: " + admin.token + "\r\n")) {
            assertThat(admin.raw(host + fields + "\r\n")).as(fields).startsWith("HTTP/1.1 401 ");
        }
        assertThat(admin.raw(host.replaceAll("\\?\\S+", "") + "authorization: bearer " + admin.token + "\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ");
    }

    @Test
    void every_registered_path_is_401_without_a_token_by_every_method() throws Exception {
        List<String> answered = new ArrayList<>();
        for (String path : registeredPaths()) {
            for (String method : METHODS) {
                HttpResponse<String> response = admin.sendWithoutToken(admin.port(), method, example(path));
                if (response.statusCode() != 401) {
                    answered.add(path);
                }
            }
        }

        assertThat(Set.copyOf(answered))
                .isEqualTo(document.operations().stream()
                        .filter(Described::isOpen)
                        .map(Described::path)
                        .collect(Collectors.toSet()));
        assertThat(admin.audit()).isEmpty();
        assertThat(admin.revisions.current().number()).isEqualTo(1);
    }

    @Test
    void an_expression_is_just_text() throws Exception {
        String expression = "${jndi:ldap://x/y} #{T(java.lang.Runtime)} {{7*7}} <script>";

        admin.put(CANARY, "{\"percent\":50,\"reason\":\"" + expression + "\"}");

        assertThat(TestAdmin.json(admin.get("/v1/revisions"))
                        .at("/revisions/0/reason")
                        .asText())
                .isEqualTo(expression);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "match: [ GET /api/(a+)+$ ]",
                "match: [ GET /api/${user} ]",
                "canary: ${percent}",
                "class: java.lang.Runtime",
                "match: !!javax.script.ScriptEngineManager [ GET /api ]"
            })
    void a_table_has_no_expressions_class_names_or_regular_expressions(String member) throws Exception {
        ObjectNode body = Json.object();
        body.putObject("files").put("money.yaml", """
                banyan: 1
                default: rails
                upstreams:
                  rails: { url: "http://127.0.0.1:1" }
                routes:
                  transactions:
                    legacy: rails
                    """ + member + "\n");

        JsonNode plan = TestAdmin.json(admin.post("/v1/plan", body.toString()));

        assertThat(plan.path("possible").asBoolean()).isFalse();
        assertThat(plan.path("problems").toString()).contains("money.yaml:8:");
    }

    @Test
    void a_change_takes_a_method_that_no_link_has_a_json_body_and_our_host_and_origin() throws Exception {
        for (Described change : changes()) {
            String target = document.exampleTarget(change);

            if (!hasGet(change.path())) {
                assertThat(admin.get(target).statusCode()).as("GET " + target).isEqualTo(405);
            }
            assertThat(admin.send(change.method(), target, "percent=50", "Content-Type", "text/plain")
                            .statusCode())
                    .as("a form: " + change)
                    .isEqualTo(415);
            assertThat(answerTo(change, "Host: evil.example:" + admin.port()))
                    .as(change.toString())
                    .startsWith("HTTP/1.1 403 ");
            assertThat(answerTo(change, "Host: 127.0.0.1:" + admin.port() + "\r\nOrigin: http://evil.example"))
                    .as(change.toString())
                    .startsWith("HTTP/1.1 403 ")
                    .doesNotContainIgnoringCase("access-control-allow");
        }

        assertThat(admin.revisions.current().number()).isEqualTo(1);
    }

    @Test
    void a_preflight_gets_no_permission() throws Exception {
        String answer = admin.raw("OPTIONS /v1/table HTTP/1.1\r\nHost: localhost:" + admin.port()
                + "\r\nOrigin: http://localhost:" + admin.port()
                + "\r\nAccess-Control-Request-Method: PUT\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 401 ").doesNotContainIgnoringCase("access-control-allow");
    }

    @Test
    void every_registered_operation_takes_exactly_the_role_that_the_contract_says() throws Exception {
        Map<String, Described> described = document.operations().stream()
                .filter(operation -> !operation.isOpen())
                .collect(Collectors.toMap(Described::toString, Function.identity(), (one, other) -> one, TreeMap::new));
        Map<Role, String> tokens = new TreeMap<>();
        for (Role role : Role.values()) {
            tokens.put(role, token(role));
        }
        Set<String> walked = new LinkedHashSet<>();

        for (Route route : admin.routes()) {
            for (HttpMethod method : route.methods() == null ? Set.<HttpMethod>of() : route.methods()) {
                Described operation = described.get(method.name() + " " + openApiPath(route.getPath()));
                if (operation != null && walked.add(operation.toString())) {
                    Role least = Role.ofWord(
                                    operation.json().path("x-banyan-role").asText())
                            .orElseThrow();
                    for (Map.Entry<Role, String> token : tokens.entrySet()) {
                        assertThat(status(operation, token.getValue()) == 403)
                                .as("%s with the role %s", operation, token.getKey())
                                .isEqualTo(!token.getKey().covers(least));
                    }
                }
            }
        }

        assertThat(walked).containsExactlyInAnyOrderElementsOf(described.keySet());
    }

    @Test
    void who_changed_what_from_and_to_which_revision_is_in_the_audit_log_before_it_is_answered() throws Exception {
        admin.put(CANARY, "{\"percent\":50,\"reason\":\"fine so far\"}");
        List<String> lines = admin.audit();
        JsonNode entry = Json.read(lines.get(0).getBytes(StandardCharsets.UTF_8));

        assertThat(lines).hasSize(1);
        assertThat(entry.path("who").asText()).isEqualTo("admin");
        assertThat(entry.path("from").asText()).isEqualTo("127.0.0.1");
        assertThat(entry.path("operation").asText()).isEqualTo("setCanary");
        assertThat(entry.path("what").asText()).isEqualTo("canary set transactions 50%");
        assertThat(entry.path("reason").asText()).isEqualTo("fine so far");
        assertThat(entry.path("revision_before").asLong()).isEqualTo(1);
        assertThat(entry.path("revision_after").asLong()).isEqualTo(2);
        assertThat(entry.path("result").asText()).isEqualTo("done");
        assertThat(permissions("audit.jsonl")).isEqualTo("rw-------");
    }

    @Test
    void attempts_to_come_in_are_limited_wrong_tokens_are_401_and_after_too_many_429_until_a_minute_is_over()
            throws Exception {
        for (int i = 0; i < GuessLimit.ATTEMPTS; i++) {
            assertThat(statusWith("bny_wrong" + i)).isEqualTo(401);
        }

        HttpResponse<String> response = admin.send("GET", "/v1/table", "", "Authorization", "Bearer bny_wrong");

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.headers().firstValue("Retry-After")).contains("61");
        assertThat(admin.get("/v1/table").statusCode())
                .as("a page with an old token locks nobody out")
                .isEqualTo(200);
        clock.move(GuessLimit.WINDOW);
        assertThat(statusWith("bny_wrong")).isEqualTo(401);
    }

    private int statusWith(String token) throws Exception {
        return admin.send("GET", "/v1/table", "", "Authorization", "Bearer " + token)
                .statusCode();
    }

    private String permissions(String file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve(file)));
    }

    private List<Described> changes() {
        return document.operations().stream()
                .filter(operation -> !operation.method().equals("GET"))
                .toList();
    }

    private boolean hasGet(String path) {
        return document.operations().stream()
                .anyMatch(one -> one.method().equals("GET") && one.path().equals(path));
    }

    private String answerTo(Described change, String fields) throws IOException {
        String body = document.exampleBody(change);
        return admin.raw(change.method() + " " + document.exampleTarget(change) + " HTTP/1.1\r\n" + fields
                + "\r\nAuthorization: Bearer " + admin.token + "\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length() + "\r\nConnection: close\r\n\r\n" + body);
    }

    /** With a parameter that no operation takes: whoever may do it gets 400, and nothing is done. */
    private int status(Described operation, String token) throws Exception {
        String target = document.exampleTarget(operation).replaceAll("\\?.*", "") + "?no-such-parameter=1";
        int status = admin.send(operation.method(), target, "", "Authorization", "Bearer " + token)
                .statusCode();
        assertThat(status).as(operation.toString()).isIn(400, 403);
        return status;
    }

    private String token(Role role) throws Exception {
        HttpResponse<String> made = admin.post(
                "/v1/tokens", "{\"role\":\"" + role.word() + "\",\"name\":\"walks-as-" + role.word() + "\"}");
        return TestAdmin.json(made).path("token").asText();
    }

    private Set<String> registeredPaths() {
        return admin.routes().stream()
                .map(Route::getPath)
                .filter(path -> path != null)
                .map(AdminEndpointRulesTest::openApiPath)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private String example(String path) {
        return document.operations().stream()
                .filter(operation -> operation.path().equals(path))
                .map(document::exampleTarget)
                .findFirst()
                .orElseThrow();
    }

    private static String openApiPath(String routerPath) {
        return routerPath.replaceAll(":([A-Za-z]+)", "{$1}");
    }
}
