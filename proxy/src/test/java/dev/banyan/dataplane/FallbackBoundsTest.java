package dev.banyan.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How far fallback goes, and what is counted where it ends. */
class FallbackBoundsTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nX-From: legacy\r\n\r\nlegacy";
    private static final String BUSY = "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n";
    private static final String GET = "GET /things HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    private static final String POST =
            "POST /things HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody";

    /** Everybody is on modern. */
    private static TestEdge edge(String rails, String modern, String route) throws IOException {
        return TestEdge.with(Tables.of("""
                default: rails
                upstreams:
                  rails: { %s }
                  modern: { %s }
                routes:
                  things:
                    match: [ GET /things, POST /things, PUT /things ]
                    legacy: rails
                    modern: modern
                    canary: 100%%
                    writes: either
                    %s
                """.formatted(rails, modern, route)));
    }

    private static String at(int port) {
        return "url: \"http://127.0.0.1:" + port + "\"";
    }

    private static double notFallenBack(TestEdge edge, String failure, String why) {
        Counter counter = edge.registry()
                .find("banyan.not.fallen.back")
                .tags("route", "things", "failure", failure, "why", why)
                .counter();
        return counter == null ? 0 : counter.count();
    }

    private static double fallbacks(TestEdge edge) {
        return edge.registry().find("banyan.fallbacks").counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    private static RawUpstream silent() throws IOException {
        return RawUpstream.running(connection -> {
            connection.readHead();
            connection.input().readAllBytes();
        });
    }

    /** Takes one request, and keeps it until it is told to answer. */
    private static RawUpstream working(Step goOn) throws IOException {
        return RawUpstream.running(connection -> {
            while (!connection.readHead().isEmpty()) {
                goOn.await();
                connection.write(OK);
            }
        });
    }

    // After what.

    @ParameterizedTest
    @ValueSource(strings = {"limits: { concurrent: 1, queue: 0 }", "limits: { concurrent: 1, queue-timeout: 100ms }"})
    void where_modern_has_no_room_legacy_answers_reads_and_writes_of_either_side(String limits) throws IOException {
        try (Step goOn = new Step();
                RawUpstream modern = working(goOn);
                StrictUpstream legacy = new StrictUpstream();
                TestEdge edge = edge(at(legacy.port()), at(modern.port()) + ", " + limits, "");
                RawClient busy = new RawClient(edge.port())) {
            busy.send(GET);
            Await.until(() -> modern.heads().size() == 1);

            assertThat(RawClient.exchange(edge.port(), GET)).startsWith("HTTP/1.1 200 ");
            assertThat(RawClient.exchange(edge.port(), POST)).startsWith("HTTP/1.1 200 ");

            assertThat(legacy.requests()).hasSize(2).last().asString().endsWith("\r\n\r\nbody");
            assertThat(modern.heads()).hasSize(1);
            assertThat(edge.registry()
                            .get("banyan.fallbacks")
                            .tag("failure", limits.contains("timeout") ? "queue-timeout" : "queue-full")
                            .counter()
                            .count())
                    .isEqualTo(2);
        }
    }

    @Test
    void a_write_of_either_side_goes_to_legacy_when_moderns_breaker_is_open() throws IOException {
        try (RawUpstream modern = RawUpstream.answering("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n");
                StrictUpstream legacy = new StrictUpstream();
                TestEdge edge =
                        edge(at(legacy.port()), at(modern.port()) + ", breaker: { over: 1, open-for: 1h }", "")) {
            assertThat(RawClient.exchange(edge.port(), GET)).startsWith("HTTP/1.1 500 ");

            assertThat(RawClient.exchange(edge.port(), POST)).startsWith("HTTP/1.1 200 ");

            assertThat(legacy.requests()).singleElement().asString().endsWith("\r\n\r\nbody");
        }
    }

    @Test
    void a_reset_is_a_failure_like_any() throws IOException {
        try (RawUpstream modern = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.reset();
                });
                RawUpstream legacy = RawUpstream.answering(OK);
                TestEdge edge = edge(at(legacy.port()), at(modern.port()), "")) {

            assertThat(RawClient.exchange(edge.port(), GET)).endsWith("legacy");
        }
    }

    @Test
    void an_answer_that_is_none_is_a_failure_like_any() throws IOException {
        try (RawUpstream modern = RawUpstream.answering("nonsense\r\n\r\n");
                RawUpstream legacy = RawUpstream.answering(OK);
                TestEdge edge = edge(at(legacy.port()), at(modern.port()), "")) {

            assertThat(RawClient.exchange(edge.port(), GET)).endsWith("legacy");
        }
    }

    @Test
    void legacy_has_its_own_time_when_moderns_is_over() throws IOException {
        try (RawUpstream modern = silent();
                RawUpstream legacy = RawUpstream.answering(OK);
                TestEdge edge = edge(at(legacy.port()), at(modern.port()) + ", timeouts: { total: 1500ms }", "")) {

            assertThat(RawClient.exchange(edge.port(), GET)).endsWith("legacy");
            assertThat(RawClient.exchange(edge.port(), POST)).startsWith("HTTP/1.1 504 ");

            assertThat(notFallenBack(edge, "total-timeout", "unsafe")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"404 Not Found", "429 Too Many Requests", "502 Bad Gateway", "599 Whatever"})
    void every_status_that_may_be_listed_counts_when_it_is(String status) throws IOException {
        int number = Integer.parseInt(status.substring(0, 3));
        try (RawUpstream modern = RawUpstream.answering("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n");
                RawUpstream legacy = RawUpstream.answering(OK);
                TestEdge edge =
                        edge(at(legacy.port()), at(modern.port()), "fallback: { statuses: [ " + number + " ] }")) {

            assertThat(RawClient.exchange(edge.port(), GET)).endsWith("legacy");
            assertThat(RawClient.exchange(edge.port(), POST)).startsWith("HTTP/1.1 " + number + " ");

            assertThat(notFallenBack(edge, "status-" + number, "unsafe")).isEqualTo(1);
        }
    }

    // Which requests.

    @Test
    void what_an_earlier_attempt_may_have_done_is_not_done_by_legacy() throws IOException {
        // A PUT over a connection that is just closing goes again, and then finds nobody: but the first may have run.
        AtomicInteger requests = new AtomicInteger();
        try (RawUpstream legacy = RawUpstream.answering(OK);
                RawUpstream modern = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                    connection.readHead();
                    requests.incrementAndGet();
                    connection.stopListening();
                });
                TestEdge edge = edge(at(legacy.port()), at(modern.port()), "");
                RawClient client = new RawClient(edge.port())) {
            client.send("GET /things HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");

            client.send("PUT /things HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx");

            assertThat(client.readToEnd()).startsWith("HTTP/1.1 502 ").contains("refused the connection");
            assertThat(requests).hasValue(1);
            assertThat(legacy.heads()).isEmpty();
            assertThat(notFallenBack(edge, "connect-failed", "unsafe")).isEqualTo(1);
        }
    }

    @Test
    void what_a_continue_was_said_to_may_still_go_to_legacy() throws IOException {
        try (RawUpstream modern = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 100 Continue\r\n\r\n");
                    connection.readBytes(4);
                });
                StrictUpstream legacy = new StrictUpstream();
                TestEdge edge = edge(at(legacy.port()), at(modern.port()), "");
                RawClient client = new RawClient(edge.port())) {
            client.send("GET /things HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
            assertThat(client.readHead()).startsWith("HTTP/1.1 100 ");

            client.send("body");

            assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
            assertThat(legacy.requests()).singleElement().asString().endsWith("\r\n\r\nbody");
        }
    }

    // How much.

    @Test
    void it_is_not_charged_to_the_budget_of_retries() throws IOException {
        try (RawUpstream legacy = RawUpstream.answering(OK);
                TestEdge edge = edge(
                        at(legacy.port()) + ", retries: { budget: 0%, at-least: 0/s }",
                        at(RawUpstream.portNobodyListensOn()) + ", retries: { budget: 0%, at-least: 0/s }",
                        "")) {
            for (int i = 0; i < 20; i++) {
                assertThat(RawClient.exchange(edge.port(), GET)).endsWith("legacy");
            }

            assertThat(fallbacks(edge)).isEqualTo(20);
        }
    }

    @Test
    void legacy_takes_no_more_of_it_than_its_own_limits_allow() throws IOException {
        try (Step goOn = new Step();
                RawUpstream legacy = working(goOn);
                TestEdge edge = edge(
                        at(legacy.port()) + ", limits: { concurrent: 1, queue: 0 }",
                        at(RawUpstream.portNobodyListensOn()),
                        "");
                RawClient first = new RawClient(edge.port())) {
            first.send(GET);
            Await.until(() -> legacy.heads().size() == 1);

            assertThat(RawClient.exchange(edge.port(), GET))
                    .startsWith("HTTP/1.1 503 ")
                    .contains("upstream rails has as many requests under way as it may", "Retry-After: ");

            goOn.next();
            assertThat(first.readToEnd()).endsWith("legacy");
            assertThat(legacy.heads()).hasSize(1);
            assertThat(fallbacks(edge)).isEqualTo(1);
            assertThat(notFallenBack(edge, "connect-failed", "legacy-queue-full"))
                    .isEqualTo(1);
        }
    }

    @Test
    void a_legacy_that_fails_is_left_alone_too() throws IOException {
        try (RawUpstream legacy = RawUpstream.answering("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n");
                TestEdge edge = edge(
                        at(legacy.port()) + ", breaker: { over: 2, open-for: 1h }",
                        at(RawUpstream.portNobodyListensOn()),
                        "")) {
            RawClient.exchange(edge.port(), GET);
            RawClient.exchange(edge.port(), GET);

            assertThat(RawClient.exchange(edge.port(), GET))
                    .startsWith("HTTP/1.1 503 ")
                    .contains("upstream rails was not asked");

            assertThat(legacy.heads()).hasSize(2);
            assertThat(notFallenBack(edge, "connect-failed", "legacy-breaker-open"))
                    .isEqualTo(1);
        }
    }

    // Where it was not done, and why.

    @Test
    void a_status_that_is_not_listed_is_counted_as_such() throws IOException {
        try (RawUpstream modern = RawUpstream.answering("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n");
                RawUpstream legacy = RawUpstream.answering(OK);
                TestEdge edge = edge(at(legacy.port()), at(modern.port()), "")) {

            assertThat(RawClient.exchange(edge.port(), GET)).startsWith("HTTP/1.1 500 ");

            assertThat(notFallenBack(edge, "status-500", "not-listed")).isEqualTo(1);
        }
    }

    @Test
    void so_is_a_listed_one_where_it_is_off() throws IOException {
        try (RawUpstream modern = RawUpstream.answering(BUSY);
                RawUpstream legacy = RawUpstream.answering(OK);
                TestEdge edge = edge(at(legacy.port()), at(modern.port()), "fallback: off")) {

            assertThat(RawClient.exchange(edge.port(), GET)).startsWith("HTTP/1.1 503 Busy\r\n");

            assertThat(notFallenBack(edge, "status-503", "off")).isEqualTo(1);
        }
    }

    @Test
    void an_answer_that_breaks_off_is_cut_and_counted() throws IOException {
        try (RawUpstream modern = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhal");
                });
                RawUpstream legacy = RawUpstream.answering(OK);
                TestEdge edge = edge(at(legacy.port()), at(modern.port()), "");
                RawClient client = new RawClient(edge.port())) {
            client.send(GET);

            assertThat(client.readToEndOrReset()).endsWith("\r\n\r\nhal");

            assertThat(legacy.heads()).isEmpty();
            assertThat(notFallenBack(edge, "closed-within-answer", "answer-begun"))
                    .isEqualTo(1);
        }
    }

    @Test
    void hints_that_have_reached_the_client_are_counted() throws IOException {
        try (RawUpstream modern = RawUpstream.answering(
                        "HTTP/1.1 103 Early Hints\r\nLink: </m.css>; rel=preload\r\n\r\n" + BUSY);
                RawUpstream legacy = RawUpstream.answering(OK);
                TestEdge edge = edge(at(legacy.port()), at(modern.port()), "")) {

            assertThat(RawClient.exchange(edge.port(), GET))
                    .startsWith("HTTP/1.1 103 ")
                    .contains("HTTP/1.1 503 Busy\r\n");

            assertThat(notFallenBack(edge, "status-503", "answer-begun")).isEqualTo(1);
        }
    }

    @Test
    void a_body_that_is_not_kept_is_counted() throws IOException {
        try (RawUpstream modern = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.readBytes(100);
                });
                RawUpstream legacy = RawUpstream.answering(OK);
                TestEdge edge = edge(at(legacy.port()), at(modern.port()), "hold-body: 99B")) {

            assertThat(RawClient.exchange(
                            edge.port(),
                            "GET /things HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 100\r\n\r\n"
                                    + "x".repeat(100)))
                    .startsWith("HTTP/1.1 502 ");

            assertThat(notFallenBack(edge, "closed-before-answer", "body-not-kept"))
                    .isEqualTo(1);
        }
    }

    @Test
    void a_route_without_legacy_says_so() throws IOException {
        try (TestEdge edge = TestEdge.with(Tables.of("""
                default: modern
                upstreams:
                  modern: { url: "http://127.0.0.1:%d" }
                routes:
                  things: { match: GET /things, modern: modern }
                """.formatted(RawUpstream.portNobodyListensOn())))) {

            assertThat(RawClient.exchange(edge.port(), GET)).startsWith("HTTP/1.1 502 ");

            assertThat(notFallenBack(edge, "connect-failed", "no-legacy")).isEqualTo(1);
        }
    }

    @Test
    void the_clients_own_deadline_is_no_reason_to_ask_legacy() throws IOException {
        try (RawUpstream modern = silent();
                RawUpstream legacy = RawUpstream.answering(OK);
                TestEdge edge = edge(at(legacy.port()), at(modern.port()), "")) {

            assertThat(RawClient.exchange(
                            edge.port(),
                            "GET /things HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                                    + "Content-Type: application/grpc\r\nGrpc-Timeout: 100m\r\n\r\n"))
                    .contains("grpc-status: 4\r\n");

            assertThat(legacy.heads()).isEmpty();
            assertThat(notFallenBack(edge, "client-deadline", "out-of-time")).isEqualTo(1);
        }
    }
}
