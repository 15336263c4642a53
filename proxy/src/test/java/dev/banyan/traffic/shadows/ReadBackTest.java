package dev.banyan.traffic.shadows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.controlplane.parity.ParityVerdict;
import dev.banyan.controlplane.parity.RouteParity;
import dev.banyan.controlplane.parity.Standing;
import dev.banyan.controlplane.parity.compare.Difference;
import dev.banyan.testing.ComparedEdge;
import dev.banyan.testing.RawUpstream;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What was written is looked for at both sides: a write that modern lost is named before anybody reads from modern. */
class ReadBackTest {
    private static final String DONE = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    private static final String READS_BACK = """
            match: [ "GET /orders/{id}", "PUT /orders/{id}", "DELETE /orders/{id}", "POST /orders" ]
            writes: legacy
            stick-by: [ header:X-User-Id ]
            shadow: { share: 1%, noise: off, readback: { path: "/orders/{id}", settle: 10ms } }
            """;

    @Test
    void a_write_that_modern_never_shows_is_lost_after_three_looks() throws Exception {
        try (RawUpstream legacy = RawUpstream.answering(head -> head.startsWith("PUT") ? DONE : text("200 OK", "new"));
                RawUpstream modern = RawUpstream.answering(text("200 OK", "old"));
                ComparedEdge edge = ComparedEdge.before(legacy.port(), modern.port(), READS_BACK)) {
            edge.send("PUT", "/orders/7?draft=1", "X-User-Id: 1", "Content-Length: 0");
            RouteParity parity = edge.parity(known -> known.compared() == 1);

            assertThat(parity.different()).isEqualTo(1);
            assertThat(parity.verdict()).isEqualTo(ParityVerdict.DIFFERENT);
            assertThat(parity.causes()).singleElement().satisfies(cause -> {
                assertThat(cause.match()).isEqualTo("GET /orders/{id}");
                assertThat(cause.standing()).isEqualTo(Standing.DIFFERENT);
                assertThat(cause.fields().get(0).kind()).isEqualTo(Difference.Kind.LOST);
            });
            assertThat(modern.heads())
                    .hasSize(3)
                    .allSatisfy(head -> assertThat(head)
                            .startsWith("GET /orders/7 HTTP/1.1\r\n")
                            .contains("\r\nX-Banyan-Shadow: 1\r\n", "\r\nX-User-Id: 1\r\n")
                            .doesNotContain("Content-Length"));
            assertThat(written(legacy, "PUT")).hasSize(1);
        }
    }

