package dev.banyan.traffic.targets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.dataplane.listener.ListenerSettings;
import dev.banyan.net.Networks;
import dev.banyan.routing.RoutingTable;
import dev.banyan.routing.Upstream.Protocol;
import dev.banyan.testing.FramePeer;
import dev.banyan.testing.Handshake;
import dev.banyan.testing.MessageEnd;
import dev.banyan.testing.RawClient;
import dev.banyan.testing.RawUpstream;
import dev.banyan.testing.Tables;
import dev.banyan.testing.TestEdge;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes over 0x7F in a target: browsers, nginx and puma take them, and so do we, as their percent-encoding. */
class HighBytesTest {
    private static final String CAFE = bytes("caf\u00e9");

    /** A byte of each kind: none of these is UTF-8 by itself. */
    private static final String NO_UTF_8 = "\u0080\u00bf\u00e9\u00ff";

    private static final String TABLE = """
            default: rails
            upstreams:
              rails: { url: http://127.0.0.1:%d, protocol: %s }
              modern: { url: http://127.0.0.1:%d, protocol: %s }
            routes:
              cafe:
                match: GET /caf%%C3%%A9/{name}
                modern: modern
                rewrite: /v2/{name}
              tea:
                match: GET /th%%C3%%A9
                legacy: rails
              query:
                match: { methods: [ GET ], path: /q, query: { a: "\u00e9" } }
                modern: modern
            """;

    @ParameterizedTest(name = "{0} to {1}")
    @CsvSource({"HTTP1,HTTP1", "HTTP1,H2C", "H2C,HTTP1", "H2C,H2C"})
    @Retention(RetentionPolicy.RUNTIME)
    private @interface EveryPair {}

