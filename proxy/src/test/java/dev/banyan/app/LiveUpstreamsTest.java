package dev.banyan.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.banyan.dataplane.RawUpstream;
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

    private static int nobody() throws IOException {
        return RawUpstream.portNobodyListensOn();
    }
}
