package dev.banyan.traffic.websockets;

import static dev.banyan.testing.Handshake.ASKED;
import static dev.banyan.testing.Handshake.GRANTED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.routing.Upstream;
import dev.banyan.routing.Upstream.Protocol;
import dev.banyan.testing.Handshake;
import dev.banyan.testing.MessageEnd;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.Step;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests may leave HTTP, and which answers make them (RFC 6455, 4; RFC 9110, 7.8). */
class WebSocketUpgradeTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String GET = "GET /next HTTP/1.1\r\nHost: shop.test\r\n\r\n";

    @Test
    void the_upstream_is_asked_for_a_websocket_and_nothing_else() throws IOException {
        try (RawUpstream rails = RawUpstream.answering(GRANTED);
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            client.send(ASKED.replace("Upgrade: websocket", "upgrade: WebSocket"));

            assertThat(client.readHead())
                    .startsWith("HTTP/1.1 101 Switching Protocols\r\n")
                    .contains("\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n")
                    .contains("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")
                    .contains("\r\nSec-WebSocket-Protocol: actioncable-v1-json\r\n")
                    .doesNotContain("Content-Length", "Transfer-Encoding");
            assertThat(rails.heads().get(0))
                    .startsWith("GET /cable HTTP/1.1\r\n")
                    .contains("\r\nHost: shop.test\r\n")
                    .contains("\r\nOrigin: http://shop.test\r\n")
                    .contains("\r\nSec-WebSocket-Protocol: actioncable-v1-json, actioncable-unsupported\r\n")
                    .containsOnlyOnce("Connection: Upgrade\r\nUpgrade: websocket\r\n")
                    .doesNotContain("keep-alive", "upgrade: WebSocket");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Upgrade: h2c",
                "Upgrade: websocket, h2c",
                "Upgrade: h2c, websocket",
                "Upgrade: websocket\r\nUpgrade: h2c",
                "Upgrade: TLS/1.2",
                "Upgrade: websocket/13",
                "X: y"
            })
    void an_upgrade_to_anything_else_is_not_asked_for(String upgrade) throws IOException {
        assertNotAskedFor(ASKED.replace("Upgrade: websocket", upgrade));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /cable HTTP/1.1\r\nContent-Length: 0\r\n",
                "HEAD /cable HTTP/1.1\r\n",
                "GET /cable HTTP/1.1\r\nContent-Length: 2\r\n",
                "GET /cable HTTP/1.1\r\nTransfer-Encoding: chunked\r\n",
            })
    void only_a_get_without_a_body_asks(String start) throws IOException {
        String body = start.contains("chunked") ? "2\r\nok\r\n0\r\n\r\n" : start.contains(": 2") ? "ok" : "";

        assertNotAskedFor(ASKED.replace("GET /cable HTTP/1.1\r\n", start) + body);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection: keep-alive, Upgrade|Connection: keep-alive",
                "Connection: keep-alive, Upgrade\r\n|",
                "HTTP/1.1|HTTP/1.0",
                "Sec-WebSocket-Version: 13|Sec-WebSocket-Version: 8",
                "Sec-WebSocket-Version: 13\r\n|",
                "Sec-WebSocket-Version: 13|Sec-WebSocket-Version: 13\r\nSec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: |X-Key: ",
                "Sec-WebSocket-Key: dGhl|Sec-WebSocket-Key: ",
                "Sec-WebSocket-Key: d|Sec-WebSocket-Key: *",
                "Sec-WebSocket-Key: |Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Key: "
            })
    void what_lacks_a_part_of_the_handshake_does_not_ask(String change) throws IOException {
        String[] fromTo = change.split("\\|", 2);

        assertNotAskedFor(ASKED.replace(fromTo[0], fromTo[1]));
    }

    private static void assertNotAskedFor(String request) throws IOException {
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    String head = connection.readHead();
                    if (!head.isEmpty()) {
                        connection.write(GRANTED);
                        connection.input().readAllBytes();
                    }
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            client.send(request);

            assertThat(client.readHead()).startsWith("HTTP/1.1 502 Bad Gateway\r\n");
            assertThat(rails.heads().get(0)).doesNotContainIgnoringCase("\r\nupgrade:", "\r\nconnection:");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Upgrade: websocket|Upgrade: h2c",
                "Upgrade: websocket\r\n|",
                "Connection: Upgrade\r\n|",
                "Sec-WebSocket-Accept: s3p|Sec-WebSocket-Accept: S3P",
                "Sec-WebSocket-Accept: |X-Accept: ",
                "Upgrade: websocket|Upgrade: websocket\r\nContent-Length: 5"
            })
    void a_101_that_does_not_grant_what_was_asked_gives_502(String change) throws IOException {
        String[] fromTo = change.split("\\|", 2);
        try (RawUpstream rails = RawUpstream.answering(GRANTED.replace(fromTo[0], fromTo[1]));
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            client.send(ASKED);

            assertThat(client.readHead()).startsWith("HTTP/1.1 502 Bad Gateway\r\n");
        }
    }

    /** RFC 9110, 8.6 forbids the field, but says nothing of a body with it: some servers send it. */
    @Test
    void a_101_whose_content_length_is_0_passes_without_it() throws IOException {
        try (RawUpstream rails = RawUpstream.answering(
                        GRANTED.replace("Upgrade: websocket", "Upgrade: websocket\r\nContent-Length: 0"));
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            client.send(ASKED);

            assertThat(client.readHead()).startsWith("HTTP/1.1 101 ").doesNotContain("Content-Length");
        }
    }

    @Test
    void a_101_after_the_time_for_it_reaches_nobody() throws Exception {
        CompletableFuture<Integer> after = new CompletableFuture<>();
        try (Step late = new Step();
                RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    late.await();
                    connection.write(GRANTED + "\u0081\u0002hi");
                    after.complete(connection.read());
                });
                TestEdge edge = TestEdge.with(Tables.of("""
                        default: rails
                        upstreams:
                          rails: { url: "http://127.0.0.1:%d", timeouts: { response: 300ms } }
                        """.formatted(rails.port())));
                RawClient client = new RawClient(edge.port())) {

            client.send(ASKED);
            assertThat(client.readHead()).startsWith("HTTP/1.1 504 Gateway Timeout\r\n");
            late.next();

            assertThat(after.get(30, TimeUnit.SECONDS)).as("closed").isEqualTo(-1);
            client.shutdownOutput();
            assertThat(client.readToEnd()).doesNotContain("hi");
        }
    }

    @Test
    void hints_may_come_before_the_101_and_a_second_101_is_a_part_of_the_tunnel() throws IOException {
        try (RawUpstream rails = RawUpstream.answering("HTTP/1.1 103 Early Hints\r\n\r\n" + GRANTED + GRANTED);
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            client.send(ASKED);

            assertThat(client.readHead()).startsWith("HTTP/1.1 103 ");
            assertThat(client.readHead()).startsWith("HTTP/1.1 101 ").contains("X-Banyan-Side");
            assertThat(client.readHead()).isEqualTo(GRANTED);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "403 Forbidden",
                "404 Not Found",
                "426 Upgrade Required\r\nSec-WebSocket-Version: 13",
                "500 Oh",
                "200 OK"
            })
    void any_other_answer_passes_and_both_connections_stay_http(String status) throws IOException {
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 " + status + "\r\nContent-Length: 2\r\n\r\nno");
                    while (!connection.readHead().isEmpty()) {
                        connection.write(OK);
                    }
                });
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            client.send(ASKED);
            assertThat(client.readHead()).startsWith("HTTP/1.1 " + status).doesNotContain("Connection:");
            assertThat(client.read(2)).isEqualTo("no");
            client.send(GET);
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 OK\r\n");
            assertThat(client.read(2)).isEqualTo("ok");

            assertThat(rails.connections()).isEqualTo(1);
        }
    }

    @Test
    void an_upstream_of_http_2_is_asked_for_no_upgrade() throws Exception {
        CompletableFuture<List<String>> asked = new CompletableFuture<>();
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    MessageEnd server = MessageEnd.server(Protocol.H2C, connection);
                    asked.complete(server.nextHead());
                    server.answer(426, "sec-websocket-version", "13");
                    server.end();
                    connection.input().readAllBytes();
                });
                TestEdge edge = toHttp2(rails);
                RawClient client = new RawClient(edge.port())) {

            client.send(ASKED);

            assertThat(client.readHead()).startsWith("HTTP/1.1 426 ");
            assertThat(asked.get(30, TimeUnit.SECONDS))
                    .startsWith("GET /cable")
                    .noneMatch(field -> field.startsWith("upgrade") || field.startsWith("connection"));
        }
    }

    /** There is no 101 in HTTP/2 (RFC 9113, 8.6). */
    @Test
    void a_101_of_an_upstream_of_http_2_gives_502() throws Exception {
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    MessageEnd server = MessageEnd.server(Protocol.H2C, connection);
                    server.nextHead();
                    server.answer(101, "sec-websocket-accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
                    connection.input().readAllBytes();
                });
                TestEdge edge = toHttp2(rails);
                RawClient client = new RawClient(edge.port())) {

            client.send(ASKED);

            assertThat(client.readHead()).startsWith("HTTP/1.1 502 ");
        }
    }

    private static TestEdge toHttp2(RawUpstream rails) throws IOException {
        return TestEdge.with(
                Tables.onlyDefault(rails.port(), Protocol.H2C, Upstream.Tls.SYSTEM, Upstream.Timeouts.DEFAULT));
    }

    @Test
    void what_was_sent_into_a_websocket_that_is_refused_is_no_request() throws IOException {
        try (RawUpstream rails = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.awaitRead(); // never: nothing reaches an upstream before its 101
                });
                TestEdge edge = TestEdge.with(Tables.of("""
                        default: rails
                        upstreams:
                          rails: { url: "http://127.0.0.1:%d", timeouts: { response: 300ms } }
                        """.formatted(rails.port())));
                RawClient client = new RawClient(edge.port())) {

            client.send(ASKED + "GET /smuggled HTTP/1.1\r\nHost: shop.test\r\n\r\n");

            assertThat(client.readHead())
                    .startsWith("HTTP/1.1 504 Gateway Timeout\r\n")
                    .contains("\r\nConnection: close\r\n");
            client.readToEnd();
            assertThat(rails.heads()).hasSize(1);
        }
    }

    @Test
    void legacy_grants_what_modern_could_not() throws IOException {
        try (RawUpstream rails = Handshake.echo();
                TestEdge edge =
                        TestEdge.with(Tables.of("""
                        default: rails
                        upstreams:
                          rails: { url: "http://127.0.0.1:%d" }
                          modern: { url: "http://127.0.0.1:%d" }
                        routes:
                          cable: { match: [ GET /cable ], legacy: rails, modern: modern, canary: 100%% }
                        """.formatted(rails.port(), RawUpstream.portNobodyListensOn())));
                RawClient client = new RawClient(edge.port())) {

            client.send(ASKED);

            assertThat(client.readHead())
                    .startsWith("HTTP/1.1 101 Switching Protocols\r\n")
                    .contains("\r\nX-Banyan-Side: legacy\r\n");
            client.send("ping");
            assertThat(client.read(4)).isEqualTo("ping");
        }
    }

    @Test
    void the_101_brings_the_sticky_cookie() throws IOException {
        try (RawUpstream modern = Handshake.echo();
                TestEdge edge = TestEdge.with(Tables.of("""
                        default: rails
                        upstreams:
                          rails: { url: "http://127.0.0.1:%d" }
                          modern: { url: "http://127.0.0.1:%d" }
                        routes:
                          cable: { match: [ GET /cable ], legacy: rails, modern: modern, canary: 99.99%%, stick-by: [ cookie ] }
                        """.formatted(modern.port(), modern.port())));
                RawClient client = new RawClient(edge.port())) {

            client.send(ASKED);

            assertThat(client.readHead()).startsWith("HTTP/1.1 101 ").contains("\r\nSet-Cookie: banyan=");
        }
    }
}