    @Test
    void one_that_modern_shows_a_little_later_is_late() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        try (RawUpstream legacy = RawUpstream.answering(head -> head.startsWith("PUT") ? DONE : text("200 OK", "new"));
                RawUpstream modern =
                        RawUpstream.answering(head -> text("200 OK", looks.incrementAndGet() < 3 ? "old" : "new"));
                ComparedEdge edge = ComparedEdge.before(legacy.port(), modern.port(), READS_BACK)) {
            edge.send("PUT", "/orders/7", "X-User-Id: 1", "Content-Length: 0");
            RouteParity parity = edge.parity(known -> known.compared() == 1);

            assertThat(parity.late()).isEqualTo(1);
            assertThat(parity.different()).isZero();
        }
    }

    @Test
    void what_a_delete_took_away_is_gone_from_both_however_each_says_it() throws Exception {
        try (RawUpstream legacy =
                        RawUpstream.answering(head -> head.startsWith("DELETE") ? DONE : text("404 Not Found", "no"));
                RawUpstream modern = RawUpstream.answering(text("410 Gone", "gone"));
                ComparedEdge edge = ComparedEdge.before(legacy.port(), modern.port(), READS_BACK)) {
            edge.send("DELETE", "/orders/7", "X-User-Id: 1");

            assertThat(edge.parity(known -> known.compared() == 1).matched()).isEqualTo(1);
        }
    }

    @Test
    void what_was_created_is_looked_for_where_the_answer_says_and_with_the_cookies_as_it_renewed_them()
            throws Exception {
        String created = "HTTP/1.1 201 Created\r\nContent-Length: 0\r\nLocation: http://shop.test/orders/8\r\n"
                + "Set-Cookie: _session=2; path=/; HttpOnly\r\nSet-Cookie: flash=; max-age=0\r\n\r\n";
        try (RawUpstream legacy =
                        RawUpstream.answering(head -> head.startsWith("POST") ? created : text("200 OK", "it"));
                RawUpstream modern = RawUpstream.answering(text("200 OK", "it"));
                ComparedEdge edge = ComparedEdge.before(legacy.port(), modern.port(), READS_BACK)) {
            edge.send("POST", "/orders", "X-User-Id: 1", "Cookie: _session=1; flash=x; theme=dark");

            assertThat(edge.parity(known -> known.compared() == 1).matched()).isEqualTo(1);
            assertThat(modern.heads().get(0))
                    .startsWith("GET /orders/8 HTTP/1.1\r\n")
                    .contains("\r\nCookie: _session=2; theme=dark\r\n");
        }
    }

    @Test
    void a_location_on_another_host_is_not_followed() throws Exception {
        String created = "HTTP/1.1 201 Created\r\nContent-Length: 0\r\nLocation: http://other.test/orders/8\r\n\r\n";
        try (RawUpstream legacy = RawUpstream.answering(created);
                RawUpstream modern = RawUpstream.answering(text("200 OK", "it"));
                ComparedEdge edge = ComparedEdge.before(legacy.port(), modern.port(), READS_BACK)) {
            edge.send("POST", "/orders", "X-User-Id: 1");
            edge.awaitUnmade("no-resource");

            assertThat(modern.heads()).isEmpty();
        }
    }

    @Test
    void a_write_of_unknown_outcome_is_looked_for_and_one_that_was_refused_is_not() throws Exception {
        try (RawUpstream legacy = RawUpstream.answering(head -> head.startsWith("PUT /orders/1 ")
                        ? "HTTP/1.1 422 No\r\nContent-Length: 0\r\n\r\n"
                        : head.startsWith("PUT")
                                ? "HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n"
                                : text("200 OK", "it"));
                RawUpstream modern = RawUpstream.answering(text("200 OK", "it"));
                ComparedEdge edge = ComparedEdge.before(legacy.port(), modern.port(), READS_BACK)) {
            edge.send("PUT", "/orders/1", "X-User-Id: 1", "Content-Length: 0");
            edge.send("PUT", "/orders/2", "X-User-Id: 1", "Content-Length: 0");
            edge.parity(known -> known.compared() == 1);

            assertThat(modern.heads()).singleElement().asString().startsWith("GET /orders/2 ");
        }
    }

    @Test
    void what_was_written_again_meanwhile_is_not_compared() throws Exception {
        try (RawUpstream legacy = RawUpstream.answering(head -> head.startsWith("PUT") ? DONE : text("200 OK", "new"));
                RawUpstream modern = RawUpstream.answering(text("200 OK", "new"));
                ComparedEdge edge = ComparedEdge.before(
                        legacy.port(), modern.port(), READS_BACK.replace("settle: 10ms", "settle: 400ms"))) {
            edge.send("PUT", "/orders/7", "X-User-Id: 1", "Content-Length: 0");
            edge.send("PUT", "/orders/7", "X-User-Id: 1", "Content-Length: 0");
            RouteParity parity = edge.parity(
                    known -> known.compared() == 1 && known.notCompared().containsKey("written-again"));

            assertThat(parity.matched()).isEqualTo(1);
        }
    }

    @Test
    void a_field_that_legacy_changes_by_itself_is_not_lost() throws Exception {
        AtomicInteger clock = new AtomicInteger();
        UnaryOperator<String> ticking = head ->
                head.startsWith("PUT") ? DONE : json("{\"at\":" + clock.incrementAndGet() + ",\"name\":\"new\"}");
        try (RawUpstream legacy = RawUpstream.answering(ticking);
                RawUpstream modern = RawUpstream.answering(ticking);
                ComparedEdge edge = ComparedEdge.before(legacy.port(), modern.port(), READS_BACK)) {
            edge.send("PUT", "/orders/7", "X-User-Id: 1", "Content-Length: 0");
            RouteParity parity = edge.parity(known -> known.compared() == 1);

            assertThat(parity.undecided()).isEqualTo(1);
            assertThat(parity.verdict().word()).isEqualTo(ParityVerdict.Word.UNDECIDED);
        }
    }

    @Test
    void a_page_that_ends_a_session_is_not_read_back_however_its_path_is_spelt() throws Exception {
        String signedIn = "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /orders/../logout\r\n\r\n";
        try (RawUpstream legacy = RawUpstream.answering(signedIn);
                RawUpstream modern = RawUpstream.answering(json("{}"));
                ComparedEdge edge = ComparedEdge.before(
                        legacy.port(), modern.port(), READS_BACK.replace("\"GET /orders/{id}\"", "GET /**"))) {
            edge.send("POST", "/orders", "X-User-Id: 1");
            edge.awaitUnmade("no-resource");

            assertThat(legacy.heads()).hasSize(1);
            assertThat(modern.heads()).isEmpty();
        }
    }

    private static String json(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n"
                + body;
    }

    private static List<String> written(RawUpstream upstream, String method) {
        return upstream.heads().stream()
                .filter(head -> head.startsWith(method + " "))
                .toList();
    }

    private static String text(String status, String body) {
        return "HTTP/1.1 " + status + "\r\nContent-Type: text/plain\r\nContent-Length: " + body.length() + "\r\n\r\n"
                + body;
    }
}
