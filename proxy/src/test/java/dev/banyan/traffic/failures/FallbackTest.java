package dev.banyan.traffic.failures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.StrictUpstream;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import dev.banyan.testing.TwoSides;
import java.io.IOException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Legacy answers where modern failed and nothing was lost or could be done twice. */
class FallbackTest {
    private static final String UNAVAILABLE =
            "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\nX-From: modern\r\nSet-Cookie: m=1\r\n\r\nbusy";

    private static RawUpstream closingWithoutAnswer() throws IOException {
        return RawUpstream.running(RawUpstream.Connection::readHead);
    }

    private static void isFromLegacy(String answer) {
        assertThat(answer)
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("X-From: legacy\r\n", "X-Banyan-Side: legacy\r\n", "X-Banyan-Reason: fallback\r\n")
                .endsWith("\r\n\r\nlegacy")
                .doesNotContain("X-From: modern", "m=1");
    }

    @Test
    void a_read_is_answered_by_legacy_when_modern_refuses_the_connection() throws IOException {
        try (TwoSides sides = new TwoSides(RawUpstream.portNobodyListensOn(), "", "")) {

            String answer = sides.get();

            isFromLegacy(answer);
            assertThat(sides.counted("banyan.fallbacks", "route", "things", "failure", "connect-failed"))
                    .isEqualTo(1);
        }
    }

    @Test
    void a_read_is_answered_by_legacy_when_modern_closes_without_an_answer() throws IOException {
        try (RawUpstream modern = closingWithoutAnswer();
                TwoSides sides = new TwoSides(modern.port(), "", "")) {

            isFromLegacy(sides.get());
        }
    }