    /** As they go over the wire, one char for each byte. */
    private static String bytes(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** Answers each request with the line that it got. */
    private static RawUpstream telling(Protocol protocol, String name) throws IOException {
        return RawUpstream.running(connection -> {
            if (protocol == Protocol.HTTP1) {
                tellByHttp1(connection, name);
            } else {
                tellByHttp2(FramePeer.accepted(connection.socket()), name);
            }
        });
    }

    private static void tellByHttp1(RawUpstream.Connection connection, String name) throws IOException {
        for (String head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
            String line = head.substring(0, head.indexOf(" HTTP/"));
            connection.write("HTTP/1.1 200 OK\r\nX-Told: " + name + " " + line + "\r\nContent-Length: 0\r\n\r\n");
        }
    }

    private static void tellByHttp2(FramePeer server, String name) throws IOException {
        while (true) {
            FramePeer.Frame head = server.next(FramePeer.HEADERS);
            String path = value(":path: ", server.fields(head));
            server.headers(head.stream(), true, ":status", "200", "x-told", name + " GET " + path);
        }
    }

    private static RoutingTable table(RawUpstream rails, RawUpstream modern, String protocol) {
        return Tables.of(TABLE.formatted(rails.port(), protocol, modern.port(), protocol));
    }

    @EveryPair
    void they_are_matched_and_sent_as_their_escapes(Protocol ofClient, Protocol ofUpstream) throws IOException {
        try (RawUpstream rails = telling(ofUpstream, "rails");
                RawUpstream modern = telling(ofUpstream, "modern");
                TestEdge edge =
                        TestEdge.with(table(rails, modern, ofUpstream.name().toLowerCase(Locale.ROOT)))) {

            assertThat(told(edge, ofClient, "/" + CAFE + "/" + CAFE + "?q=" + CAFE + "%zz"))
                    .as("modern, with a rewrite")
                    .isEqualTo("modern GET /v2/caf%C3%A9?q=caf%C3%A9%zz");
            assertThat(told(edge, ofClient, "/" + bytes("th\u00e9") + "/?" + NO_UTF_8))
                    .as("legacy")
                    .isEqualTo("rails GET /th%C3%A9/?%80%BF%E9%FF");
            assertThat(told(edge, ofClient, "//" + NO_UTF_8 + "//x?" + CAFE))
                    .as("the default, as it came")
                    .isEqualTo("rails GET //%80%BF%E9%FF//x?caf%C3%A9");
            assertThat(told(edge, ofClient, "/x/../" + bytes("th\u00e9"))).isEqualTo("rails GET /th%C3%A9");
            assertThat(told(edge, ofClient, "/q?a=" + bytes("\u00e9")))
                    .as("a condition on the query")
                    .isEqualTo("modern GET /q?a=%C3%A9");
        }
    }

    private static String told(TestEdge edge, Protocol protocol, String target) throws IOException {
        try (MessageEnd client = MessageEnd.client(protocol, edge.port())) {
            client.ask("GET", target);
            return value("x-told: ", client.nextHead());
        }
    }

    private static String value(String nameAndColon, List<String> fields) {
        return fields.stream()
                .filter(field -> field.startsWith(nameAndColon))
                .map(field -> field.substring(nameAndColon.length()))
                .findFirst()
                .orElse("");
    }

    @Test
    void where_a_route_wants_utf_8_anything_else_is_refused() throws IOException {
        try (RawUpstream rails = telling(Protocol.HTTP1, "rails");
                TestEdge edge = TestEdge.with(table(rails, rails, "http1"))) {

            assertThat(RawClient.exchange(
                            edge.port(), "GET /" + CAFE + "/\u00e9 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 400 ")
                    .contains("bad-path");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET http://a/%s?%s HTTP/1.1", "GET http://a?%s%s HTTP/1.1", "GET /%s?%s HTTP/1.0"})
    void the_fields_behind_the_target_stay_what_they_are(String line) throws IOException {
        try (RawUpstream rails = RawUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                TestEdge edge = TestEdge.forwardingTo(rails.port())) {
            String cafes = CAFE.repeat(300);

            String answer = RawClient.exchange(
                    edge.port(),
                    line.formatted(cafes, cafes) + "\r\nHost: a\r\nX-A: " + CAFE
                            + "\r\nConnection: close, x-b\r\nX-B: no\r\nX-C: 1\r\n\r\n");

            assertThat(answer).startsWith("HTTP/1.1 200 ");
            assertThat(rails.heads()).hasSize(1);
            assertThat(rails.heads().get(0))
                    .contains("caf%C3%A9".repeat(300), "\r\nHost: a\r\nX-A: " + CAFE + "\r\nX-C: 1\r\n")
                    .doesNotContain("X-B")
                    .matches("(?s)GET /[^\u0080-\u00ff]* HTTP/1\\.1\r\n.*");
        }
    }

    @Test
    void what_follows_on_the_connection_is_read_from_where_it_begins() throws IOException {
        try (RawUpstream rails = RawUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                TestEdge edge = TestEdge.forwardingTo(rails.port())) {

            RawClient.exchange(
                    edge.port(),
                    ("GET /" + CAFE + " HTTP/1.1\r\nHost: a\r\n\r\n").repeat(3)
                            + "GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

            assertThat(rails.heads())
                    .extracting(head -> head.substring(0, head.indexOf('\r')))
                    .containsExactly(
                            "GET /caf%C3%A9 HTTP/1.1",
                            "GET /caf%C3%A9 HTTP/1.1", "GET /caf%C3%A9 HTTP/1.1", "GET /last HTTP/1.1");
        }
    }

    @Test
    void a_websocket_may_have_them_too() throws IOException {
        try (RawUpstream rails = RawUpstream.answering(Handshake.GRANTED);
                TestEdge edge = TestEdge.forwardingTo(rails.port());
                RawClient client = new RawClient(edge.port())) {

            client.send(Handshake.ASKED.replace("/cable", "/x/../" + CAFE));

            assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
            assertThat(rails.heads().get(0)).startsWith("GET /caf%C3%A9 HTTP/1.1\r\n");
        }
    }

    @Test
    void the_access_log_has_the_escapes() throws IOException {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        try (RawUpstream rails = RawUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                TestEdge edge = TestEdge.logging(
                        Tables.onlyDefault(rails.port()),
                        new ListenerSettings(TestEdge.anyPort(), Networks.NONE, false),
                        Channels.newChannel(log))) {
            RawClient.exchange(
                    edge.port(), "GET /" + CAFE + "/\u00ff HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        }

        assertThat(log.toString(StandardCharsets.UTF_8)).contains("\"path\":\"/caf%C3%A9/%FF\"");
    }
}
