package dev.banyan.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes of services are killed, or hang, behind a process of Banyan that is under load. */
class KilledServiceTest {
    private static final int SOME = 200;

    @TempDir
    private Path directory;

    private RunningService one;
    private RunningService other;

    @BeforeEach
    void start() throws Exception {
        one = RunningService.start(directory.resolve("one.writes"));
        other = RunningService.start(directory.resolve("other.writes"));
    }

    @AfterEach
    void stop() {
        one.close();
        other.close();
    }

    private RunningProxy inFrontOfBoth(String more) throws Exception {
        return RunningProxy.in(directory)
                .file("a.yaml", """
                banyan: 1
                default: rails
                upstreams:
                  rails:
                    endpoints: [ "http://127.0.0.1:%d", "http://127.0.0.1:%d" ]
                %s
                """.formatted(one.port(), other.port(), more))
                .start();
    }

    @Test
    void a_modern_service_that_is_killed_costs_no_request_that_legacy_may_answer() throws Exception {
        try (RunningProxy proxy = RunningProxy.in(directory)
                        .file("a.yaml", """
                        banyan: 1
                        default: rails
                        upstreams:
                          rails: { url: "http://127.0.0.1:%d" }
                          modern: { url: "http://127.0.0.1:%d" }
                        routes:
                          things:
                            match: [ GET /things, POST /things ]
                            legacy: rails
                            modern: modern
                            canary: 100%%
                            writes: modern
                        """.formatted(other.port(), one.port()))
                        .start();
                SteadyLoad reads = new SteadyLoad(proxy.port()).with(6, "GET", "/things");
                SteadyLoad writes = new SteadyLoad(proxy.port()).with(2, "POST", "/things")) {
            reads.awaitMore(SOME);
            writes.awaitMore(10);

            one.kill();
            reads.awaitMore(SOME);

            writes.stop();
            assertThat(reads.lost()).isEqualTo(Map.of());
            assertThat(proxy.metric("banyan_fallbacks_total")).isPositive();
            // Modern owns the data: not a single write may slip to legacy.
            assertThat(other.writes()).isEmpty();
            assertThat(one.writes()).doesNotHaveDuplicates().containsAll(writes.acknowledged());
        }
    }

    @Test
    void one_of_two_endpoints_that_is_killed_costs_no_idempotent_request_and_no_post_runs_twice() throws Exception {
        try (RunningProxy proxy = inFrontOfBoth("");
                SteadyLoad idempotent =
                        new SteadyLoad(proxy.port()).with(3, "GET", "/").with(3, "PUT", "/things");
                SteadyLoad posts = new SteadyLoad(proxy.port()).with(4, "POST", "/things")) {
            idempotent.awaitMore(SOME);
            posts.awaitMore(SOME);
            assertThat(one.writes()).isNotEmpty();

            one.kill();
            idempotent.awaitMore(SOME);
            posts.awaitMore(SOME);

            posts.stop();
            idempotent.stop();
            assertThat(idempotent.lost()).isEqualTo(Map.of());
            assertThat(executed("POST")).doesNotHaveDuplicates().containsAll(posts.acknowledged());
            // A POST that was under way at the killed one: 502, and nobody knows.
            assertThat(posts.lost().keySet()).isSubsetOf(Set.of("POST: 502"));
        }
    }

    @Test
    void an_endpoint_that_hangs_delays_only_what_it_has_and_is_asked_again_when_it_goes_on() throws Exception {
        try (RunningProxy proxy = inFrontOfBoth("""
                            timeouts: { response: 2s }
                            outlier: { errors: 3, eject-for: 2s }
                        """);
                SteadyLoad load =
                        new SteadyLoad(proxy.port()).with(4, "GET", "/").with(2, "POST", "/things")) {
            load.awaitMore(SOME);

            one.stop();
            load.awaitMore(SOME);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> load.lost().values().stream().mapToInt(n -> n).sum() >= 3);
            int before = one.writes().size();
            one.goOn();
            await().atMost(Duration.ofSeconds(60)).until(() -> one.writes().size() > before + 50);

            load.stop();
            assertThat(load.lost().keySet()).isSubsetOf(Set.of("GET: 504", "POST: 504"));
            assertThat(executed("POST")).doesNotHaveDuplicates();
            assertThat(new HashSet<>(executed("POST"))).containsAll(acknowledged(load, "POST"));
        }
    }

    private static List<String> acknowledged(SteadyLoad load, String method) {
        return load.acknowledged().stream().filter(id -> id.startsWith(method)).toList();
    }

    /** By either. */
    private List<String> executed(String method) throws Exception {
        List<String> all = new ArrayList<>(one.writes());
        all.addAll(other.writes());
        all.removeIf(id -> !id.startsWith(method));
        return all;
    }
}