    @Test
    void a_read_is_answered_by_legacy_when_modern_does_not_answer_in_time() throws IOException {
        try (RawUpstream modern = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.read();
                });
                TwoSides sides = new TwoSides(modern.port(), "", "timeouts: { response: 200ms }")) {

            isFromLegacy(sides.get());
            assertThat(sides.counted("banyan.fallbacks", "failure", "response-timeout"))
                    .isEqualTo(1);
        }
    }

    @Test
    void a_listed_status_falls_back_and_nothing_of_the_first_answer_leaks() throws IOException {
        try (RawUpstream modern = RawUpstream.answering(UNAVAILABLE);
                TwoSides sides = new TwoSides(modern.port(), "", "")) {

            isFromLegacy(sides.get());
        }
    }

    @Test
    void the_connection_of_an_answer_that_was_dropped_is_used_again() throws IOException {
        try (RawUpstream modern = RawUpstream.answering(UNAVAILABLE);
                TwoSides sides = new TwoSides(modern.port(), "", "");
                RawClient client = new RawClient(sides.edge().port())) {
            for (int i = 0; i < 5; i++) {
                client.send("GET /things HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(client.readHead()).contains("X-From: legacy\r\n");
                assertThat(client.read(6)).isEqualTo("legacy");
            }

            assertThat(modern.connections()).isEqualTo(1);
        }
    }

    @Test
    void a_status_that_is_not_listed_is_the_answer() throws IOException {
        try (RawUpstream modern = RawUpstream.answering("HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\noops");
                TwoSides sides = new TwoSides(modern.port(), "", "")) {

            assertThat(sides.get()).startsWith("HTTP/1.1 500 Oops\r\n").contains("X-Banyan-Side: modern\r\n");
            assertThat(sides.legacy().heads()).isEmpty();
        }
    }

    @Test
    void a_status_can_be_listed() throws IOException {
        try (RawUpstream modern = RawUpstream.answering("HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\noops");
                TwoSides sides = new TwoSides(modern.port(), "fallback: { statuses: [500] }", "")) {

            isFromLegacy(sides.get());
        }
    }

    @Test
    void switched_off_it_is_not_done_and_that_is_counted() throws IOException {
        try (RawUpstream modern = RawUpstream.answering(UNAVAILABLE);
                TwoSides sides = new TwoSides(modern.port(), "fallback: off", "")) {

            assertThat(sides.get()).startsWith("HTTP/1.1 503 ").endsWith("busy");
        }
        try (TwoSides sides = new TwoSides(RawUpstream.portNobodyListensOn(), "fallback: off", "")) {

            assertThat(sides.get()).startsWith("HTTP/1.1 502 ");
            assertThat(sides.counted("banyan.not.fallen.back", "failure", "connect-failed", "why", "off"))
                    .isEqualTo(1);
        }
    }

    @Test
    void a_write_never_falls_back_while_modern_owns_the_data() throws IOException {
        try (TwoSides sides = new TwoSides(RawUpstream.portNobodyListensOn(), "", "")) {

            assertThat(sides.exchange("POST", "x")).startsWith("HTTP/1.1 502 ");
            assertThat(sides.legacy().heads()).isEmpty();
            assertThat(sides.counted("banyan.not.fallen.back", "why", "unsafe")).isEqualTo(1);
        }
    }

    @Test
    void a_write_that_modern_surely_did_not_see_falls_back_where_either_side_writes() throws IOException {
        try (TwoSides sides = new TwoSides(RawUpstream.portNobodyListensOn(), "writes: either", "")) {

            isFromLegacy(sides.exchange("POST", "amount=1"));
            assertThat(sides.legacy().heads()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT"})
    void a_write_that_modern_may_have_seen_does_not(String method) throws IOException {
        try (RawUpstream modern = closingWithoutAnswer();
                TwoSides sides = new TwoSides(modern.port(), "writes: either", "")) {

            assertThat(sides.exchange(method, "amount=1")).startsWith("HTTP/1.1 502 ");
            assertThat(sides.legacy().heads()).isEmpty();
            assertThat(modern.heads()).hasSize(1);
        }
    }

    @Test
    void a_fenced_read_does_not() throws IOException {
        try (RawUpstream modern = RawUpstream.running(connection -> {
                    if (connection.readHead().startsWith("POST")) {
                        connection.readBytes(1);
                        connection.write("HTTP/1.1 201 Created\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                    }
                });
                TwoSides sides = new TwoSides(modern.port(), "", "")) {
            String created = sides.exchange("POST", "x");
            var fence = Pattern.compile("Set-Cookie: (banyan[^=]*=[^;]+)").matcher(created);
            assertThat(fence.find()).as(created).isTrue();

            String answer = sides.get("Cookie: " + fence.group(1));

            assertThat(answer).startsWith("HTTP/1.1 502 ").contains("X-Banyan-Reason: fenced\r\n");
            assertThat(sides.counted("banyan.not.fallen.back", "why", "fenced")).isEqualTo(1);
        }
    }

    @Test
    void a_read_with_a_body_falls_back_with_its_body() throws IOException {
        try (RawUpstream modern = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.readBytes(5);
                });
                StrictUpstream legacy = new StrictUpstream();
                TestEdge edge = TestEdge.with(Tables.of("""
                        default: rails
                        upstreams:
                          rails: { url: "http://127.0.0.1:%d" }
                          modern: { url: "http://127.0.0.1:%d" }
                        routes:
                          search: { match: GET /search, legacy: rails, modern: modern, canary: 100%%, hold-body: 1KiB }
                        """.formatted(legacy.port(), modern.port())))) {

            String answer = RawClient.exchange(
                    edge.port(),
                    "GET /search HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n\r\nquery");

            assertThat(answer).startsWith("HTTP/1.1 200 ");
            assertThat(legacy.requests()).hasSize(1);
            assertThat(legacy.requests().get(0)).endsWith("\r\n\r\nquery");
        }
    }

    @Test
    void a_body_over_hold_body_is_not_kept_so_there_is_no_fallback() throws IOException {
        try (RawUpstream modern = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.readBytes(2000);
                });
                RawUpstream legacy = RawUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                TestEdge edge = TestEdge.with(Tables.of("""
                        default: rails
                        upstreams:
                          rails: { url: "http://127.0.0.1:%d" }
                          modern: { url: "http://127.0.0.1:%d" }
                        routes:
                          search: { match: GET /search, legacy: rails, modern: modern, canary: 100%%, hold-body: 1KiB }
                        """.formatted(legacy.port(), modern.port())))) {

            String answer = RawClient.exchange(
                    edge.port(),
                    "GET /search HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2000\r\n\r\n"
                            + "q".repeat(2000));

            assertThat(answer).startsWith("HTTP/1.1 502 ");
            assertThat(legacy.heads()).isEmpty();
        }
    }

    @Test
    void early_hints_that_reached_the_client_bind_the_exchange_to_modern() throws IOException {
        try (RawUpstream modern = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 103 Early Hints\r\nLink: </m.css>; rel=preload\r\n\r\n");
                });
                TwoSides sides = new TwoSides(modern.port(), "", "")) {

            assertThat(sides.get()).startsWith("HTTP/1.1 103 ").contains("HTTP/1.1 502 ");
            assertThat(sides.legacy().heads()).isEmpty();
        }
    }

    @Test
    void the_default_has_nothing_to_fall_back_to() throws IOException {
        try (TestEdge edge = TestEdge.forwardingTo(RawUpstream.portNobodyListensOn())) {

            assertThat(RawClient.exchange(edge.port(), "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 502 ")
                    .contains("refused the connection");
            assertThat(edge.registry().find("banyan.not.fallen.back").counter()).isNull();
        }
    }
}
