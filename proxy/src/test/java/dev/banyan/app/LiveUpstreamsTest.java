package dev.banyan.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.testing.RawUpstream;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What /v1/upstreams and /metrics tell of upstreams, in a whole proxy whose probes are real requests. */
class LiveUpstreamsTest {
    @TempDir
    Path directory;

    @Test
    void an_endpoint_whose_probes_fail_shows_as_unhealthy_in_the_api_and_in_the_metrics() throws Exception {
        try (TestProxy proxy = new TestProxy(directory)) {
            proxy.write("accounts.yaml", """
                    banyan: 1
                    upstreams:
                      accounts: { url: "http://127.0.0.1:%d", health: { path: /up, every: 100ms, unhealthy-after: 2 } }
                    """.formatted(nobody()));

            await().untilAsserted(() -> assertThat(
                            proxy.admin("GET", "/v1/upstreams", "").body())
                    .contains("\"state\":\"unhealthy\"", "\"breaker\":\"closed\""));
            assertThat(proxy.admin("GET", "/metrics", "").body())
                    .contains("banyan_upstream_endpoints{state=\"unhealthy\",upstream=\"accounts\"} 1.0")
                    .contains("banyan_upstream_breaker{state=\"closed\",upstream=\"accounts\"} 1.0");
        }
    }

    @Test
    void every_key_shows_as_it_is_in_force_and_again_when_it_has_changed() throws Exception {
        try (TestProxy proxy = new TestProxy(directory)) {
            String file = """
                    banyan: 1
                    upstreams:
                      accounts:
                        endpoints: [ "http://127.0.0.1:1", "http://127.0.0.1:2" ]
                        protocol: h2c
                        balance: sticky
                        timeouts: { connect: 2s, response: 3s, idle: 4s, total: 5s }
                        keep-alive: 6s
                        limits: { concurrent: 7, queue: 8, queue-timeout: 9s }
                        retries: { attempts: 2, budget: 11%%, at-least: 12/s }
                        breaker: { failures: 13%%, over: 14, open-for: %s }
                        health: { path: /up, every: 16s, unhealthy-after: 17, healthy-after: 18 }
                        outlier: { errors: 19, eject-for: 20s, at-most: 21%% }
                    """;
            proxy.write("accounts.yaml", file.formatted("15s"));

            await().untilAsserted(() -> assertThat(shown(proxy))
                    .contains("\"endpoints\":[\"http://127.0.0.1:1\",\"http://127.0.0.1:2\"]")
                    .contains("\"protocol\":\"h2c\"", "\"balance\":\"sticky\"", "\"keep_alive\":\"6s\"")
                    .contains("\"timeouts\":{\"connect\":\"2s\",\"response\":\"3s\",\"idle\":\"4s\",\"total\":\"5s\"}")
                    .contains("\"limits\":{\"concurrent\":7,\"queue\":8,\"queue_timeout\":\"9s\"}")
                    .contains("\"retries\":{\"attempts\":2,\"budget\":11", "\"at_least\":\"12/s\"}")
                    .contains("\"breaker\":{\"failures\":13", "\"over\":14,\"open_for\":\"15s\"}")
                    .contains("\"health\":{\"path\":\"/up\",\"every\":\"16s\"")
                    .contains("\"unhealthy_after\":17,\"healthy_after\":18}")
                    .contains("\"outlier\":{\"errors\":19,\"eject_for\":\"20s\",\"at_most\":21"));

            proxy.write("accounts.yaml", file.formatted("25s"));
            await().untilAsserted(() -> assertThat(shown(proxy)).contains("\"open_for\":\"25s\""));
        }
    }

    private static String shown(TestProxy proxy) throws Exception {
        return proxy.admin("GET", "/v1/upstreams", "").body();
    }

    private static int nobody() throws IOException {
        return RawUpstream.portNobodyListensOn();
    }
}
