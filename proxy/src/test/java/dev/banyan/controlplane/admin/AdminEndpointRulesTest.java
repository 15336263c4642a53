package dev.banyan.controlplane.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.controlplane.admin.OpenApiDocument.Described;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import java.net.http.HttpResponse;
import java.nio.file.Path;
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

/** What is registered is walked: every path and every method, without a token and with each role. */
class AdminEndpointRulesTest {
    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW");

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
