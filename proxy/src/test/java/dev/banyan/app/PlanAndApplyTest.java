package dev.banyan.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.banyan.routing.decide.Bucket;
import dev.banyan.settings.TableSource;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code source: api}: what a plan says of users, real requests recount. */
class PlanAndApplyTest {
    private static final int USERS = 2_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    @Test
    void a_plan_from_10_to_30_percent_names_exactly_the_users_that_then_move() throws Exception {
        try (TestProxy proxy = new TestProxy(directory, TableSource.API)) {
            apply(proxy, "10%");
            Map<Integer, String> before = sides(proxy);
            await().atMost(Duration.ofMinutes(1)).until(() -> counted(plan(proxy, "30%")) >= USERS);

            JsonNode plan = plan(proxy, "30%");
            apply(proxy, "30%");
            Map<Integer, String> after = sides(proxy);

            Set<Integer> moved = before.keySet().stream()
                    .filter(user -> !Objects.equals(before.get(user), after.get(user)))
                    .collect(Collectors.toCollection(TreeSet::new));
            JsonNode move = plan.at("/routes/0/moves/0");
            assertThat(moved).isEqualTo(usersIn(move.path("buckets"))).hasSizeBetween(300, 500);
            assertThat(plan.at("/routes/0/moved/requests").asInt()).isEqualTo(moved.size());
            assertThat(plan.at("/routes/0/counted/requests").asInt()).isEqualTo(USERS);
            assertThat(move.path("buckets_seen").asLong())
                    .isEqualTo(moved.stream()
                            .map(PlanAndApplyTest::bucket)
                            .distinct()
                            .count());
        }
    }

    @Test
    void the_directory_only_seeds_an_empty_store_and_a_restart_keeps_what_was_applied() throws Exception {
        try (TestProxy proxy = new TestProxy(directory, TableSource.API)) {
            assertThat(canary(proxy)).isEqualTo(25);

            apply(proxy, "100%");
            proxy.write("transactions.yaml", proxy.transactionsYaml("0%"));
            proxy.restart();

            assertThat(canary(proxy)).isEqualTo(100);
            assertThat(proxy.sideOf("7")).isEqualTo("modern");
            assertThat(JSON.readTree(proxy.admin("GET", "/v1/table", "").body())
                            .path("source")
                            .asText())
                    .isEqualTo("api");
        }
    }

    @Test
    void unpin_returns_to_what_was_applied_last_and_not_to_the_directory() throws Exception {
        try (TestProxy proxy = new TestProxy(directory, TableSource.API)) {
            apply(proxy, "40%");
            proxy.write("transactions.yaml", proxy.transactionsYaml("0%"));
            proxy.admin("POST", "/v1/rollback", "{\"revision\":1,\"reason\":\"x\"}");
            assertThat(canary(proxy)).isEqualTo(25);

            proxy.admin("POST", "/v1/unpin", "{\"reason\":\"x\"}");

            assertThat(canary(proxy)).isEqualTo(40);
        }
    }

    private static Map<Integer, String> sides(TestProxy proxy) throws Exception {
        Map<Integer, String> sides = new TreeMap<>();
        for (int user = 1; user <= USERS; user++) {
            sides.put(user, proxy.sideOf(Integer.toString(user)));
        }
        return sides;
    }

    private static Set<Integer> usersIn(JsonNode ranges) {
        Set<Integer> users = new TreeSet<>();
        for (int user = 1; user <= USERS; user++) {
            for (JsonNode range : ranges) {
                if (range.path(0).asInt() <= bucket(user)
                        && bucket(user) <= range.path(1).asInt()) {
                    users.add(user);
                }
            }
        }
        return users;
    }

    private static int bucket(int user) {
        return Bucket.of("transactions", "x-user-id:" + user);
    }

    private static long counted(JsonNode plan) {
        return plan.at("/routes/0/counted/requests").asLong();
    }

    private static int canary(TestProxy proxy) throws Exception {
        return JSON.readTree(proxy.admin("GET", "/v1/routes/transactions", "").body())
                .path("canary")
                .asInt();
    }

    private static JsonNode plan(TestProxy proxy, String canary) throws Exception {
        return JSON.readTree(
                proxy.admin("POST", "/v1/plan", files(proxy, canary).toString()).body());
    }

    private static void apply(TestProxy proxy, String canary) throws Exception {
        HttpResponse<String> response = proxy.admin(
                "POST",
                "/v1/apply",
                files(proxy, canary).put("reason", "a test says so").toString(),
                "If-Match",
                "*");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }

    /** The seeded files, with another canary. */
    private static ObjectNode files(TestProxy proxy, String canary) throws Exception {
        ObjectNode body = JSON.createObjectNode();
        ObjectNode files = body.putObject("files");
        try (Stream<Path> paths = Files.list(proxy.routes())) {
            for (Path path : paths.toList()) {
                files.put(path.getFileName().toString(), Files.readString(path));
            }
        }
        files.put("transactions.yaml", proxy.transactionsYaml(canary));
        return body;
    }
}
