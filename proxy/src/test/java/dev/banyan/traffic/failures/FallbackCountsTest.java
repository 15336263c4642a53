package dev.banyan.traffic.failures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.Step;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import dev.banyan.testing.TwoSides;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What is counted where modern failed and legacy was not asked. */
class FallbackCountsTest {
    private static final String NOT_DONE = "banyan.not.fallen.back";
    private static final String BUSY = "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n";
    private static final String GET = "GET /things HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

    private static void isCounted(TwoSides sides, String failure, String why) {
        assertThat(sides.counted(NOT_DONE, "route", "things", "failure", failure, "why", why))
                .isEqualTo(1);
        assertThat(sides.edge().registry().find(NOT_DONE).counters()).hasSize(1);
        assertThat(sides.legacy().heads()).isEmpty();
    }

    @Test
    void a_status_that_is_not_listed() throws IOException {
        try (RawUpstream modern = RawUpstream.answering("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n");
                TwoSides sides = new TwoSides(modern.port(), "", "")) {

            assertThat(sides.get()).startsWith("HTTP/1.1 500 ");

            isCounted(sides, "status-500", "not-listed");
        }
    }

    @Test
    void one_below_500_that_is_not_listed_is_no_failure() throws IOException {
        try (RawUpstream modern = RawUpstream.answering("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
                TwoSides sides = new TwoSides(modern.port(), "", "")) {

            assertThat(sides.get()).startsWith("HTTP/1.1 404 ");

            assertThat(sides.edge().registry().find(NOT_DONE).counter()).isNull();
        }
    }

    @Test
    void a_listed_one_where_it_is_off() throws IOException {
        try (RawUpstream modern = RawUpstream.answering(BUSY);
                TwoSides sides = new TwoSides(modern.port(), "fallback: off", "")) {

            assertThat(sides.get()).startsWith("HTTP/1.1 503 Busy\r\n");

            isCounted(sides, "status-503", "off");
        }
    }

    @Test
    void an_answer_that_breaks_off() throws IOException {
        try (Step seen = new Step();
                RawUpstream modern = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhal");
                    seen.await();
                });
                TwoSides sides = new TwoSides(modern.port(), "", "");
                RawClient client = new RawClient(sides.edge().port())) {
            client.send(GET);
            client.readHead();
            assertThat(client.read(3)).isEqualTo("hal");
            seen.next();

            assertThat(client.readToEndOrReset()).isEmpty();

            isCounted(sides, "closed-within-answer", "answer-begun");
        }
    }

    @Test
    void hints_that_have_reached_the_client() throws IOException {
        try (RawUpstream modern = RawUpstream.answering(
                        "HTTP/1.1 103 Early Hints\r\nLink: </m.css>; rel=preload\r\n\r\n" + BUSY);
                TwoSides sides = new TwoSides(modern.port(), "", "")) {

            assertThat(sides.get()).startsWith("HTTP/1.1 103 ").contains("HTTP/1.1 503 Busy\r\n");

            isCounted(sides, "status-503", "answer-begun");
        }
    }

    @Test
    void a_body_that_is_not_kept() throws IOException {
        try (RawUpstream modern = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.readBytes(100);
                });
                TwoSides sides = new TwoSides(modern.port(), "hold-body: 99B", "")) {

            assertThat(sides.exchange("GET", "x".repeat(100))).startsWith("HTTP/1.1 502 ");

            isCounted(sides, "closed-before-answer", "body-not-kept");
        }
    }

    @Test
    void a_write_that_modern_owns() throws IOException {
        try (TwoSides sides = new TwoSides(RawUpstream.portNobodyListensOn(), "", "")) {

            assertThat(sides.exchange("POST", "x")).startsWith("HTTP/1.1 502 ");

            isCounted(sides, "connect-failed", "unsafe");
        }
    }

    @Test
    void the_clients_own_deadline() throws IOException {
        try (RawUpstream modern = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.read();
                });
                TwoSides sides = new TwoSides(modern.port(), "", "")) {

            assertThat(sides.get("Content-Type: application/grpc", "Grpc-Timeout: 100m"))
                    .contains("grpc-status: 4\r\n");

            isCounted(sides, "client-deadline", "out-of-time");
        }
    }

    @Test
    void a_route_without_legacy() throws IOException {
        try (TestEdge edge = TestEdge.with(Tables.of("""
                default: modern
                upstreams:
                  modern: { url: "http://127.0.0.1:%d" }
                routes:
                  things: { match: GET /things, modern: modern }
                """.formatted(RawUpstream.portNobodyListensOn())))) {

            assertThat(RawClient.exchange(edge.port(), GET)).startsWith("HTTP/1.1 502 ");

            assertThat(edge.registry()
                            .get(NOT_DONE)
                            .tags("route", "things", "failure", "connect-failed", "why", "no-legacy")
                            .counter()
                            .count())
                    .isEqualTo(1);
        }
    }
}
