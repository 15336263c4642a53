package dev.banyan.traffic.shadows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.controlplane.parity.ParityVerdict;
import dev.banyan.controlplane.parity.RouteParity;
import dev.banyan.controlplane.parity.compare.Difference;
import dev.banyan.dataplane.message.FieldLine;
import dev.banyan.dataplane.mirror.CopyRules;
import dev.banyan.testing.ComparedEdge;
import dev.banyan.testing.RawUpstream;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A request that a client was served is made once more by nobody, or by a test user: modern must not serve what legacy refuses. */
class SkippedChecksTest {
    private static final String ANONYMOUS = """
            match: [ "GET /orders/{id}", "GET /last" ]
            shadow: { share: 0.01%, noise: off, anonymous: 100% }
            """;
    private static final String PROBE = ANONYMOUS.replace("anonymous", "probe");
    private static final CopyRules WITH_TEST_USER =
            CopyRules.USUAL.withTestUser(List.of(FieldLine.of("Cookie", "_session=test")));
    private static final String SERVED = text("200 OK", "Content-Type: application/json", "{\"secret\":1}");

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of("401", text("401 Unauthorized", "Content-Type: text/plain", "no")),
                Arguments.of("403", text("403 Forbidden", "Content-Type: text/plain", "no")),
                Arguments.of("404", text("404 Not Found", "Content-Type: text/plain", "no")),
                Arguments.of("302", text("302 Found", "Location: http://shop.test/users/sign_in", "")));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void modern_serves_nobody_what_legacy_refuses(String status, String refusal) throws Exception {
        try (RawUpstream legacy = RawUpstream.answering(signedIn(SERVED, refusal));
                RawUpstream modern = RawUpstream.answering(SERVED);
                ComparedEdge edge = ComparedEdge.before(legacy.port(), modern.port(), ANONYMOUS)) {
            edge.get("/orders/7", "Cookie: _session=1", "User-Agent: App/1", "Accept: */*", "X-Key: 5");
            RouteParity parity = edge.parity(known -> !known.causes().isEmpty());

            assertThat(parity.verdict()).isEqualTo(ParityVerdict.DIFFERENT);
            assertThat(parity.causes()).singleElement().satisfies(cause -> {
                assertThat(cause.match()).isEqualTo("GET /orders/{id}");
                assertThat(cause.fields()).singleElement().satisfies(field -> {
                    assertThat(field.kind()).isEqualTo(Difference.Kind.CHECK_SKIPPED);
                    assertThat(field.legacy()).isEqualTo(status);
                    assertThat(field.modern()).isEqualTo("200");
                });
            });
            assertThat(strangers(modern)).singleElement().satisfies(SkippedChecksTest::isNobodys);
            assertThat(strangers(legacy)).singleElement().satisfies(SkippedChecksTest::isNobodys);
        }
    }

    /** Nothing of the client's but path, Host, Accept and User-Agent; and nobody's address. */
    private static void isNobodys(String head) {
        assertThat(head).startsWith("GET /orders/7 HTTP/1.1\r\n");
        assertThat(head.lines().skip(1).filter(line -> !line.isEmpty()))
                .containsExactlyInAnyOrder(
                        "Host: shop.test",
                        "User-Agent: App/1",
                        "Accept: */*",
                        "X-Forwarded-For: 192.0.2.1",
                        "X-Forwarded-Proto: http",
                        requestId(head),
                        "Via: 1.1 banyan",
                        "X-Banyan-Shadow: 1");
    }

    private static String requestId(String head) {
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("x-request-id:"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_query_may_be_what_the_refusal_is_about_and_head_shows_nothing_so_neither_is_asked() throws Exception {
        String refusal = text("404 Not Found", "Content-Type: text/plain", "no");
        try (RawUpstream legacy = RawUpstream.answering(signedIn(SERVED, refusal));
                RawUpstream modern = RawUpstream.answering(SERVED);
                ComparedEdge edge = ComparedEdge.before(legacy.port(), modern.port(), ANONYMOUS)) {
            edge.get("/orders/7?account=5", "Cookie: _session=1");
            edge.send("HEAD", "/orders/7", "Cookie: _session=1");
            edge.get("/last", "Cookie: _session=1");
            edge.parity(known -> !known.causes().isEmpty());

            assertThat(strangers(legacy)).singleElement().asString().startsWith("GET /last ");
        }
    }

    @Test
    void a_page_where_legacy_redirects_to_a_login_may_be_one_to_log_in_by_and_condemns_nobody() throws Exception {
        String page = text("200 OK", "Content-Type: text/html", "<h1>Your orders</h1>");
        String login = text("200 OK", "Content-Type: text/html", "<form>Please log in</form>");
        try (RawUpstream legacy = RawUpstream.answering(signedIn(page, text("302 Found", "Location: /login", "")));
                RawUpstream modern = RawUpstream.answering(signedIn(page, login));
                ComparedEdge edge = ComparedEdge.before(legacy.port(), modern.port(), ANONYMOUS)) {
            edge.get("/orders/7", "Cookie: _session=1");
            RouteParity parity = edge.parity(known -> !known.causes().isEmpty());

            assertThat(parity.verdict().word()).as(parity.toString()).isEqualTo(ParityVerdict.Word.UNDECIDED);
            assertThat(parity.causes().get(0).fields().get(0).kind()).isEqualTo(Difference.Kind.VALUE);
        }
    }

    @Test
    void a_public_page_with_a_clock_is_no_page_to_log_in_by() throws Exception {
        AtomicInteger clock = new AtomicInteger(1000);
        UnaryOperator<String> ticking =
                head -> text("200 OK", "Content-Type: application/json", "{\"at\":" + clock.incrementAndGet() + "}");
        try (RawUpstream legacy = RawUpstream.answering(ticking);
                RawUpstream modern = RawUpstream.answering(ticking);
                ComparedEdge edge = ComparedEdge.before(legacy.port(), modern.port(), ANONYMOUS)) {
            edge.get("/orders/7");
            edge.awaitStrangers(1);
            edge.awaitNextSecond();
            edge.get("/orders/7");
            edge.get("/last");
            edge.awaitStrangers(2);

            assertThat(strangers(modern)).isEmpty();
        }
    }

    @Test
    void who_is_refused_by_both_is_no_difference() throws Exception {
        String refusal = text("401 Unauthorized", "Content-Type: text/plain", "no");
        try (RawUpstream legacy = RawUpstream.answering(signedIn(SERVED, refusal));
                RawUpstream modern = RawUpstream.answering(
                        head -> head.startsWith("GET /last ") || head.contains("_session=") ? SERVED : refusal);
                ComparedEdge edge = ComparedEdge.before(legacy.port(), modern.port(), ANONYMOUS)) {
            edge.get("/orders/7", "Cookie: _session=1");

            onlyTheLastIsNamed(edge);
        }
    }

    @Test
    void what_legacy_serves_everybody_is_public_and_modern_is_not_asked() throws Exception {
        try (RawUpstream legacy = RawUpstream.answering(SERVED);
                RawUpstream modern = RawUpstream.answering(SERVED);
                ComparedEdge edge = ComparedEdge.before(legacy.port(), modern.port(), ANONYMOUS)) {
            edge.get("/orders/7", "Cookie: _session=1");
            edge.awaitStrangers(1);
            edge.awaitNextSecond();
            edge.get("/orders/8", "Cookie: _session=1");
            edge.get("/last", "Cookie: _session=1");
            edge.awaitStrangers(2);

            assertThat(strangers(modern)).isEmpty();
            assertThat(strangers(legacy).stream().filter(head -> head.startsWith("GET /orders/8")))
                    .as("not asked again for a day")
                    .isEmpty();
        }
    }

    @Test
    void a_page_to_log_in_by_is_told_from_what_it_keeps_though_its_status_is_200() throws Exception {
        String login = text("200 OK", "Content-Type: application/json", "{\"please\":\"log in\"}");
        try (RawUpstream legacy = RawUpstream.answering(signedIn(SERVED, login));
                RawUpstream modern = RawUpstream.answering(SERVED);
                ComparedEdge edge = ComparedEdge.before(legacy.port(), modern.port(), ANONYMOUS)) {
            edge.get("/orders/7", "Cookie: _session=1");

            assertThat(edge.parity(known -> !known.causes().isEmpty()).verdict())
                    .isEqualTo(ParityVerdict.DIFFERENT);
        }
    }

    @Test
    void modern_may_show_a_page_to_log_in_by_too() throws Exception {
        String login = text("200 OK", "Content-Type: application/json", "{\"please\":\"log in\"}");
        try (RawUpstream legacy = RawUpstream.answering(signedIn(SERVED, login));
                RawUpstream modern = RawUpstream.answering(
                        head -> head.startsWith("GET /last ") || head.contains("_session=") ? SERVED : login);
                ComparedEdge edge = ComparedEdge.before(legacy.port(), modern.port(), ANONYMOUS)) {
            edge.get("/orders/7", "Cookie: _session=1");

            onlyTheLastIsNamed(edge);
        }
    }

    /** A check that modern does skip, once all else is settled. */
    private static void onlyTheLastIsNamed(ComparedEdge edge) throws Exception {
        edge.awaitStrangers(2);
        edge.awaitNextSecond();
        edge.get("/last", "Cookie: _session=1");

        assertThat(edge.parity(known -> !known.causes().isEmpty()).causes())
                .singleElement()
                .satisfies(cause -> assertThat(cause.match()).isEqualTo("GET /last"));
    }

    @ParameterizedTest
    @MethodSource("limits")
    void a_limit_ends_all_repeats(String limit) throws Exception {
        try (RawUpstream legacy = RawUpstream.answering(signedIn(SERVED, text(limit, "X: y", "no")));
                RawUpstream modern = RawUpstream.answering(SERVED);
                ComparedEdge edge = ComparedEdge.before(legacy.port(), modern.port(), ANONYMOUS)) {
            edge.get("/orders/7", "Cookie: _session=1");
            edge.awaitStrangers(1);
            edge.awaitNextSecond();
            edge.get("/last", "Cookie: _session=1");
            edge.get("/last", "Cookie: _session=1");

            assertThat(strangers(modern)).isEmpty();
            assertThat(strangers(legacy)).hasSize(1);
        }
    }

    static Stream<String> limits() {
        return Stream.of("429 Too Many Requests", "423 Locked");
    }

    @Test
    void what_a_route_is_asked_so_is_asked_once_a_second() throws Exception {
        try (RawUpstream legacy = RawUpstream.answering(
                        signedIn(SERVED, text("401 Unauthorized", "Content-Type: text/plain", "no")));
                RawUpstream modern = RawUpstream.answering(SERVED);
                ComparedEdge edge = ComparedEdge.before(legacy.port(), modern.port(), ANONYMOUS)) {
            edge.awaitNextSecond();
            for (int i = 0; i < 10; i++) {
                edge.get("/orders/" + i, "Cookie: _session=1");
            }
            edge.parity(known -> !known.causes().isEmpty());

            // A slow machine may take more than a second for ten requests.
            assertThat(strangers(modern)).hasSizeLessThan(5);
        }
    }

    @Test
    void a_test_user_is_served_by_modern_what_legacy_keeps_for_its_owner() throws Exception {
        UnaryOperator<String> legacyAnswers = head -> head.contains("_session=owner")
                ? SERVED
                : text("404 Not Found", "Content-Type: application/json", "{}");
        try (RawUpstream legacy = RawUpstream.answering(legacyAnswers);
                RawUpstream modern = RawUpstream.answering(
                        signedIn(SERVED, text("401 Unauthorized", "Content-Type: application/json", "{}")));
                ComparedEdge edge = ComparedEdge.before(legacy.port(), modern.port(), PROBE, WITH_TEST_USER)) {
            edge.get("/orders/7", "Cookie: _session=owner");
            RouteParity parity = edge.parity(known -> !known.causes().isEmpty());

            assertThat(parity.verdict()).isEqualTo(ParityVerdict.DIFFERENT);
            assertThat(parity.causes().get(0).fields().get(0).kind()).isEqualTo(Difference.Kind.OWNERS_CHECK_SKIPPED);
            assertThat(strangers(modern)).singleElement().asString().contains("\r\nCookie: _session=test\r\n");
        }
    }

    @Test
    void a_test_user_that_is_not_signed_in_any_more_proves_nothing() throws Exception {
        UnaryOperator<String> legacyAnswers = head -> head.contains("_session=owner")
                ? SERVED
                : text("401 Unauthorized", "Content-Type: application/json", "{}");
        try (RawUpstream legacy = RawUpstream.answering(legacyAnswers);
                RawUpstream modern = RawUpstream.answering(SERVED);
                ComparedEdge edge = ComparedEdge.before(legacy.port(), modern.port(), PROBE, WITH_TEST_USER)) {
            edge.get("/orders/7", "Cookie: _session=owner");
            edge.awaitUnmade("test-user-unknown");

            assertThat(strangers(modern)).isEmpty();
        }
    }

    /** Requests that were made without the client's credentials; a client's may have been copied, too. */
    private static List<String> strangers(RawUpstream upstream) {
        return upstream.heads().stream()
                .filter(head -> head.contains("\r\nX-Forwarded-For: 192.0.2.1\r\n"))
                .toList();
    }

    private static UnaryOperator<String> signedIn(String served, String refused) {
        return head -> head.contains("Cookie: _session=") ? served : refused;
    }

    private static String text(String status, String field, String body) {
        return "HTTP/1.1 " + status + "\r\n" + field + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }
}
