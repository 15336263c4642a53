package dev.banyan.traffic.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.dataplane.DataPlane;
import dev.banyan.dataplane.wire.ClientTimeouts;
import dev.banyan.testing.Await;
import dev.banyan.testing.Gauges;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.Step;
import dev.banyan.testing.StrictUpstream;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import dev.banyan.testing.TwoSides;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Modern's answer, of which legacy's takes the place: nothing of it reaches the client, and it harms nobody's connection. */
class DroppedAnswerTest {
    private static final String GET = "GET /things HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final int HUGE = 32 << 20;

    private static void answersAsLegacy(RawClient client) throws IOException {
        assertThat(client.readHead()).startsWith("HTTP/1.1 200 OK\r\n").contains("X-From: legacy\r\n");
        assertThat(client.read(6)).isEqualTo("legacy");
    }

    @Test
    void neither_cookies_nor_fields_nor_trailers_of_it_leak() throws IOException {
        try (RawUpstream modern = RawUpstream.answering("HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\n"
                        + "Set-Cookie: session=modern\r\nX-Modern: 1\r\nRetry-After: 99\r\nTrailer: X-Sum\r\n\r\n"
                        + "4\r\nbusy\r\n0\r\nX-Sum: modern\r\n\r\n");
                TwoSides sides = new TwoSides(modern.port(), "", "")) {
            for (int i = 0; i < 3; i++) {

                String answer = sides.get("TE: trailers");

                assertThat(answer)
                        .startsWith("HTTP/1.1 200 OK\r\n")
                        .endsWith("\r\n\r\nlegacy")
                        .doesNotContain("session=", "X-Modern", "Retry-After", "X-Sum", "busy", "chunked");
            }
            assertThat(modern.connections()).as("one a loop").isBetween(1, 2);
        }
    }

    @Test
    void to_head_there_is_none_and_the_connection_stays_in_step() throws IOException {
        try (RawUpstream modern = RawUpstream.answering("HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\n");
                RawUpstream legacy = RawUpstream.running(connection -> {
                    for (String head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
                        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\nX-From: legacy\r\n\r\n"
                                + (head.startsWith("HEAD ") ? "" : "legacy"));
                    }
                });
                TestEdge edge = TestEdge.with(Tables.of("""
                        default: rails
                        upstreams:
                          rails: { url: "http://127.0.0.1:%d" }
                          modern: { url: "http://127.0.0.1:%d" }
                        routes:
                          things:
                            match: [ GET /things, HEAD /things ]
                            legacy: rails
                            modern: modern
                            canary: 100%%
                        """.formatted(legacy.port(), modern.port())));
                RawClient client = new RawClient(edge.port())) {
            for (int i = 0; i < 3; i++) {
                client.send("HEAD /things HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(client.readHead())
                        .startsWith("HTTP/1.1 200 OK\r\n")
                        .contains("Content-Length: 6\r\n", "X-From: legacy\r\n");
            }

            assertThat(modern.connections()).isEqualTo(1);
            assertThat(legacy.connections()).isEqualTo(1);
            assertThat(modern.heads()).hasSize(3).allMatch(head -> head.startsWith("HEAD "));
        }
    }

