package dev.banyan.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.banyan.routing.Side;
import dev.banyan.routing.decide.ForcedSide;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person looks at modern while no user does: from POST /v1/sides to what the upstream gets. */
class ForcedSideTest {
    @TempDir
    private Path directory;

    private TestProxy proxy;
    private JsonNode forced;

    @BeforeEach
    void start() throws Exception {
        proxy = new TestProxy(directory);
        proxy.setCanary(0);
        forced = force("{\"side\":\"modern\",\"routes\":[\"transactions\"],\"for\":\"1h\",\"reason\":\"a look\"}");
    }

    @AfterEach
    void stop() throws Exception {
        proxy.close();
    }

    @Test
    void the_header_and_the_cookie_reach_modern_at_canary_0_and_users_do_not() throws Exception {
        HttpResponse<String> byHeader = transactions("X-Banyan-Side", value());
        HttpResponse<String> byCookie = transactions("Cookie", "a=1; banyan-side=" + value() + "; b=2");

        assertThat(byHeader.body()).isEqualTo("transactions");
        assertThat(reason(byHeader)).isEqualTo("forced");
        assertThat(byCookie.body()).isEqualTo("transactions");
        assertThat(reason(byCookie)).isEqualTo("forced");
        assertThat(proxy.transactionsOf("7").body()).isEqualTo("rails");
        assertThat(reason(proxy.transactionsOf("7"))).isEqualTo("canary");
    }

    @Test
    void the_upstream_sees_nothing_of_it() throws Exception {
        transactions("X-Banyan-Side", value());
        transactions("Cookie", "a=1; banyan-side=" + value() + "; b=2");
        transactions("Cookie", "banyan-side=" + value());

        assertThat(proxy.transactionsHeads()).hasSize(3);
        assertThat(String.join("", proxy.transactionsHeads()).toLowerCase(java.util.Locale.ROOT))
                .doesNotContain("banyan-side")
                .doesNotContain(value().toLowerCase(java.util.Locale.ROOT));
        assertThat(proxy.transactionsHeads().get(1)).contains("Cookie: a=1; b=2\r\n");
        assertThat(proxy.transactionsHeads().get(2)).doesNotContainIgnoringCase("cookie:");
    }

    @Test
    void a_freeze_wins() throws Exception {
        proxy.admin("PUT", "/v1/routes/transactions/freeze", "{}");

        HttpResponse<String> response = transactions("X-Banyan-Side", value());

        assertThat(response.body()).isEqualTo("rails");
        assertThat(reason(response)).isEqualTo("frozen");
    }

    @Test
    void one_that_is_tampered_with_of_another_key_or_expired_is_ignored() throws Exception {
        String legacyFor = new ForcedSide(SigningKeyFile.read(directory.resolve("data"), new SecureRandom()))
                .mint(Side.MODERN, Set.of("transactions"), 1);
        for (String value : new String[] {
            value().replace("transactions", "*"),
            value().substring(0, value().length() - 1) + (value().endsWith("A") ? "B" : "A"),
            value().replaceFirst("\\.[0-9]+\\.", ".9999999999."),
            legacyFor,
            "modern",
            ""
        }) {
            assertThat(reason(transactions("X-Banyan-Side", value))).as(value).isEqualTo("canary");
            assertThat(transactions("Cookie", "banyan-side=" + value).body())
                    .as(value)
                    .isEqualTo("rails");
        }
    }

    @Test
    void another_route_is_not_touched() throws Exception {
        proxy.write("goals.yaml", """
                banyan: 1
                routes:
                  goals: { match: [ GET /api/goals ], legacy: rails, modern: transactions, canary: 0% }
                """);
        await().until(() -> proxy.admin("GET", "/v1/routes/goals", "").statusCode() == 200);

        HttpResponse<String> other = proxy.get("/api/goals", "X-Banyan-Side", value());

        assertThat(other.body()).isEqualTo("rails");
        assertThat(reason(other)).isEqualTo("canary");
    }

    @Test
    void a_forced_answer_is_kept_by_no_shared_cache_and_makes_nobody_sticky() throws Exception {
        HttpResponse<String> response = transactions("X-Banyan-Side", value());

        assertThat(response.headers().firstValue("Cache-Control")).hasValue("private");
        assertThat(response.headers().firstValue("Set-Cookie")).isEmpty();
    }

    @Test
    void who_handed_it_out_for_what_and_why_is_in_the_audit_log_and_the_word_itself_is_not() throws Exception {
        String audit = proxy.admin("GET", "/v1/audit", "").body();

        assertThat(audit)
                .contains(
                        "\"operation\":\"createSide\"",
                        "\"what\":\"side modern --route transactions --for 1h\"",
                        "\"reason\":\"a look\"",
                        "\"routes\":[\"transactions\"]")
                .doesNotContain(value());
    }

    private JsonNode force(String body) throws Exception {
        HttpResponse<String> response = proxy.admin("POST", "/v1/sides", body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return new ObjectMapper().readTree(response.body());
    }

    private String value() {
        return forced.at("/header/value").asText();
    }

    private HttpResponse<String> transactions(String header, String value) throws Exception {
        return proxy.get("/api/transactions", header, value);
    }

    private static String reason(HttpResponse<String> response) {
        return response.headers().firstValue("X-Banyan-Reason").orElseThrow();
    }
}
