package dev.banyan.traffic.shadows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.contract.ShadowPair;
import dev.banyan.routing.Side;
import dev.banyan.testing.Await;
import dev.banyan.testing.Gauges;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.ShadowedEdge;
import dev.banyan.testing.StrictUpstream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a copy is, which requests are copied, and that whatever becomes of it the client's answer is the same. */
class ShadowTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\n";
    private static final String GETS = """
            match: GET /orders/**
            shadow: { share: 100%, of: modern, noise: off }
            """;

    @Test
    void the_client_gets_legacys_answer_and_both_answers_are_seen() throws Exception {
        try (RawUpstream legacy = RawUpstream.answering(OK + "old");
                RawUpstream modern = RawUpstream.answering(OK + "new");
                ShadowedEdge edge = ShadowedEdge.before(legacy.port(), modern.port(), GETS)) {

            String answer = edge.get("/orders/1?page=2", "Cookie: session=1", "X-Request-Id: r-1");
            ShadowPair pair = edge.pair();

            assertThat(answer).endsWith("old");
            assertThat(new String(pair.legacy().body(), StandardCharsets.UTF_8)).isEqualTo("old");
            assertThat(new String(pair.modern().body(), StandardCharsets.UTF_8)).isEqualTo("new");
            assertThat(pair.legacy().isWhole()).isTrue();
            assertThat(pair.modern().status()).isEqualTo(200);
            assertThat(pair.route()).isEqualTo("orders");
            assertThat(pair.match()).isEqualTo("GET /orders/**");
            assertThat(pair.answered()).isEqualTo(Side.LEGACY);
            assertThat(pair.requestId()).isEqualTo("r-1");
            assertThat(modern.heads().get(0))
                    .startsWith("GET /orders/1?page=2 HTTP/1.1\r\n")
                    .contains(
                            "\r\nHost: shop.test\r\n",
                            "\r\nCookie: session=1\r\n",
                            "\r\nX-Request-Id: r-1\r\n",
                            "\r\nX-Forwarded-For: 127.0.0.1\r\n",
                            "\r\nX-Banyan-Shadow: 1\r\n");
            assertThat(legacy.heads().get(0)).doesNotContain("X-Banyan-Shadow");
        }
    }

    @Test
    void a_copy_is_neither_conditional_nor_partial_and_waits_for_nothing() throws Exception {
        try (RawUpstream legacy = RawUpstream.answering(OK + "old");
                RawUpstream modern = RawUpstream.answering(OK + "new");
                ShadowedEdge edge = ShadowedEdge.before(legacy.port(), modern.port(), GETS)) {

            edge.get(
                    "/orders/1",
                    "If-None-Match: \"1\"",
                    "If-Modified-Since: Mon, 30 Nov 2026 12:00:00 GMT",
                    "If-Range: \"1\"",
                    "Range: bytes=0-9",
                    "Expect: 100-continue",
                    "X-Range: kept");
            edge.pair();

            assertThat(legacy.heads().get(0)).contains("If-None-Match", "Range: bytes=0-9");
            assertThat(modern.heads().get(0))
                    .doesNotContain("If-", "\r\nRange", "Expect")
                    .contains("X-Range: kept");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"304 Not Modified", "206 Partial Content"})
    void where_the_client_got_a_part_both_sides_are_asked_for_the_whole(String status) throws Exception {
        RawUpstream.Script script = conditional(status, "old");
        try (RawUpstream legacy = RawUpstream.running(script);
                RawUpstream modern = RawUpstream.answering(OK + "new");
                ShadowedEdge edge = ShadowedEdge.before(legacy.port(), modern.port(), GETS)) {

            assertThat(edge.get("/orders/1", "If-None-Match: \"1\"")).startsWith("HTTP/1.1 " + status);
            ShadowPair pair = edge.pair();

            assertThat(new String(pair.legacy().body(), StandardCharsets.UTF_8)).isEqualTo("old");
            assertThat(new String(pair.modern().body(), StandardCharsets.UTF_8)).isEqualTo("new");
            assertThat(legacy.heads()).hasSize(2);
            assertThat(legacy.heads().get(1))
                    .contains("\r\nX-Banyan-Shadow: 1\r\n")
                    .doesNotContain("If-None-Match");
            assertThat(Gauges.counter(edge.edge, "banyan.shadow.repeats", "route", "orders"))
                    .isEqualTo(1);
        }
    }

    @Test
    void legacy_is_asked_once_more_at_most_once_a_user_and_minute_and_never_for_a_login() throws Exception {
        try (RawUpstream legacy = RawUpstream.running(conditional("304 Not Modified", "old"));
                RawUpstream modern = RawUpstream.answering(OK + "new");
                ShadowedEdge edge =
                        ShadowedEdge.before(legacy.port(), modern.port(), GETS + "stick-by: [ header:X-User-Id ]\n")) {
            edge.get("/orders/login", "If-None-Match: \"1\"", "X-User-Id: 1");
            edge.get("/orders/sign_in.json", "If-None-Match: \"1\"", "X-User-Id: 2");
            Await.until(() -> edge.pairs.size() == 2);
            int asked = legacy.heads().size();
            for (int i = 0; i < 5; i++) {
                edge.get("/orders/" + i, "If-None-Match: \"1\"", "X-User-Id: 3");
            }
            Await.until(() -> edge.pairs.size() == 7);

            assertThat(asked).isEqualTo(2);
            // One, or two where a minute ends just now.
            assertThat(legacy.heads().size() - asked - 5).isBetween(1, 2);
            assertThat(edge.pairs.get(0).legacy().status()).isEqualTo(304);
        }
    }

    /** Answers who asks with a condition in that way, and all others with the whole. */
    private static RawUpstream.Script conditional(String status, String whole) {
        return connection -> {
            for (String head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
                connection.write(
                        head.contains("If-None-Match")
                                ? "HTTP/1.1 " + status + "\r\n"
                                        + (status.startsWith("206") ? "Content-Length: 0\r\n" : "") + "\r\n"
                                : "HTTP/1.1 200 OK\r\nContent-Length: " + whole.length() + "\r\n\r\n" + whole);
            }
        };
    }

    @Test
    void who_takes_compressed_answers_is_copied_as_one_who_takes_what_can_be_read() throws Exception {
        try (RawUpstream legacy = RawUpstream.answering(OK + "old");
                RawUpstream modern = RawUpstream.answering(OK + "new");
                ShadowedEdge edge = ShadowedEdge.before(legacy.port(), modern.port(), GETS)) {
            edge.get("/orders/1", "Accept-Encoding: zstd, br;q=0.1");
            edge.pair();

            assertThat(legacy.heads().get(0)).contains("Accept-Encoding: zstd, br;q=0.1");
            assertThat(modern.heads().get(0))
                    .contains("\r\nAccept-Encoding: gzip, br\r\n")
                    .doesNotContain("zstd");
        }
    }

    /** What hangs, floods, resets or lies is the other side's trouble alone. */
    @ParameterizedTest
    @ValueSource(strings = {"hangs", "resets", "floods", "lies"})
    void whatever_the_other_side_does_the_client_gets_the_same_answer(String how) throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (RawUpstream legacy = RawUpstream.answering(OK + "old");
                RawUpstream modern = RawUpstream.running(connection -> {
                    connection.readHead();
                    switch (how) {
                        case "hangs" -> Await.uninterruptibly(end);
                        case "resets" -> connection.reset();
                        case "lies" ->
                            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx");
                        default -> {
                            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
                            byte[] piece = new byte[64 * 1024];
                            for (int i = 0; i < 15_000; i++) {
                                connection.write(piece);
                            }
                        }
                    }
                });
                ShadowedEdge edge = ShadowedEdge.before(legacy.port(), modern.port(), GETS)) {

            String first = edge.get("/orders/1");
            String second = edge.get("/orders/2");

            assertThat(first).startsWith("HTTP/1.1 200 OK").endsWith("old");
            assertThat(second).startsWith("HTTP/1.1 200 OK").endsWith("old");
            if (!how.equals("hangs")) {
                assertThat(edge.pair().modern().isWhole()).isFalse();
            }
            end.countDown();
        }
    }

    @Test
    void a_side_that_fails_again_and_again_is_left_alone_and_clients_do_not_notice() throws Exception {
        try (RawUpstream legacy = RawUpstream.answering(OK + "old");
                RawUpstream modern = RawUpstream.answering("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n");
                ShadowedEdge edge = ShadowedEdge.before(legacy.port(), modern.port(), GETS)) {

            for (int i = 0; i < 110; i++) {
                int seen = i;
                assertThat(edge.get("/orders/" + i)).endsWith("old");
                Await.until(() -> edge.pairs.size() + edge.unmade("strained") > seen);
            }

            assertThat(edge.unmade("strained")).isEqualTo(10);
            assertThat(edge.pairs).hasSize(100);
        }
    }

    @Test
    void after_429_nothing_is_copied_for_a_while() throws Exception {
        try (RawUpstream legacy = RawUpstream.answering(OK + "old");
                RawUpstream modern = RawUpstream.answering("HTTP/1.1 429 Slow\r\nContent-Length: 0\r\n\r\n");
                ShadowedEdge edge = ShadowedEdge.before(legacy.port(), modern.port(), GETS)) {

            edge.get("/orders/1");
            edge.pair();
            edge.get("/orders/2");

            Await.until(() -> edge.unmade("rate-limited") == 1);
            assertThat(modern.heads()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?reset_password_token=x",
                "?a=1&code=2",
                "?STATE=1",
                "?X-Amz-Signature=1",
                "?user[otp_attempt]=1",
                "?api%5Fkey=1",
                "?user%5Bpassword%5D=1"
            })
    void a_target_whose_query_names_a_secret_is_never_copied(String query) throws Exception {
        try (RawUpstream legacy = RawUpstream.answering(OK + "old");
                RawUpstream modern = RawUpstream.answering(OK + "new");
                ShadowedEdge edge = ShadowedEdge.before(legacy.port(), modern.port(), GETS)) {

            assertThat(edge.get("/orders/1" + query)).endsWith("old");

            assertThat(edge.unmade("secret-query")).isEqualTo(1);
            assertThat(modern.heads()).isEmpty();
        }
    }

    @Test
    void a_route_that_wrote_on_a_GET_is_never_copied_again() throws Exception {
        try (RawUpstream legacy =
                        RawUpstream.answering("HTTP/1.1 200 OK\r\nX-Banyan-Wrote: 1\r\nContent-Length: 3\r\n\r\nold");
                RawUpstream modern = RawUpstream.answering(OK + "new");
                ShadowedEdge edge = ShadowedEdge.before(legacy.port(), modern.port(), GETS)) {

            String answer = edge.get("/orders/1");
            edge.get("/orders/2");

            Await.until(() -> edge.unmade("wrote") == 2);
            assertThat(modern.heads()).isEmpty();
            assertThat(answer).doesNotContain("X-Banyan-Wrote");
        }
    }

    @Test
    void where_the_copy_wrote_nothing_of_the_route_is_copied_any_more() throws Exception {
        try (RawUpstream legacy = RawUpstream.answering(OK + "old");
                RawUpstream modern =
                        RawUpstream.answering(OK.replace("Content-Type", "X-Banyan-Wrote: 1\r\nContent-Type") + "new");
                ShadowedEdge edge = ShadowedEdge.before(legacy.port(), modern.port(), GETS)) {
            edge.get("/orders/1");
            edge.pair();

            edge.get("/orders/2");
            Await.until(() -> edge.unmade("wrote") == 1);

            assertThat(modern.heads()).hasSize(1);
        }
    }

    @Test
    void what_was_counted_stays_when_the_share_goes_to_zero_and_nothing_more_is_copied() throws Exception {
        try (RawUpstream legacy = RawUpstream.answering(OK + "old");
                RawUpstream modern = RawUpstream.answering(OK + "new");
                ShadowedEdge edge = ShadowedEdge.before(legacy.port(), modern.port(), GETS)) {
            edge.get("/orders/1");
            edge.pair();

            edge.edge.plane().putInForce(ShadowedEdge.table(2, legacy.port(), modern.port(), "match: GET /orders/**"));
            edge.get("/orders/2");

            assertThat(Gauges.counter(edge.edge, "banyan.shadow.copies", "route", "orders"))
                    .isEqualTo(1);
            assertThat(modern.heads()).hasSize(1);
        }
    }

    @Test
    void of_answers_and_requests_that_are_too_large_nothing_is_kept() throws Exception {
        String large = "HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n" + "x".repeat(300_000);
        try (RawUpstream legacy = RawUpstream.answering(large);
                RawUpstream modern = RawUpstream.answering(OK + "new");
                ShadowedEdge edge = ShadowedEdge.before(legacy.port(), modern.port(), GETS)) {

            assertThat(edge.get("/orders/1")).hasSizeGreaterThan(300_000);

            Await.until(() -> edge.unmade("answer-too-large") == 1);
            assertThat(modern.heads()).isEmpty();
        }
    }

    @Test
    void an_answer_that_breaks_off_is_compared_with_nothing() throws Exception {
        try (RawUpstream legacy = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 30000\r\n\r\n" + "x".repeat(20_000));
                });
                RawUpstream modern = RawUpstream.answering(OK + "new");
                ShadowedEdge edge = ShadowedEdge.before(legacy.port(), modern.port(), GETS)) {

            edge.get("/orders/1");

            Await.until(() -> edge.unmade("no-answer") == 1);
            assertThat(modern.heads()).isEmpty();
        }
    }

    @Test
    void with_of_both_legacy_is_asked_when_modern_answered() throws Exception {
        try (RawUpstream legacy = RawUpstream.answering(OK + "old");
                RawUpstream modern = RawUpstream.answering(OK + "new");
                ShadowedEdge edge = ShadowedEdge.before(legacy.port(), modern.port(), """
                        match: GET /orders/**
                        canary: 100%
                        shadow: { share: 100%, of: both, noise: off }
                        """)) {

            assertThat(edge.get("/orders/1")).endsWith("new");
            ShadowPair pair = edge.pair();

            assertThat(pair.answered()).isEqualTo(Side.MODERN);
            assertThat(new String(pair.legacy().body(), StandardCharsets.UTF_8)).isEqualTo("old");
            assertThat(legacy.heads().get(0)).contains("X-Banyan-Shadow: 1");
        }
    }

    @Test
    void an_answer_that_came_by_a_fallback_is_compared_with_nothing() throws Exception {
        try (RawUpstream legacy = RawUpstream.answering(OK + "old");
                ShadowedEdge edge = ShadowedEdge.before(legacy.port(), RawUpstream.portNobodyListensOn(), """
                        match: GET /orders/**
                        canary: 100%
                        shadow: { share: 100%, of: both, noise: off }
                        """)) {

            assertThat(edge.get("/orders/1")).endsWith("old");

            Await.until(() -> edge.unmade("no-answer") == 1);
            assertThat(legacy.heads()).hasSize(1);
        }
    }

    @Test
    void writes_are_copied_only_where_the_file_says_that_modern_takes_them() throws Exception {
        String post = "POST /orders HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 7\r\n\r\n{\"a\":1}";
        try (StrictUpstream legacy = new StrictUpstream();
                StrictUpstream modern = new StrictUpstream();
                ShadowedEdge silent = ShadowedEdge.before(legacy.port(), modern.port(), """
                        match: [ GET /orders, POST /orders ]
                        writes: legacy
                        shadow: { share: 100%, noise: off }
                        """);
                ShadowedEdge copying = ShadowedEdge.before(legacy.port(), modern.port(), """
                        match: [ GET /orders, POST /orders ]
                        writes: legacy
                        shadow: { share: 100%, methods: [ GET, POST ], writes-are-safe: true }
                        """)) {

            RawClient.exchange(silent.edge.port(), post);
            assertThat(modern.requests()).isEmpty();
            RawClient.exchange(copying.edge.port(), post);
            copying.pair();

            assertThat(modern.requests()).hasSize(1);
            assertThat(modern.requests().get(0)).startsWith("POST /orders ").endsWith("{\"a\":1}");
            assertThat(legacy.requests()).hasSize(2);
        }
    }
}
