package dev.banyan.traffic.failures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.testing.Await;
import dev.banyan.testing.FramePeer;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.Step;
import dev.banyan.testing.StrictUpstream;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import io.micrometer.core.instrument.Counter;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How far fallback goes. */
class FallbackBoundsTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nX-From: legacy\r\n\r\nlegacy";
    private static final int REFUSED_STREAM = 7;
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

    /** A stream that was refused is one that was not looked at (RFC 9113, 8.7). */
    @Test
    void a_write_of_either_side_that_modern_refuses_to_take_goes_to_legacy_with_its_body() throws Exception {
        try (RawUpstream modern = RawUpstream.running(connection -> {
                    FramePeer peer = FramePeer.accepted(connection.socket());
                    for (FramePeer.Frame frame = peer.next(); frame != null; frame = peer.next()) {
                        if (frame.type() == FramePeer.DATA && frame.has(FramePeer.END_STREAM)) {
                            peer.frame(FramePeer.RST_STREAM, 0, frame.stream(), FramePeer.number(REFUSED_STREAM));
                        }
                    }
                });
                StrictUpstream legacy = new StrictUpstream();
                TestEdge edge = edge(at(legacy.port()), at(modern.port()) + ", protocol: h2c", "")) {

            assertThat(RawClient.exchange(edge.port(), POST)).startsWith("HTTP/1.1 200 ");

            assertThat(legacy.requests()).singleElement().asString().endsWith("\r\n\r\nbody");
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
}
