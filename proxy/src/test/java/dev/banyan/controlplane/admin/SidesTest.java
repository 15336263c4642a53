package dev.banyan.controlplane.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets a forced side for what. What the data plane makes of it is ForcedSideTest's. */
class SidesTest {
    @TempDir
    Path data;

    private final MovableClock clock = new MovableClock();
    private TestAdmin admin;

    @BeforeEach
    void start() throws Exception {
        admin = TestAdmin.in(data, clock);
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    @Test
    void it_holds_for_an_hour_unless_told_otherwise_and_says_until_when() throws Exception {
        JsonNode hour = TestAdmin.json(admin.post("/v1/sides", body("transactions", "")));
        JsonNode day = TestAdmin.json(admin.post("/v1/sides", body("transactions", ",\"for\":\"1d\"")));

        assertThat(hour.at("/cookie/max_age").asLong()).isEqualTo(3_600);
        assertThat(hour.path("expires").asText())
                .isEqualTo(clock.instant().plus(Duration.ofHours(1)).toString());
        assertThat(day.at("/cookie/max_age").asLong()).isEqualTo(86_400);
        assertThat(hour.at("/header/value")).isEqualTo(hour.at("/cookie/value"));
    }

    @Test
    void it_takes_an_operator_and_a_bound_one_gets_it_for_its_routes_only() throws Exception {
        String bound = token("{\"role\":\"operator\",\"name\":\"sq\",\"routes\":[\"transactions\"]}");
        String viewer = token("{\"role\":\"viewer\",\"name\":\"looker\"}");

        assertThat(status(body("transactions", ""), bound)).isEqualTo(200);
        assertThat(status(body("accounts", ""), bound)).isEqualTo(403);
        assertThat(status(body("transactions\",\"accounts", ""), bound)).isEqualTo(403);
        assertThat(status(body("transactions", ""), viewer)).isEqualTo(403);
        assertThat(admin.audit())
                .hasSize(6)
                .filteredOn(line -> line.contains("\"status\":403"))
                .hasSize(3);
    }

    @Test
    void a_route_that_is_not_there_or_has_one_side_only_is_told() throws Exception {
        HttpResponse<String> misspelt = admin.post("/v1/sides", body("transaction", ""));
        HttpResponse<String> complete = admin.post("/v1/sides", body("profile", ""));

        assertThat(misspelt.statusCode()).isEqualTo(404);
        assertThat(misspelt.body()).contains("did you mean transactions?");
        assertThat(complete.statusCode()).isEqualTo(409);
        assertThat(complete.body()).contains("has no legacy side");
    }

    @Test
    void no_routes_too_many_and_too_long_are_refused() throws Exception {
        String eleven = IntStream.range(0, 11).mapToObj(i -> "r" + i).collect(Collectors.joining("\",\""));

        assertThat(admin.post("/v1/sides", "{\"side\":\"modern\"}").statusCode())
                .isEqualTo(400);
        assertThat(admin.post("/v1/sides", "{\"side\":\"modern\",\"routes\":[]}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(admin.post("/v1/sides", body(eleven, "")).statusCode()).isEqualTo(400);
        assertThat(admin.post("/v1/sides", body("transactions", ",\"for\":\"31d\""))
                        .statusCode())
                .isEqualTo(400);
        assertThat(admin.post("/v1/sides", body("transactions", ",\"for\":\"forever\""))
                        .statusCode())
                .isEqualTo(400);
        assertThat(admin.post("/v1/sides", body("transactions", "").replace("modern", "new"))
                        .statusCode())
                .isEqualTo(400);
    }

    private static String body(String route, String more) {
        return "{\"side\":\"modern\",\"routes\":[\"" + route + "\"]" + more + "}";
    }

    private String token(String body) throws Exception {
        return TestAdmin.json(admin.post("/v1/tokens", body)).path("token").asText();
    }

    private int status(String body, String token) throws Exception {
        return admin.send("POST", "/v1/sides", body, "Authorization", "Bearer " + token)
                .statusCode();
    }
}