    /** Legacy answers only once modern's connection is closed, and is given less time than a short answer would be waited for. */
    @Test
    void one_of_many_megabytes_is_not_waited_for_at_all() throws IOException {
        try (Step closed = new Step();
                RawUpstream modern = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 502 Bad Gateway\r\nContent-Length: " + HUGE + "\r\n\r\n");
                    connection.read();
                    closed.next();
                });
                RawUpstream legacy = RawUpstream.running(connection -> {
                    while (!connection.readHead().isEmpty()) {
                        closed.await();
                        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\nX-From: legacy\r\n\r\nlegacy");
                    }
                });
                TestEdge edge = TestEdge.with(Tables.of("""
                        default: rails
                        upstreams:
                          rails: { url: "http://127.0.0.1:%d", timeouts: { response: 4s } }
                          modern: { url: "http://127.0.0.1:%d" }
                        routes:
                          things: { match: GET /things, legacy: rails, modern: modern, canary: 100%% }
                        """.formatted(legacy.port(), modern.port())));
                RawClient client = new RawClient(edge.port())) {
            for (int i = 0; i < 3; i++) {
                client.send(GET);
                answersAsLegacy(client);
            }

            assertThat(modern.connections()).isEqualTo(3);
        }
    }

    @Test
    void one_that_does_not_say_how_long_it_is_is_read_to_a_bound() throws IOException {
        byte[] chunk = ("10000\r\n" + "x".repeat(65536) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        try (Step stuck = new Step();
                RawUpstream modern = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 502 Bad Gateway\r\nTransfer-Encoding: chunked\r\n\r\n");
                    try {
                        for (int i = 0; i < HUGE / chunk.length; i++) {
                            connection.write(chunk);
                        }
                    } catch (IOException closed) {
                        stuck.next();
                    }
                });
                TwoSides sides = new TwoSides(modern.port(), "", "");
                RawClient client = new RawClient(sides.edge().port())) {
            client.send(GET);

            answersAsLegacy(client);

            stuck.await();
            Await.until(() -> Gauges.active(sides.edge()) == 0);
        }
    }

    @Test
    void one_that_comes_slowly_is_not_waited_for_and_its_connection_not_used_meanwhile() throws IOException {
        try (Step goOn = new Step();
                RawUpstream modern = RawUpstream.running(connection -> {
                    while (!connection.readHead().isEmpty()) {
                        connection.write("HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nb");
                        goOn.await();
                        connection.write("usy");
                    }
                });
                TwoSides sides = new TwoSides(modern.port(), "", "");
                RawClient client = new RawClient(sides.edge().port())) {
            client.send(GET);
            answersAsLegacy(client);
            client.send(GET);
            answersAsLegacy(client);
            assertThat(modern.connections()).isEqualTo(2);

            goOn.next();
            goOn.next();

            // Both rest now, and go on being used.
            Await.until(() -> Gauges.active(sides.edge()) == 0);
            client.send(GET);
            answersAsLegacy(client);
            assertThat(modern.connections()).isEqualTo(2);
        }
    }

    @Test
    void one_that_never_ends_is_given_up_soon() throws IOException {
        try (RawUpstream modern = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nb");
                    connection.read();
                });
                TwoSides sides = new TwoSides(modern.port(), "", "timeouts: { idle: 10m }");
                RawClient client = new RawClient(sides.edge().port())) {
            client.send(GET);

            answersAsLegacy(client);

            Await.untilWithin(Duration.ofSeconds(30), () -> Gauges.active(sides.edge()) == 0);
        }
    }

    /** What waits for the second answer's end outlasts whatever waited for the first's. */
    @Test
    void one_that_has_ended_is_not_given_up_with_the_next_request_on_its_connection() throws IOException {
        try (Step goOn = new Step();
                RawUpstream modern = RawUpstream.running(connection -> {
                    for (String head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
                        if (head.contains("?held")) {
                            goOn.await();
                            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nheld");
                        } else {
                            connection.write("HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nb"
                                    + (head.contains("?whole") ? "usy" : ""));
                        }
                    }
                });
                RawUpstream legacy =
                        RawUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 6\r\nX-From: legacy\r\n\r\nlegacy");
                TestEdge edge = TestEdge.with(
                        Tables.of("""
                        default: rails
                        upstreams:
                          rails: { url: "http://127.0.0.1:%d" }
                          modern: { url: "http://127.0.0.1:%d", timeouts: { response: 1m } }
                        routes:
                          things: { match: GET /things, legacy: rails, modern: modern, canary: 100%% }
                        """.formatted(legacy.port(), modern.port())),
                        new DataPlane.Settings(TestEdge.anyPort(), 1, true, ClientTimeouts.DEFAULT, Optional.empty()));
                RawClient client = new RawClient(edge.port());
                RawClient waiting = new RawClient(edge.port())) {
            client.send(GET.replace("/things", "/things?whole"));
            answersAsLegacy(client);
            Await.until(() -> Gauges.active(edge) == 0);
            waiting.send(GET.replace("/things", "/things?held"));
            Await.until(() -> modern.heads().size() == 2);
            assertThat(modern.connections()).isEqualTo(1);

            client.send(GET.replace("/things", "/things?begun"));
            answersAsLegacy(client);
            Await.untilWithin(Duration.ofSeconds(30), () -> Gauges.active(edge) == 1);
            goOn.next();

            assertThat(waiting.readHead()).startsWith("HTTP/1.1 200 ");
            assertThat(waiting.read(4)).isEqualTo("held");
            assertThat(modern.heads()).hasSize(3);
        }
    }

    @Test
    void a_body_that_was_still_on_its_way_to_modern_goes_to_legacy_as_a_whole() throws IOException {
        try (RawUpstream modern = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.readBytes(3);
                    connection.write("HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy");
                    connection.read();
                });
                StrictUpstream legacy = new StrictUpstream();
                TestEdge edge = TestEdge.with(Tables.of("""
                        default: rails
                        upstreams:
                          rails: { url: "http://127.0.0.1:%d" }
                          modern: { url: "http://127.0.0.1:%d" }
                        routes:
                          search: { match: GET /search, legacy: rails, modern: modern, canary: 100%% }
                        """.formatted(legacy.port(), modern.port())));
                RawClient client = new RawClient(edge.port())) {
            client.send("GET /search HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n012");
            Await.until(() -> edge.registry().find("banyan.fallbacks").counter() != null);
            client.send("3456789");

            assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
            assertThat(legacy.requests()).singleElement().asString().endsWith("\r\n\r\n0123456789");
        }
    }
}
