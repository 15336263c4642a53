package dev.banyan.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process of Banyan is killed at any instant of a stream of changes, owners' moves included, and started again. */
class KilledProxyTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SAMPLED_ROUNDS = 3;
    private static final int ALL_ROUNDS = 500;
    private static final String FILE = """
            banyan: 1
            default: rails
            upstreams:
              rails: { url: "http://127.0.0.1:9" }
              modern: { url: "http://127.0.0.1:19" }
            routes:
              canaried: { match: [ GET /c ], legacy: rails, modern: modern, cohort: one }
              owned: { match: [ GET /o, POST /o ], legacy: rails, modern: modern, cohort: two, writes: legacy }
            """;

    @TempDir
    private Path directory;

    private final Random random = new Random();

    /** What was acknowledged: what each revision was made for. */
    private final Map<Long, String> acknowledged = new ConcurrentHashMap<>();

    @Test
    void a_restart_has_every_acknowledged_revision_and_no_half_of_one() throws Exception {
        rounds(SAMPLED_ROUNDS);
    }

    @Test
    @Tag("full")
    void a_restart_has_every_acknowledged_revision_after_many_kills() throws Exception {
        rounds(ALL_ROUNDS);
    }

    private void rounds(int count) throws Exception {
        RunningProxy.Start start = RunningProxy.in(directory).file("a.yaml", FILE);
        for (int round = 0; round < count; round++) {
            try (RunningProxy proxy = start.start()) {
                assertWhole(proxy);
                int before = acknowledged.size();
                ExecutorService writers = Executors.newFixedThreadPool(2);
                Future<?> canaries = writers.submit(() -> canaries(proxy));
                Future<?> owners = writers.submit(() -> owners(proxy));
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> acknowledged.size() > before + 4 || canaries.isDone() || owners.isDone());
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(100_000)));

                proxy.kill();

                canaries.get();
                owners.get();
                writers.shutdown();
            }
        }
        try (RunningProxy proxy = start.start()) {
            assertWhole(proxy);
        }
    }

    private void canaries(RunningProxy proxy) {
        for (boolean alive = true; alive; ) {
            double percent = random.nextInt(10_000) / 100.0;
            alive = change(proxy, "/v1/routes/canaried/canary", "\"percent\":" + percent, "canary " + percent);
        }
    }

    private void owners(RunningProxy proxy) {
        String more = ",\"readers_may_lag\":true,\"accept_stranded_writes\":true,\"wait_seconds\":5";
        for (boolean alive = true, toModern = true; alive; toModern = !toModern) {
            String owner = toModern ? "modern" : "legacy";
            alive = change(proxy, "/v1/routes/owned/owner", "\"owner\":\"" + owner + "\"" + more, "owner " + owner);
        }
    }

    /** False once it is gone. */
    private boolean change(RunningProxy proxy, String path, String what, String reason) {
        try {
            HttpResponse<String> answer = proxy.admin("PUT", path, "{" + what + ",\"reason\":\"" + reason + "\"}");
            JsonNode said = JSON.readTree(answer.body());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            if (said.get("changed").asBoolean()) {
                acknowledged.put(said.get("revision").asLong(), reason);
            }
            return true;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void assertWhole(RunningProxy proxy) throws Exception {
        JsonNode table = JSON.readTree(proxy.admin("GET", "/v1/table", "").body());
        NavigableMap<Long, String> kept = reasons(proxy);
        assertThat(table.get("revision").asLong()).isEqualTo(kept.lastKey());
        assertThat(kept.keySet()).hasSize(kept.lastKey().intValue());
        acknowledged.forEach((revision, reason) -> assertThat(kept).containsEntry(revision, reason));
        newest(kept, "owner ")
                .ifPresent(reason -> assertThat(route(proxy, "owned"))
                        .contains("\"owner\":\"" + reason.substring("owner ".length()) + "\""));
        newest(kept, "canary ")
                .ifPresent(reason -> assertThat(route(proxy, "canaried"))
                        .containsPattern("\"canary\":"
                                + reason.substring("canary ".length()).replaceAll("\\.0$", "") + "(\\.0)?[,}]"));
    }

    private static Optional<String> newest(NavigableMap<Long, String> kept, String kind) {
        List<String> reasons = new ArrayList<>(kept.descendingMap().values());
        return reasons.stream().filter(reason -> reason.startsWith(kind)).findFirst();
    }

    private static String route(RunningProxy proxy, String id) {
        try {
            return proxy.admin("GET", "/v1/routes/" + id, "").body();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Page by page. */
    private static NavigableMap<Long, String> reasons(RunningProxy proxy) throws Exception {
        NavigableMap<Long, String> all = new TreeMap<>();
        for (String query = "?limit=100"; !query.isEmpty(); ) {
            JsonNode page = JSON.readTree(
                    proxy.admin("GET", "/v1/revisions" + query, "").body());
            for (JsonNode revision : page.get("revisions")) {
                all.put(
                        revision.get("revision").asLong(),
                        revision.path("reason").asText());
            }
            query = page.has("next") ? "?limit=100&before=" + page.get("next").asLong() : "";
        }
        return all;
    }
}
